import type { Scan } from '../../../shared/security/findings/report.ts';

/** All that one report says about one scope; the target is empty where neither the report nor a person has said it. */
export type WholeScan = Scan & { target: string };

/**
 * Puts the scans of one report together that have one scope, such as runs of a tool for several languages that name no category:
 * taken one after the other, each would close what only the others see.
 * @param target what to call the target where the report does not say
 */
export function joinScans(scans: readonly Scan[], target: string | null): WholeScan[] {
  const found = new Map<string, WholeScan>();
  for (const scan of scans) {
    const whole: WholeScan = { ...scan, target: scan.target ?? target ?? '' };
    const key = JSON.stringify([whole.tool, whole.kind, whole.target, whole.part]);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, whole);
      continue;
    }
    known.rows = known.rows.concat(whole.rows);
    // As old as its oldest part, so that nothing newer is overruled.
    if (whole.scannedAt !== null) known.scannedAt = Math.min(known.scannedAt ?? whole.scannedAt, whole.scannedAt);
  }
  return [...found.values()];
}

import type { Format, Reading, Refusal } from '../../../../shared/security/findings/report.ts';
import { reportLimits } from '../prescan.ts';
import { isCycloneDx, isPartsList, readCycloneDx } from './cyclonedx.ts';
import { isGrype, readGrype } from './grype.ts';
import { isNpmAudit, readNpmAudit } from './npm-audit.ts';
import { isBandit, isOldSafety, isSafety, readBandit, readOldSafety, readSafety } from './python.ts';
import { isSarif, readSarif } from './sarif.ts';
import { isServerList, readServerList } from './server.ts';
import { isTrivy, readTrivy } from './trivy.ts';
import { isRec, Reader, type Rec } from './untrusted.ts';
import { reportFromXml } from './xml.ts';
import { isZap, readZap } from './zap.ts';

/** Told apart by what is in them, in this order; the name of a file says nothing. */
const importers: readonly { format: Format; is: (report: Rec) => boolean; read: (report: Rec, reader: Reader) => string | null }[] = [
  { format: 'sarif', is: isSarif, read: readSarif },
  { format: 'cyclonedx', is: isCycloneDx, read: readCycloneDx },
  { format: 'trivy', is: isTrivy, read: readTrivy },
  { format: 'grype', is: isGrype, read: readGrype },
  { format: 'zap', is: isZap, read: readZap },
  { format: 'bandit', is: isBandit, read: readBandit },
  { format: 'safety', is: isSafety, read: readSafety },
  { format: 'npmAudit', is: isNpmAudit, read: readNpmAudit },
  { format: 'server', is: isServerList, read: readServerList },
];

export type ReadResult = { ok: true; reading: Reading } | { ok: false; reason: Refusal; format: Format | null; unusable: Reading['unusable']; unusableCount: number; rows: number };

const refused = (reason: Refusal, format: Format | null = null): ReadResult => ({ ok: false, reason, format, unusable: [], unusableCount: 0, rows: 0 });

function parsed(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return text.trimStart().startsWith('<') ? reportFromXml(text) : JSON.parse(text) as unknown;
}

/** Reads a whole report. Runs in a worker: whatever the bytes are, this ends with an answer, not with an exception. */
export function readReport(bytes: Uint8Array): ReadResult {
  let report: unknown;
  try {
    report = parsed(bytes);
  } catch {
    return refused('unreadable');
  }
  const reader = new Reader();
  let format: Format;
  let version: string | null;
  if (isOldSafety(report)) [format, version] = ['safety', readOldSafety(report, reader)];
  else {
    const about: Rec | null = isRec(report) ? report : null;
    const importer = about === null ? undefined : importers.find(({ is }) => is(about));
    if (importer === undefined || about === null) return refused('unknownFormat');
    if (isPartsList(about)) return refused('partsListOnly', 'cyclonedx');
    [format, version] = [importer.format, importer.read(about, reader)];
  }
  const { scans, unusable, unusableCount } = reader;
  const rows = scans.reduce((sum, scan) => sum + scan.rows.length, 0);
  if (rows > reportLimits.rows) return refused('tooManyRows', format);
  // What nobody has looked at is neither clean nor mended.
  if (scans.length === 0 && unusableCount === 0) return refused('nothingLookedAt', format);
  if (unusableCount * 2 > rows + unusableCount) return { ok: false, reason: 'mostlyUnusable', format, unusable, unusableCount, rows };
  return { ok: true, reading: { format, formatVersion: version?.slice(0, 40) ?? null, scans, unusable, unusableCount } };
}

import { z } from 'zod';
import { startReplay, type AlertFacts, type PastAlert, type ReplayReport } from '../../../../shared/policy/replay.ts';
import { pastAlertSchema } from '../../../../shared/policy/records.ts';
import type { Rule } from '../../../../shared/policy/rule.ts';
import type { Reader, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';

type Row = { id: number; at: number; body: string };

/** Adds alerts of the past, in the order of time. `replace` forgets those that were there. */
export function putAlerts(writer: Writer, alerts: readonly PastAlert[], replace: boolean): void {
  if (replace) writer.run('DELETE FROM policy_alerts');
  for (const { at, ...body } of alerts) writer.run('INSERT INTO policy_alerts (at, body) VALUES (?, ?)', Math.round(at), JSON.stringify(body));
}

export function alertsInfo(reader: Reader): { count: number; from: number | null; to: number | null } {
  const row = reader.one<{ count: number; first: number | null; last: number | null }>('SELECT count(*) AS count, min(at) AS first, max(at) AS last FROM policy_alerts');
  return { count: row?.count ?? 0, from: row?.first ?? null, to: row?.last ?? null };
}

/** What the alerts of the past tell a linter. */
export function alertFacts(reader: Reader): AlertFacts {
  const kpis = reader.all<{ kpi: string | null; deltas: number }>(`SELECT body ->> '$.alert.kpiId' AS kpi, count(body ->> '$.alert.delta') AS deltas FROM policy_alerts GROUP BY kpi ORDER BY kpi`);
  const roles = reader.all<{ role: string }>(`SELECT DISTINCT one.value AS role FROM policy_alerts, json_each(body, '$.roles') AS one ORDER BY role`);
  const known = kpis.flatMap(({ kpi, deltas }) => (kpi === null ? [] : [{ kpi, deltas }]));
  return { kpis: known.map(({ kpi }) => kpi), withDelta: known.flatMap(({ kpi, deltas }) => (deltas > 0 ? [kpi] : [])), roles: roles.map(({ role }) => role) };
}

/** Alerts by their place in the order of a replay. */
export function alertsAt(reader: Reader, places: readonly number[]): PastAlert[] {
  return places.flatMap((place) => {
    const row = reader.one<Row>('SELECT id, at, body FROM policy_alerts ORDER BY id LIMIT 1 OFFSET ?', place);
    const parsed = row === undefined ? null : pastAlertSchema.safeParse({ ...(parseJson(row.body) as object), at: row.at });
    return parsed?.success === true ? [parsed.data] : [];
  });
}

/** What our own writing has put there; read back without the full check, which would be most of a replay's time. */
const storedSchema = z.custom<Omit<PastAlert, 'at'>>((value) => typeof value === 'object' && value !== null && 'alert' in value);
const pageSize = 2000;

/** Runs two rule sets over all alerts in the cache, page by page, so that other requests are served in between. */
export async function replayAlerts(reader: Reader, before: readonly Rule[], after: readonly Rule[], timeZone: string): Promise<ReplayReport> {
  const run = startReplay(before, after, timeZone);
  let last = 0;
  for (;;) {
    const rows = reader.all<Row>('SELECT id, at, body FROM policy_alerts WHERE id > ? ORDER BY id LIMIT ?', last, pageSize);
    run.step(rows.flatMap(({ at, body }) => {
      const stored = storedSchema.safeParse(parseJson(body));
      return stored.success ? [{ ...stored.data, at }] : [];
    }));
    if (rows.length < pageSize) return run.report();
    last = rows.at(-1)?.id ?? last;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}


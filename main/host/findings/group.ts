import { keysOf, movedKey, namesOf } from '../../../shared/security/findings/identity.ts';
import type { Place, Row, Statement } from '../../../shared/security/findings/report.ts';
import { severities } from '../../../shared/security/findings/severity.ts';
import type { SourceBody } from './derive.ts';

/** Places of one finding in one scan that are kept. */
const mostPlaces = 40;

/** What one scan says about one thing: rows that share a key, put together. */
export type Group = { kind: Row['kind']; keys: Set<string>; names: string[]; severity: number; statement: Row['statement']; moved: string | null; body: SourceBody };

const samePlace = (a: Place, b: Place): boolean => a.file === b.file && a.line === b.line && a.url === b.url && a.parameter === b.parameter && a.layer === b.layer && a.component?.version === b.component?.version && a.component?.name === b.component?.name;

/** What counts when places differ: the worst. */
const weights: Readonly<Record<Statement['state'], number>> = { fixed: 0, notAffected: 1, ignored: 2, affected: 3 };
const weightOf = (statement: Statement | null): number => (statement === null ? 3 : weights[statement.state]);

function add(group: Group, row: Row): void {
  const severity = severities.indexOf(row.rating.severity);
  if (severity < group.severity) [group.severity, group.body.reason] = [severity, row.rating.reason];
  if (group.body.places.length < mostPlaces && !group.body.places.some((place) => samePlace(place, row.place))) group.body.places.push(row.place);
  // One place that is affected outweighs others that are not.
  if (weightOf(row.statement) > weightOf(group.statement)) [group.statement, group.body.detail] = [row.statement, row.statement?.detail ?? ''];
  group.body.fix ??= row.fix;
  for (const id of row.ids) if (!group.body.ids.includes(id) && group.body.ids.length < 30) group.body.ids.push(id);
}

/** Equal code in one file is told apart by its order, not by its line: what is added above it moves all of it. */
function ordinals(rows: readonly Row[], tool: string): Map<Row, number> {
  const places = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.kind !== 'code') continue;
    const [key = ''] = keysOf(row, tool, 0);
    const same = places.get(key);
    if (same === undefined) places.set(key, [row]);
    else same.push(row);
  }
  const found = new Map<Row, number>();
  for (const same of places.values()) {
    if (same.length === 1) continue;
    const lines = [...new Set(same.map(({ place }) => place.line ?? 0))].toSorted((a, b) => a - b);
    for (const row of same) found.set(row, lines.indexOf(row.place.line ?? 0));
  }
  return found;
}

/** Puts the rows of one scan together, with a pause now and then. @param keysFor all keys of a vulnerability, with the other names it is known by */
export function* groupRows(rows: readonly Row[], tool: string, keysFor: (row: Row) => string[]): Generator<void, Group[]> {
  const groups: Group[] = [];
  const byKey = new Map<string, Group>();
  const order = ordinals(rows, tool);
  for (const [at, row] of rows.entries()) {
    if (at % 2000 === 1999) yield;
    const keys = row.kind === 'vulnerability' ? keysFor(row) : keysOf(row, tool, order.get(row) ?? 0);
    const known = keys.map((key) => byKey.get(key)).find((group) => group !== undefined);
    const group = known ?? {
      kind: row.kind, keys: new Set<string>(), names: namesOf(row.ids), severity: severities.indexOf(row.rating.severity), statement: row.statement, moved: movedKey(row, tool),
      body: { title: row.title, description: row.description, reason: row.rating.reason, places: [row.place], ids: [...row.ids], cwes: row.cwes, rule: row.rule, fix: row.fix, detail: row.statement?.detail ?? '' },
    };
    if (known === undefined) groups.push(group);
    else add(known, row);
    for (const key of keys) {
      group.keys.add(key);
      byKey.set(key, group);
    }
  }
  return groups;
}

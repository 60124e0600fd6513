import { keysOf, namesOf } from '../../../shared/security/findings/identity.ts';
import type { Row } from '../../../shared/security/findings/report.ts';
import type { Writer } from '../db/connection.ts';

/** Which names of vulnerabilities mean the same, as far as reports have said: GHSA-… is CVE-…. */
export class Aliases {
  readonly #groups = new Map<string, Set<string>>();
  readonly #fresh = new Map<string, string>();

  constructor(writer: Writer) {
    for (const [name, same] of writer.rows<[string, string]>('SELECT name, same_as FROM finding_aliases')) this.#join(name, same);
  }

  /** Learns from a row that names its vulnerability more than once. */
  learn(row: Row): void {
    const [first, ...others] = namesOf(row.ids);
    if (first === undefined) return;
    for (const other of others) if (this.#join(other, first)) this.#fresh.set(other, first);
  }

  /** All keys of a vulnerability under all its names. */
  keys(row: Row): string[] {
    const names = new Set(namesOf(row.ids).flatMap((name) => [...(this.#groups.get(name) ?? [name])]));
    return [...names].flatMap((name) => keysOf({ ...row, ids: [name] }, '', 0));
  }

  store(writer: Writer): void {
    for (const [name, same] of this.#fresh) writer.run('INSERT OR IGNORE INTO finding_aliases (name, same_as) VALUES (?, ?)', name, same);
    this.#fresh.clear();
  }

  /** @returns whether that was new. Two CVEs never become one: an advisory that says so bundles them. */
  #join(a: string, b: string): boolean {
    const [left, right] = [this.#groups.get(a) ?? new Set([a]), this.#groups.get(b) ?? new Set([b])];
    if (left === right) return false;
    const both = new Set([...left, ...right]);
    if ([...both].filter((name) => name.startsWith('CVE-')).length > 1) return false;
    for (const name of both) this.#groups.set(name, both);
    return true;
  }
}

import type { Reader } from '../db/connection.ts';

/** The parts of a vulnerability's key: name of the vulnerability, ecosystem, package. */
const keyParts = /^v\|([^|]*)\|([^/]*)\/(.*)$/;
/** One spelling for all ecosystems, because it is not known whose rules count. */
const spelt = (name: string): string => name.toLowerCase().replace(':', '/').replaceAll(/[-_.]+/g, '-');

/**
 * Some reports name a package and no ecosystem. Where vulnerability and package agree and only one finding can be meant, that one is meant;
 * of two candidates neither, because joining the wrong ones would hide a finding.
 */
export class UnknownEcosystems {
  /** Vulnerabilities that something is known about without ecosystem: few, so that all others need no look. */
  readonly #names = new Set<string>();

  constructor(keys: Iterable<string>) {
    for (const key of keys) this.learn(key);
  }

  learn(key: string): void {
    if (key.startsWith('v|') && key.includes('|unknown/')) this.#names.add(keyParts.exec(key)?.[1] ?? '');
  }

  /** The one finding that may be meant by keys that no finding has; undefined when none or several may be. */
  find(reader: Reader, keys: Iterable<string>): number | undefined {
    const found = new Map<number, Set<string>>();
    let isUnknown = false;
    for (const key of keys) {
      const [, name = '', ecosystem = '', of = ''] = keyParts.exec(key) ?? [];
      isUnknown ||= ecosystem === 'unknown';
      if (ecosystem !== 'unknown' && !this.#names.has(name)) continue;
      for (const [other, finding] of reader.rows<[string, number]>('SELECT key, finding FROM finding_keys WHERE key >= ? AND key < ?', `v|${name}|`, `v|${name}}`)) {
        const [, , where = '', what = ''] = keyParts.exec(other) ?? [];
        if (spelt(what) === spelt(of)) found.set(finding, (found.get(finding) ?? new Set()).add(where));
      }
    }
    const [only, ...others] = found;
    if (only === undefined || others.length > 0) return undefined;
    const [finding, ecosystems] = only;
    // Two ecosystems that are both known are two packages of one name.
    return isUnknown || [...ecosystems].every((ecosystem) => ecosystem === 'unknown') ? finding : undefined;
  }
}

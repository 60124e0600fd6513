import { createHash } from 'node:crypto';
import { plainCode, plainPath, vulnerabilityId } from '../../../../shared/security/findings/identity.ts';
import type { Place, Row, RowFault, Scan, Unusable } from '../../../../shared/security/findings/report.ts';
import { ratingOfWord } from '../../../../shared/security/findings/severity.ts';

/** Reading values whose shape nobody vouches for: what is not there as it should be counts as not there. */
export type Rec = Readonly<Record<string, unknown>>;
const nothing: Rec = {};

export const isRec = (value: unknown): value is Rec => typeof value === 'object' && value !== null && !Array.isArray(value);
export const rec = (value: unknown): Rec => (isRec(value) ? value : nothing);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const recs = (value: unknown): Rec[] => list(value).filter(isRec);

/** A text, or null for anything else and for an empty one. */
export const str = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : typeof value === 'number' && Number.isFinite(value) ? String(value) : null);
export const whole = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 1e9 ? number : null;
};

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/** Plain text in one line: no markup, no characters that hide or reorder others, not longer than this. */
export function plain(value: unknown, length: number): string {
  const text = str(value);
  if (text === null) return '';
  return text.slice(0, length * 8)
    .replaceAll(/<\/?[a-z][^<>]{0,200}>/gi, ' ').replaceAll(/&(lt|gt|amp|quot|apos|nbsp|#\d{1,6});/gi, (found, name: string) => entities[name.toLowerCase()] ?? (name.startsWith('#') ? fromCode(Number(name.slice(1))) : found))
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim().slice(0, length);
}
const fromCode = (code: number): string => (code > 31 && code < 0xd800 ? String.fromCodePoint(code) : ' ');

/** A time in any notation that Date reads, as epoch milliseconds; null for what cannot be. */
export function instant(value: unknown): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value.replace(/(\.\d{3})\d+/, '$1').replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/, '$1T$2Z')) : Number.NaN;
  return Number.isFinite(at) && at > Date.UTC(2000) && at < Date.UTC(2100) ? at : null;
}

/** CWE numbers in whatever form: 79, "79", "CWE-79", "external/cwe/cwe-079". */
export function cwesOf(values: Iterable<unknown>): number[] {
  const found = new Set<number>();
  for (const value of values) {
    const text = str(value);
    const [, digits] = text === null ? [] : /(?:^|cwe[-_:/ ]*)0*(\d{1,5})(?:$|\D)/i.exec(text) ?? [];
    // ZAP writes -1 or 0 for "none".
    if (digits !== undefined && Number(digits) > 0) found.add(Number(digits));
    if (found.size >= 10) break;
  }
  return [...found];
}

/** Names of a vulnerability, each once, in one spelling; the first that is given stays first. */
export function idsOf(first: unknown, others: Iterable<unknown> = []): string[] {
  const own = vulnerabilityId(first) ?? str(first)?.slice(0, 80) ?? null;
  const found = new Set<string>(own === null ? [] : [own]);
  for (const other of others) {
    const id = vulnerabilityId(other);
    if (id !== null) found.add(id);
    if (found.size >= 30) break;
  }
  return [...found];
}

export const nowhere: Place = { component: null, file: null, line: null, url: null, parameter: null, layer: null };
export const fileOf = (value: unknown): string | null => {
  const text = str(value);
  return text === null ? null : plainPath(text).slice(0, 500) || null;
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);
/** Letters of code below which two lines are equal by chance. */
const telling = 12;

/** What a code finding is known by: its code, what the tool made of it, or at least its message without numbers. */
export function fingerprintOf(code: unknown, partial: unknown, message: unknown): string {
  const text = typeof code === 'string' ? plainCode(code) : '';
  if (text !== '') return `${text.length >= telling ? 'x' : 's'}${hash(text)}`;
  const print = str(partial);
  if (print !== null) return `p${hash(print)}`;
  return `m${hash((str(message) ?? '').replaceAll(/\d+/g, '#'))}`;
}

/** A row with everything in it that a tool has not said. */
export const emptyRow = (kind: Row['kind']): Row => ({ kind, title: '', description: '', rating: ratingOfWord(null), place: nowhere, ids: [], cwes: [], rule: null, fix: null, fingerprint: null, statement: null });

/** Thrown by whoever reads a row that says too little. */
export class UnusableRow extends Error {
  readonly why: RowFault;
  constructor(why: RowFault) {
    super(why);
    this.why = why;
  }
}
export const need = <T>(value: T | null | undefined, why: RowFault): T => {
  if (value === null || value === undefined) throw new UnusableRow(why);
  return value;
};

/** Faults that are named one by one; all are counted. */
const named = 200;

/** Collects what is read from a report, row by row: one that says too little costs itself only. */
export class Reader {
  readonly scans: Scan[] = [];
  readonly unusable: Unusable[] = [];
  unusableCount = 0;

  scan({ part = '', ...about }: Omit<Scan, 'rows' | 'part'> & { part?: string }): Scan {
    const scan: Scan = { ...about, target: about.target?.slice(0, 300) ?? null, part: part.slice(0, 200), rows: [] };
    this.scans.push(scan);
    return scan;
  }

  /** @param read null for what is no finding at all, such as a passed check @throws whatever is a defect of ours */
  row(scan: Scan, at: string, raw: unknown, read: (raw: Rec) => Row | Row[] | null): void {
    try {
      if (!isRec(raw)) throw new UnusableRow('notAnObject');
      const made = read(raw);
      if (Array.isArray(made)) for (const row of made) scan.rows.push(row);
      else if (made !== null) scan.rows.push(made);
    } catch (error) {
      if (!(error instanceof UnusableRow)) throw error;
      this.unusableCount++;
      if (this.unusable.length < named) this.unusable.push({ at: at.slice(0, 200), why: error.why });
    }
  }
}

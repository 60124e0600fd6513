import type { AuditFilter, AuditTimeline } from '../../../shared/domain/audit.ts';
import type { AuditEntry } from '../../../shared/audit/entry.ts';
import { tileWidth } from '../../../shared/audit/tiles.ts';
import { sortKey } from '../text.ts';
import { Dictionary } from './dictionary.ts';
import type { LogFacts } from './review.ts';
import { keepCode, keepHits, keepIf, keepOutsideHours, markAll, spanOf, widened } from './scan.ts';

/** The texts of an entry that are filtered and searched; each is a column of codes into one dictionary. */
const columnNames = ['actor', 'role', 'client', 'action', 'resource', 'reason', 'policy', 'outcome', 'from', 'to'] as const;
type ColumnName = (typeof columnNames)[number];

/** Bytes of one entry: its time, the codes, the correlation id's number. */
const width = 8 + 4 * (columnNames.length + 1);

/** A correlation id as a number (FNV-1a); enough to find the few entries that are then looked at. */
function fingerprint(correlationId: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < correlationId.length; at++) sum = Math.imul(sum ^ correlationId.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

/** What to read of a candidate that only looks right: the text of an entry by its place. */
type Reread = (index: number) => AuditEntry | null;

/**
 * All filterable facts of the log in memory, by column, so that any filter over a million entries is one pass over a few typed
 * arrays. Texts are kept once each.
 */
export class AuditColumns {
  #size = 0;
  #capacity = 0;
  #at = new Float64Array(0);
  /** False once an entry claims to be older than the one before it: then a stretch of time is no stretch of the log. */
  #isAscending = true;
  #codes: Uint32Array[] = columnNames.map(() => new Uint32Array(0));
  #correlation = new Uint32Array(0);
  /** 0, 1, 2, …: what a filter without conditions leaves. Never written to. */
  #places = new Uint32Array(0);
  readonly #dictionary = new Dictionary();
  /** Which columns a code occurs in, as bits: a word is looked for only where it can be. */
  #masks = new Uint16Array(1024);
  #cached: { key: string; matches: Uint32Array } | null = null;

  get size(): number {
    return this.#size;
  }

  /** Makes a text known under its stored code. */
  learn(code: number, text: string): void {
    if (code >= this.#masks.length) this.#masks = widened(new Uint16Array(2 * code), this.#masks);
    this.#dictionary.learn(code, text);
  }

  /** Appends entries. @returns the texts that are new with their codes, to be stored */
  append(entries: readonly AuditEntry[]): { code: number; text: string }[] {
    const fresh: { code: number; text: string }[] = [];
    this.#reserve(this.#size + entries.length);
    for (const entry of entries) {
      this.#at[this.#size] = Date.parse(entry.ts);
      columnNames.forEach((name, column) => {
        const code = this.#code(entry[name], fresh);
        (this.#codes[column] as Uint32Array)[this.#size] = code;
        this.#masks[code] = (this.#masks[code] as number) | (1 << column);
      });
      this.#correlation[this.#size] = fingerprint(entry.correlationId.toLowerCase());
      this.#size += 1;
    }
    this.#noteOrder(this.#size - entries.length);
    this.#cached = null;
    return fresh;
  }

  truncate(size: number): void {
    this.#size = size;
    this.#cached = null;
  }

  /** The columns of one tile as they are stored. */
  pack(tile: number): Uint8Array {
    const from = tile * tileWidth;
    const count = Math.min(tileWidth, this.#size - from);
    const packed = new Uint8Array(count * width);
    packed.set(new Uint8Array(this.#at.buffer, from * 8, count * 8));
    [...this.#codes, this.#correlation].forEach((column, at) => { packed.set(new Uint8Array(column.buffer, from * 4, count * 4), count * (8 + 4 * at)); });
    return packed;
  }

  /** Takes up the columns of the next tile. */
  unpack(packed: Uint8Array): void {
    const count = packed.length / width;
    this.#reserve(this.#size + count);
    const { buffer } = packed.slice();
    this.#at.set(new Float64Array(buffer, 0, count), this.#size);
    [...this.#codes, this.#correlation].forEach((column, at) => { column.set(new Uint32Array(buffer, count * (8 + 4 * at), count), this.#size); });
    this.#codes.forEach((codes, column) => { markAll(this.#masks, codes.subarray(this.#size, this.#size + count), 1 << column); });
    this.#size += count;
    this.#noteOrder(this.#size - count);
    this.#cached = null;
  }

  /** Places of the entries that a filter leaves, ascending. */
  matches(filter: AuditFilter, reread: Reread): Uint32Array {
    const key = JSON.stringify(filter);
    if (this.#cached?.key === key) return this.#cached.matches;
    const matches = this.#find(filter, reread);
    this.#cached = { key, matches };
    return matches;
  }

  /** The columns as they lie there, to be counted over at once and not kept. */
  facts(): LogFacts {
    const of = (name: ColumnName): Uint32Array => this.#column(name).subarray(0, this.#size);
    return { at: this.#ascending(), actor: of('actor'), action: of('action'), resource: of('resource'), outcome: of('outcome'), text: (code) => this.#dictionary.text(code), codeOf: (text) => this.#dictionary.codeOf(text) ?? -1 };
  }

  /** Places by correlation id, for many ids in one pass. */
  correlated(ids: readonly string[], reread: Reread): Map<string, number[]> {
    const places = new Map(ids.map((id) => [id, [] as number[]]));
    const wanted = new Set(ids.map((id) => fingerprint(id.toLowerCase())));
    if (wanted.size === 0) return places;
    for (let index = 0; index < this.#size; index++) if (wanted.has(this.#correlation[index] as number)) places.get(reread(index)?.correlationId ?? '')?.push(index);
    return places;
  }

  timeline(matches: Uint32Array, buckets: number, top: number): AuditTimeline {
    const first = matches[0];
    const last = matches.at(-1);
    if (first === undefined || last === undefined) return { span: null, buckets: [], actors: [], actions: [] };
    const [from, to] = this.#isAscending ? [this.#at[first] as number, this.#at[last] as number] : spanOf(this.#at, matches);
    const step = Math.max(1, (to - from + 1) / buckets);
    const refusedCode = this.#dictionary.codeOf('refused') ?? -1;
    const [outcomes, actors, actions] = [this.#column('outcome'), this.#column('actor'), this.#column('action')];
    const time = Array.from({ length: Math.ceil((to - from + 1) / step) }, (_, at) => ({ from: Math.round(from + at * step), accepted: 0, refused: 0 }));
    const byActor = new Uint32Array(2 * this.#dictionary.size);
    const byAction = new Uint32Array(2 * this.#dictionary.size);
    for (const index of matches) {
      const isRefused = outcomes[index] === refusedCode ? 1 : 0;
      const bucket = time[Math.min(time.length - 1, Math.floor(((this.#at[index] as number) - from) / step))];
      if (bucket !== undefined) bucket[isRefused === 1 ? 'refused' : 'accepted'] += 1;
      const [actor, action] = [2 * (actors[index] as number) + isRefused, 2 * (actions[index] as number) + isRefused];
      byActor[actor] = (byActor[actor] as number) + 1;
      byAction[action] = (byAction[action] as number) + 1;
    }
    const ranked = (counts: Uint32Array): { text: string; accepted: number; refused: number }[] => Array.from({ length: this.#dictionary.size }, (_, code) => code)
      .filter((code) => (counts[2 * code] as number) + (counts[2 * code + 1] as number) > 0)
      .map((code) => ({ text: this.#dictionary.text(code), accepted: counts[2 * code] as number, refused: counts[2 * code + 1] as number }))
      .toSorted((a, b) => b.accepted + b.refused - a.accepted - a.refused || (a.text < b.text ? -1 : 1)).slice(0, top);
    return {
      span: { from, to }, buckets: time,
      actors: ranked(byActor).map(({ text, ...counts }) => ({ actor: text, ...counts })),
      actions: ranked(byAction).map(({ text, ...counts }) => ({ action: text, ...counts })),
    };
  }

  #find(filter: AuditFilter, reread: Reread): Uint32Array {
    let [from, to] = [0, this.#size];
    // Entries are in the order of time, as a rule, so a stretch of time is a stretch of the log.
    if (filter.from !== null && this.#isAscending) from = this.#firstAt(filter.from);
    if (filter.to !== null && this.#isAscending) to = this.#firstAt(filter.to + 1);
    let found = this.#places.subarray(from, Math.max(from, to));
    let count = found.length;
    const own = (): Uint32Array => (found.buffer === this.#places.buffer ? found = found.slice() : found);
    if (!this.#isAscending && (filter.from !== null || filter.to !== null)) {
      const [at, earliest, latest] = [this.#at, filter.from ?? -Infinity, filter.to ?? Infinity];
      count = keepIf(own(), count, (index) => (at[index] as number) >= earliest && (at[index] as number) <= latest);
    }
    for (const name of ['actor', 'role', 'action', 'resource', 'outcome'] as const) {
      const wanted = filter[name];
      if (wanted !== null) count = keepCode(own(), count, this.#column(name), this.#dictionary.codeOf(wanted) ?? -1);
    }
    if (filter.hours === 'outside') count = keepOutsideHours(own(), count, this.#at);
    if (filter.correlationId !== null) {
      const wanted = filter.correlationId;
      count = keepCode(own(), count, this.#correlation, fingerprint(wanted.toLowerCase()));
      count = keepIf(found, count, (index) => reread(index)?.correlationId === wanted);
    }
    for (const word of sortKey(filter.text).split(/\s+/u)) if (word !== '') count = this.#keepWord(word, own(), count, reread);
    return found.subarray(0, count);
  }

  /** A word matches inside any text of the entry; a correlation id only as a whole. */
  #keepWord(word: string, found: Uint32Array, count: number, reread: Reread): number {
    const hit = new Uint8Array(this.#dictionary.size);
    let mask = 0;
    this.#dictionary.each(word, (code) => {
      hit[code] = 1;
      mask |= this.#masks[code] as number;
    });
    // Code 0 is in every column where an entry says nothing.
    hit[0] = 0;
    const columns = this.#codes.filter((_, column) => (mask & (1 << column)) !== 0);
    if (word.length < 8) return keepHits(found, count, columns, hit);
    const mark = fingerprint(word);
    const correlation = this.#correlation;
    return keepIf(found, count, (index) => columns.some((column) => hit[column[index] as number] === 1) || (mark === correlation[index] && reread(index)?.correlationId.toLowerCase() === word));
  }

  #column(name: ColumnName): Uint32Array {
    return this.#codes[columnNames.indexOf(name)] as Uint32Array;
  }

  #noteOrder(from: number): void {
    for (let index = Math.max(1, from); this.#isAscending && index < this.#size; index++) this.#isAscending = (this.#at[index] as number) >= (this.#at[index - 1] as number);
  }

  /** Times for counting by period: an entry that claims to be older than the one before it counts at that one's time, where it was written. */
  #ascending(): Float64Array {
    if (this.#isAscending) return this.#at.subarray(0, this.#size);
    const at = this.#at.slice(0, this.#size);
    for (let index = 1; index < at.length; index++) if ((at[index] as number) < (at[index - 1] as number)) at[index] = at[index - 1] as number;
    return at;
  }

  /** The first entry not older than this. */
  #firstAt(at: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #code(text: string | null, fresh: { code: number; text: string }[]): number {
    if (text === null || text === '') return 0;
    const known = this.#dictionary.codeOf(text);
    if (known !== undefined) return known;
    const code = this.#dictionary.size;
    this.learn(code, text);
    fresh.push({ code, text });
    return code;
  }

  #reserve(size: number): void {
    if (size <= this.#capacity) return;
    this.#capacity = Math.max(size, Math.ceil(this.#capacity * 1.5), 4096);
    this.#at = widened(new Float64Array(this.#capacity), this.#at);
    this.#codes = this.#codes.map((column) => widened(new Uint32Array(this.#capacity), column));
    this.#places = Uint32Array.from({ length: this.#capacity }, (_, at) => at);
    this.#correlation = widened(new Uint32Array(this.#capacity), this.#correlation);
  }
}

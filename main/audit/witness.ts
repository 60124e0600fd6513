import { fromBase64 } from '../../shared/audit/bytes.ts';
import { formatCheckpoint } from '../../shared/audit/checkpoint.ts';
import { formatKey, formatNote, noteKey, signText } from '../../shared/audit/note.ts';
import type { CallOptions, UnsignedEntry } from '../erp/types.ts';
import type { WitnessedEntry } from '../host/audit/witnessed.ts';
import type { DeviceKey } from './device-key.ts';
import type { Found, VisitPorts } from './visit.ts';

const pageSize = 1000;
/** Entries that are read at all; a server without cursors gives them from the newest back. */
const most = 200_000;

type Progress = (done: number, total: number) => void;
/** `oldest`: moment of the oldest entry that was read where there are more than may be read; null where all were. */
type Read = { entries: ReadonlyMap<string, UnsignedEntry>; oldest: number | null };

/**
 * What this client takes down of an entry that the server does not sign, in the one form that entries have.
 * @param isWhole with everything that the server says of it; what was taken down by an earlier version has not all of it
 */
const canonical = (entry: UnsignedEntry, seq: number, isWhole: boolean): string => JSON.stringify([
  seq, new Date(entry.at).toISOString(), entry.actor, null, entry.client, entry.action, entry.resource, null, isWhole ? entry.rest : null, entry.changes, `id:${entry.id}`, entry.correlationId, 'accepted',
]);

/** Reads from the newest back. An entry that is written meanwhile moves the others to later pages: each counts once, and the newest are asked for again. */
async function readAll({ api }: VisitPorts, limit: number, progress: Progress, call: CallOptions): Promise<Read> {
  const entries = new Map<string, UnsignedEntry>();
  const add = (page: readonly UnsignedEntry[]): number => {
    const before = entries.size;
    for (const entry of page) if (!entries.has(entry.id)) entries.set(entry.id, entry);
    return entries.size - before;
  };
  let isCut = false;
  for (let skip = 0; ; skip += pageSize) {
    isCut = skip >= limit;
    const page = await api.unsigned(skip, isCut ? 1 : pageSize, call);
    isCut &&= page.length > 0;
    if (skip < limit) add(page);
    progress(entries.size, 0);
    if (page.length < pageSize) break;
  }
  for (let skip = 0; ; skip += pageSize) {
    const page = await api.unsigned(skip, pageSize, call);
    if (add(page) < pageSize) break;
  }
  return { entries, oldest: isCut ? [...entries.values()].reduce((least, { at }) => Math.min(least, at), Infinity) : null };
}

async function readKnown({ host }: VisitPorts, size: number): Promise<WitnessedEntry[]> {
  const known: WitnessedEntry[] = [];
  while (known.length < size) known.push(...await host.audit('audit.witnessed', { first: known.length, count: Math.min(5000, size - known.length) }));
  return known;
}

/** The first entry that is known and gone. Those older than what was read at all are not judged. */
function firstGone(known: readonly WitnessedEntry[], { entries, oldest }: Read): number | null {
  const index = known.findIndex(({ id, at }) => !entries.has(id) && (oldest === null || at > oldest));
  return index < 0 ? null : index;
}

/** Oldest first; where several have the same time, as a server would count them. */
const inOrder = (a: UnsignedEntry, b: UnsignedEntry): number => a.at - b.at || a.id.length - b.id.length || (a.id < b.id ? -1 : 1);

/**
 * A visit at a server that signs nothing: this client keeps the tree itself and signs what it has read with the key of this
 * computer. What is changed, removed or slipped in later is proven all the same. Entries are known by the server's ids and stand in the order
 * in which they were first seen: which of two of the same second came first nobody can say later.
 */
export async function watch(ports: VisitPorts, device: DeviceKey, server: string, progress: Progress, call: CallOptions, limit = most): Promise<Found[]> {
  const { host, now } = ports;
  const origin = `${device.note.name}/${server}`;
  const status = await host.audit('audit.status');
  const verifiedSize = status.verified?.size ?? 0;
  const key = noteKey(origin, device.note.type, device.note.publicKey);
  const begun = await host.audit('audit.begin', { kind: 'witness', origin, key: formatKey(key) });
  if (begun.fault !== null) return [{ finding: { index: verifiedSize, fault: begun.fault }, note: null }];
  let read = await readAll(ports, limit, progress, call);
  const known = await readKnown(ports, status.size);
  // One that is removed while pages are read moves another one out of sight: only what is missing twice is missing.
  if (firstGone(known, read) !== null) read = await readAll(ports, limit, progress, call);
  const gone = firstGone(known, read);
  const changed = await firstChanged(ports, known.slice(0, gone ?? known.length), read);
  if (changed !== null) return [changed];
  if (gone !== null) return [{ finding: { index: gone, fault: read.entries.size < known.length && read.oldest === null ? 'rollback' : 'missing' }, note: null }];

  const ids = new Set(known.map(({ id }) => id));
  const fresh = [...read.entries.values()].filter(({ id }) => !ids.has(id)).toSorted(inOrder);
  for (let at = 0; at < fresh.length; at += pageSize) {
    const first = known.length + at;
    const { finding } = await host.audit('audit.append', { first, entries: fresh.slice(at, at + pageSize).map((entry, place) => ({ canonical: canonical(entry, first + place + 1, true), hash: null })) });
    if (finding !== null) return [{ finding, note: null }];
  }
  await host.audit('audit.reached', { oldest: read.oldest });
  return sign(ports, { origin, key, device, verifiedSize, seenAt: now() });
}

/** Holds what is there against what was taken down of it. */
async function firstChanged({ host }: VisitPorts, known: readonly WitnessedEntry[], { entries }: Read): Promise<Found | null> {
  for (let first = 0; first < known.length;) {
    const part: { canonical: string; hash: null }[] = [];
    for (let entry = known[first]; entry !== undefined && part.length < pageSize; entry = known[first + part.length]) {
      const now = entries.get(entry.id);
      if (now === undefined) break;
      part.push({ canonical: canonical(now, first + part.length + 1, entry.isWhole), hash: null });
    }
    const { finding } = part.length === 0 ? { finding: null } : await host.audit('audit.append', { first, entries: part });
    if (finding !== null) return { finding, note: null };
    first += Math.max(1, part.length);
  }
  return null;
}

type Witness = { origin: string; key: ReturnType<typeof noteKey>; device: DeviceKey; verifiedSize: number; seenAt: number };

/** Signs what was read, and says of an entry that is older than what was there before it that it was slipped in. */
async function sign({ host }: VisitPorts, { origin, key, device, verifiedSize, seenAt }: Witness): Promise<Found[]> {
  const { size, root } = await host.audit('audit.root');
  if (size === 0) return [];
  const text = formatCheckpoint({ origin, size, root: fromBase64(root) ?? new Uint8Array(0), extensions: [] });
  const note = formatNote({ text, signatures: [signText(text, key, device.sign)] });
  const consistency = verifiedSize === 0 || verifiedSize === size ? [] : (await host.audit('audit.growth', { from: verifiedSize, to: size })).hashes;
  const { finding, backdated } = await host.audit('audit.accept', { note, consistency, seenAt, source: 'server' });
  if (finding !== null) return [{ finding, note }];
  return backdated === null ? [] : [{ finding: { index: backdated, fault: 'time' }, note }];
}

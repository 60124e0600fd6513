import { fromBase64 } from '../../shared/audit/bytes.ts';
import { formatCheckpoint } from '../../shared/audit/checkpoint.ts';
import { formatKey, formatNote, noteKey, signText } from '../../shared/audit/note.ts';
import type { CallOptions, UnsignedEntry } from '../erp/types.ts';
import type { DeviceKey } from './device-key.ts';
import type { VisitPorts, VisitResult } from './visit.ts';

const pageSize = 1000;
/** Entries that are read at all; a server without cursors gives them from the newest back. */
const most = 200_000;

/** What this client takes down of an entry that the server does not sign, in the one form that entries have. */
const canonical = (entry: UnsignedEntry, seq: number): string => JSON.stringify([
  seq, new Date(entry.at).toISOString(), entry.actor, null, entry.client, entry.action, entry.resource, null, null, entry.changes, `id:${entry.id}`, entry.correlationId, 'accepted',
]);

async function readAll({ api }: VisitPorts, progress: (done: number, total: number) => void, call: CallOptions): Promise<UnsignedEntry[]> {
  const entries: UnsignedEntry[] = [];
  for (let page = await api.unsigned(0, pageSize, call); entries.length < most; page = await api.unsigned(entries.length, pageSize, call)) {
    entries.push(...page);
    progress(entries.length, 0);
    if (page.length < pageSize) break;
  }
  // Oldest first, and the same order at every visit also where several have the same time.
  return entries.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/**
 * A visit at a server that signs nothing: this client keeps the tree itself and signs what it has read with the key of this
 * computer. What is changed, removed or slipped in later is proven all the same.
 */
export async function watch(ports: VisitPorts, device: DeviceKey, server: string, progress: (done: number, total: number) => void, call: CallOptions): Promise<VisitResult> {
  const { host, now } = ports;
  const origin = `${device.note.name}/${server}`;
  const known = await host.audit('audit.status');
  const verifiedSize = known.verified?.size ?? 0;
  const key = noteKey(origin, device.note.type, device.note.publicKey);
  const begun = await host.audit('audit.begin', { kind: 'witness', origin, key: formatKey(key) });
  if (begun.fault !== null) return { finding: { index: verifiedSize, fault: begun.fault }, note: null };
  const entries = await readAll(ports, progress, call);
  if (entries.length < known.size) return { finding: { index: await firstGone(ports, entries), fault: 'rollback' }, note: null };
  for (let first = 0; first < entries.length; first += pageSize) {
    const part = entries.slice(first, first + pageSize).map((entry, at) => ({ canonical: canonical(entry, first + at + 1), hash: null }));
    const { finding } = await host.audit('audit.append', { first, entries: part });
    if (finding !== null) return { finding, note: null };
  }
  const { size, root } = await host.audit('audit.root');
  if (size === 0 || size === verifiedSize) return null;
  const text = formatCheckpoint({ origin, size, root: fromBase64(root) ?? new Uint8Array(0), extensions: [] });
  const note = formatNote({ text, signatures: [signText(text, key, device.sign)] });
  const consistency = verifiedSize === 0 ? [] : (await host.audit('audit.growth', { from: verifiedSize, to: size })).hashes;
  const { finding } = await host.audit('audit.accept', { note, consistency, seenAt: now(), source: 'server' });
  return finding === null ? null : { finding, note };
}

/** Where the shorter log first differs from what was read. */
async function firstGone({ host }: VisitPorts, entries: readonly UnsignedEntry[]): Promise<number> {
  for (let first = 0; first < entries.length; first += pageSize) {
    const part = entries.slice(first, first + pageSize).map((entry, at) => ({ canonical: canonical(entry, first + at + 1), hash: null }));
    const { finding } = await host.audit('audit.append', { first, entries: part });
    if (finding?.index !== null && finding?.index !== undefined) return finding.index;
  }
  return entries.length;
}

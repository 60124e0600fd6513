import { AppFailure } from '../../shared/ipc/errors.ts';
import { parseKey } from '../../shared/audit/note.ts';
import { tileWidth, widthOfTile } from '../../shared/audit/tiles.ts';
import type { Fault, Finding } from '../../shared/audit/verdict.ts';
import type { CallOptions, AuditApi } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';

/** One thing that does not hold, and the checkpoint that shows it. */
export type Found = { finding: Finding; note: string | null };
/** What is found out; null when all holds. */
export type VisitResult = Found | null;

export type VisitPorts = { api: AuditApi; host: Pick<DataHost, 'audit'>; /** Null: the first key that is seen counts. */ pinnedKey: string | null; now: () => number; random: () => number };

/** Entries in one request; the server gives fewer where it wants to. */
const pageSize = 5000;
/** Entries that are read again at each visit, somewhere in the log, to see whether they still are what they were. */
const spotSize = 500;

const bad = (index: number | null, fault: Fault, note: string | null): VisitResult => ({ finding: { index, fault }, note });

/**
 * One visit at a signed log: its newest checkpoint, the proof that it continues the last one, the entries in between, and a look
 * at some old ones. Whatever does not hold ends it; only a time that cannot be is told beside what the rest comes to.
 */
export async function visit(ports: VisitPorts, progress: (done: number, total: number) => void, call: CallOptions, options: { spotCheck: boolean } = { spotCheck: true }): Promise<Found[]> {
  const backdated: Found[] = [];
  const found = await follow(ports, progress, call, options, backdated);
  return [found, ...backdated].filter((one) => one !== null);
}

async function follow(ports: VisitPorts, progress: (done: number, total: number) => void, call: CallOptions, options: { spotCheck: boolean }, backdated: Found[]): Promise<VisitResult> {
  const { api, host, pinnedKey } = ports;
  const status = await host.audit('audit.status');
  const verifiedSize = status.verified?.size ?? 0;
  const key = pinnedKey ?? await api.key(call);
  const identity = await host.audit('audit.begin', { kind: 'signed', origin: parseKey(key)?.name ?? '?', key });
  // The key stands for the checkpoint: another one later is another alarm.
  if (identity.fault !== null) return bad(verifiedSize, identity.fault, key);
  // What happened before this moment must be in it.
  const asked = ports.now();
  const { note, serverTime } = await api.checkpoint(call);
  // A clock that is ahead, whosever it is, must not make honest entries look backdated.
  const seenAt = Math.min(asked, serverTime ?? asked);
  const look = await host.audit('audit.look', { note });
  if (look.fault !== null) return bad(look.fault === 'rollback' ? await firstDifference(ports, look.size, look.size, call) : verifiedSize, look.fault, note);

  const consistency = verifiedSize > 0 && look.size > verifiedSize ? await api.consistency(verifiedSize, look.size, call) : [];
  const accept = async (): Promise<Finding | null> => {
    const accepted = await host.audit('audit.accept', { note, consistency, seenAt, visitedAt: asked, source: 'server' });
    if (accepted.finding === null && accepted.backdated !== null) backdated.push({ finding: { index: accepted.backdated, fault: 'time' }, note });
    return accepted.finding;
  };
  // Asked before reading: on a rewritten log there is nothing to read for.
  let finding = await accept();
  for (let known = look.known; finding?.fault === 'missing' && known < look.size;) {
    progress(known, look.size);
    const entries = (await api.page(known, Math.min(pageSize, look.size - known), call)).slice(0, look.size - known);
    if (entries.length === 0) return bad(known, 'missing', note);
    const appended = await host.audit('audit.append', { first: known, entries });
    if (appended.finding !== null) return { finding: appended.finding, note };
    known += entries.length;
    finding = known >= look.size ? await accept() : finding;
  }
  if (finding === null) return look.size === 0 || !options.spotCheck ? null : spotCheck(ports, look.size, note, call);
  if (finding.fault !== 'inconsistent' && finding.fault !== 'entry') return { finding, note };
  return bad(await firstDifference(ports, look.size, verifiedSize, call), finding.fault, note);
}

/** Reads some entries again, chosen anew each time. A page may be short; what is asked for and never comes is missing. */
async function spotCheck({ api, host, random }: VisitPorts, size: number, note: string, call: CallOptions): Promise<VisitResult> {
  const first = Math.floor(random() * Math.max(1, size - spotSize + 1));
  const end = Math.min(size, first + spotSize);
  for (let at = first; at < end;) {
    const entries = (await api.page(at, end - at, call)).slice(0, end - at);
    if (entries.length === 0) return bad(at, 'missing', note);
    const { finding } = await host.audit('audit.append', { first: at, entries });
    if (finding !== null) return { finding, note };
    at += entries.length;
  }
  return null;
}

/** Reads everything again and compares it with what was read before. */
export async function reread({ api, host }: VisitPorts, progress: (done: number, total: number) => void, call: CallOptions): Promise<VisitResult> {
  const { verified } = await host.audit('audit.status');
  const size = verified?.size ?? 0;
  for (let at = 0; at < size;) {
    progress(at, size);
    const entries = (await api.page(at, Math.min(pageSize, size - at), call)).slice(0, size - at);
    if (entries.length === 0) return bad(at, 'missing', null);
    const { finding } = await host.audit('audit.append', { first: at, entries });
    if (finding !== null) return { finding, note: null };
    at += entries.length;
  }
  progress(size, size);
  return null;
}

/**
 * The first entry that the server now has otherwise than this client read it, found by going down the tiles of both trees: a
 * few requests whatever the size.
 * @param fallback where to look when the server's tiles show no difference
 */
async function firstDifference(ports: VisitPorts, size: number, fallback: number, call: CallOptions): Promise<number> {
  try {
    return Math.min(await descend(ports, size, call), fallback);
  } catch (error) {
    // A server that hides its tiles does not get rid of the alarm.
    if (error instanceof AppFailure && error.error.code !== 'call.cancelled') return fallback;
    throw error;
  }
}

async function descend({ api, host }: VisitPorts, size: number, call: CallOptions): Promise<number> {
  let level = 0;
  while (tileWidth ** (level + 1) <= size) level++;
  let index = 0;
  for (; level >= 0; level--) {
    const width = widthOfTile(size, level, index);
    const differing = width === 0 ? 0 : await host.audit('audit.differing', { level, index, hashes: await api.tile(level, index, width, call) });
    // Without a difference among the full subtrees it lies behind them, at the growing edge.
    index = index * tileWidth + (differing ?? width);
  }
  return index;
}

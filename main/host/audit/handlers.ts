import { consistencyProof } from '../../../shared/audit/merkle.ts';
import { parseKey } from '../../../shared/audit/note.ts';
import type { OpenDatabase } from '../db/open.ts';
import type { z } from 'zod';
import { addToJournal } from './journal.ts';
import { witnessed } from './witnessed.ts';
import type { AuditKeeper } from './keeper.ts';
import type { AuditAnswers, auditRequests } from './protocol.ts';

type AuditMethod = keyof AuditAnswers;
type AuditHandlers = { [M in AuditMethod]: (params: z.output<(typeof auditRequests)[M]>) => AuditAnswers[M] };

/** The audit part of what the host does, one function per request. */
export const auditHandlers = (open: () => { database: OpenDatabase; audit: AuditKeeper }): AuditHandlers => ({
  'audit.status': () => open().audit.status(),
  'audit.begin': (identity) => ({ fault: open().audit.begin(identity) }),
  'audit.look': ({ note }) => open().audit.look(note),
  'audit.append': ({ first, entries }) => open().audit.append(first, entries),
  'audit.witnessed': ({ first, count }) => witnessed(open().audit.log, first, count),
  'audit.reached': ({ oldest }) => {
    const { state } = open().audit;
    if (oldest === null) state.remove('oldest');
    else state.set('oldest', oldest);
    return null;
  },
  'audit.accept': ({ note, consistency, seenAt, visitedAt, source, key }) => {
    const { audit } = open();
    return { finding: audit.accept(note, consistency, seenAt, source, key === null ? null : parseKey(key), visitedAt), backdated: audit.backdated() };
  },
  'audit.differing': ({ level, index, hashes }) => open().audit.log.differing(level, index, hashes),
  'audit.list': ({ filter, offset, limit }) => open().audit.log.page(filter, offset, limit),
  'audit.timeline': ({ filter, buckets }) => open().audit.log.timeline(filter, buckets),
  'audit.entry': ({ index }) => open().audit.entry(index),
  'audit.canonicals': ({ filter, offset, limit }) => open().audit.canonicals(filter, offset, limit),
  'audit.rows': ({ indexes }) => indexes.flatMap((index) => open().audit.log.row(index) ?? []),
  'audit.review': ({ from, to, readAt }) => open().audit.log.review(from, to, readAt),
  'audit.verify': ({ restart, tiles, now }) => open().audit.verify(restart, tiles, now),
  'audit.evidence': ({ filter, indexes, limit }) => open().audit.evidence(filter, indexes, limit),
  'audit.raise': ({ fault, firstBad, note, growth, now }) => open().audit.raise(fault, firstBad, note, now, growth),
  'audit.growthFrom': ({ fault, firstBad, note }) => open().audit.growthFrom(fault, firstBad, note),
  'audit.seal': ({ reason, by, now }) => {
    const { audit } = open();
    audit.seal(reason, by, now);
    return audit.status();
  },
  'audit.acknowledge': ({ id, reason, by, now }) => { open().audit.acknowledge(id, reason, by, now); return null; },
  'audit.alarms': () => open().audit.alarms(),
  'audit.checkpoint': () => open().audit.checkpoint(),
  'audit.root': () => open().audit.root(),
  'audit.device': () => open().audit.state.get<string>('device'),
  'audit.keepDevice': ({ secret }) => {
    open().audit.state.set('device', secret);
    return null;
  },
  'audit.growth': ({ from, to }) => ({ hashes: consistencyProof(open().audit.log.tree.node, from, to) }),
  'journal.add': ({ records }) => { addToJournal(open().database.writer, records); return null; },
  'journal.list': ({ filter, offset, limit }) => {
    const { audit } = open();
    return audit.journal.page(audit.log, audit.status(), filter, offset, limit);
  },
});

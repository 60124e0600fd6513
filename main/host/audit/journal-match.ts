import { everything, type AuditStatus, type JournalEntry, type MatchedEntry } from '../../../shared/domain/audit.ts';
import type { AuditLog } from './log.ts';

/** What a server with a log of its own writes down of what a client does; documents that are stored are not among it. */
const recorded = /^(?:submit|approve|reject|post|print|export|policy\.(?!backup$).+|gdpr\.(?:export|erase)|backup\.(?:create|drill|restore)|secret\.rotate)$/;

/**
 * Holds journal entries against the server's log as far as it was read. Only what the server has confirmed can be missing
 * there, and only from a log that was read to its end after that; everything else would accuse a server of a loss that is none.
 */
export function matchJournal(log: AuditLog, { kind, verified, sections }: Pick<AuditStatus, 'kind' | 'verified' | 'sections'>, entries: readonly JournalEntry[]): MatchedEntry[] {
  const ids = entries.flatMap(({ correlationId }) => (correlationId === null ? [] : [correlationId]));
  const places = log.correlated(ids);
  const found = (entry: JournalEntry): number | null => {
    for (const index of places.get(entry.correlationId ?? '') ?? []) {
      const row = log.row(index);
      if (row !== null && isSame(entry, row)) return index;
    }
    // A command of the outbox whose answer was lost may have been settled by looking: then the entry is under the id of its first way.
    if (entry.detail !== 'outbox' || entry.outcome !== 'sent') return null;
    return log.indexes({ ...everything, action: entry.action, resource: entry.resource }).at(-1) ?? null;
  };
  return entries.map((entry) => {
    const index = found(entry);
    if (index !== null) return { ...entry, status: 'found', index };
    if (entry.outcome !== 'sent' || !recorded.test(entry.action) || (kind !== 'signed' && verified !== null)) return { ...entry, status: 'notExpected', index };
    // A log that was put back, or another one, is not accused of what was before it.
    if (entry.at < (sections.at(-1)?.sealedAt ?? -Infinity)) return { ...entry, status: 'sealed', index };
    return { ...entry, status: verified !== null && verified.at > entry.at ? 'missing' : 'unread', index };
  });
}

/**
 * Servers name the routes of policies, and those of one change name its rule or none. In the other areas they have names of
 * their own for what it was done to, so the kind of action under our correlation id decides.
 */
function isSame({ action, resource }: JournalEntry, row: { action: string; resource: string }): boolean {
  const [area = '', verb] = action.split('.');
  if (verb === undefined) return row.action === action && row.resource === resource;
  if (area !== 'policy') return row.action === action;
  return row.action.startsWith('policy.') && (row.resource === resource || row.resource === 'policy' || resource === 'policy');
}

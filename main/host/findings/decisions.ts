import type { Writer } from '../db/connection.ts';
import { addEvent, refresh, statusCode } from './book.ts';

/** A risk that somebody carries until a day: only open findings, and those that are accepted already, with a new reason. */
export function acceptFindings(writer: Writer, ids: readonly number[], { reason, until, by, now }: { reason: string; until: number; by: string; now: number }): { changed: number } {
  let changed = 0;
  for (const id of ids) {
    const status = writer.value<number>('SELECT status FROM findings WHERE id = ?', id);
    if (status !== statusCode('open') && status !== statusCode('accepted')) continue;
    writer.run('INSERT INTO finding_acceptances (finding, reason, until, by, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (finding) DO UPDATE SET reason = excluded.reason, until = excluded.until, by = excluded.by, at = excluded.at', id, reason, Math.round(until), by, Math.round(now));
    writer.run('UPDATE findings SET status = ?, due_at = NULL WHERE id = ?', statusCode('accepted'), id);
    addEvent(writer, id, { at: now, what: 'accepted', by, note: reason });
    changed++;
  }
  return { changed };
}

function end(writer: Writer, id: number, now: number, event: { what: 'acceptanceEnded' | 'acceptanceExpired'; by: string | null }): void {
  writer.run('DELETE FROM finding_acceptances WHERE finding = ?', id);
  refresh(writer, id, now, null);
  addEvent(writer, id, { at: now, ...event });
}

/** Takes acceptances back: the findings are open again, due when they were. */
export function unacceptFindings(writer: Writer, ids: readonly number[], { by, now }: { by: string; now: number }): { changed: number } {
  const accepted = ids.filter((id) => writer.value<number>('SELECT status FROM findings WHERE id = ?', id) === statusCode('accepted'));
  for (const id of accepted) end(writer, id, now, { what: 'acceptanceEnded', by });
  return { changed: accepted.length };
}

/** Ends the acceptances whose day has come. */
export function expireAcceptances(writer: Writer, now: number): { changed: number } {
  const due = writer.values<number>('SELECT a.finding FROM finding_acceptances a JOIN findings f ON f.id = a.finding WHERE a.until <= ? AND f.status = ?', Math.round(now), statusCode('accepted'));
  for (const id of due) end(writer, id, now, { what: 'acceptanceExpired', by: null });
  return { changed: due.length };
}

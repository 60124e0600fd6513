import type { Writer } from '../db/connection.ts';
import { addEvent } from './book.ts';

/** All keys of all findings while a report is taken; the other way round once something had to be merged. */
export type KeyBook = { findings: Map<string, number>; reverse: Map<number, Set<string>> | null };

function reverseOf(book: KeyBook): Map<number, Set<string>> {
  if (book.reverse !== null) return book.reverse;
  const reverse = new Map<number, Set<string>>();
  for (const [key, finding] of book.findings) {
    const keys = reverse.get(finding);
    if (keys === undefined) reverse.set(finding, new Set([key]));
    else keys.add(key);
  }
  book.reverse = reverse;
  return reverse;
}

/** A report has shown that two findings are one: the older one takes over all that the other had, its acceptance too. */
export function mergeInto(writer: Writer, book: KeyBook, into: number, other: number, now: number): void {
  const reverse = reverseOf(book);
  for (const { id, scope, present } of writer.all<{ id: number; scope: number; present: number }>('SELECT id, scope, present FROM finding_sources WHERE finding = ?', other)) {
    const same = writer.one<{ id: number }>('SELECT id FROM finding_sources WHERE finding = ? AND scope = ?', into, scope);
    if (same === undefined) writer.run('UPDATE finding_sources SET finding = ? WHERE id = ?', into, id);
    else {
      writer.run('UPDATE finding_sources SET present = max(present, ?) WHERE id = ?', present, same.id);
      writer.run('DELETE FROM finding_sources WHERE id = ?', id);
    }
  }
  const keys = reverse.get(other) ?? new Set<string>();
  const own = reverse.get(into) ?? new Set<string>();
  for (const key of keys) {
    writer.run('UPDATE finding_keys SET finding = ? WHERE key = ?', into, key);
    book.findings.set(key, into);
    own.add(key);
  }
  reverse.set(into, own);
  reverse.delete(other);
  writer.run('UPDATE finding_events SET finding = ? WHERE finding = ?', into, other);
  writer.run('INSERT OR IGNORE INTO finding_acceptances (finding, reason, until, by, at) SELECT ?, reason, until, by, at FROM finding_acceptances WHERE finding = ?', into, other);
  writer.run('DELETE FROM finding_acceptances WHERE finding = ?', other);
  writer.run('UPDATE findings SET first_seen = min(first_seen, (SELECT first_seen FROM findings WHERE id = ?)), opened_at = min(opened_at, (SELECT opened_at FROM findings WHERE id = ?)) WHERE id = ?', other, other, into);
  writer.run('DELETE FROM findings WHERE id = ?', other);
  addEvent(writer, into, { at: now, what: 'merged' });
}

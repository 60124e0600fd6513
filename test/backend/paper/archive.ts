import { createHash } from 'node:crypto';
import type { Db } from '../db.ts';

export type Archived = { seq: number; domain: string; type: string; number: string; path: string; sha256: string; user: string; ts: number };

export type Archive = {
  add(copy: { domain: string; type: string; number: string; user: string; ts: number; content: Buffer }): Archived;
  /** Oldest first. */
  of(type: string, number: string): Archived[];
  /** True when the stored bytes still have the checksum they were archived with; undefined when there is no such copy. */
  verify(type: string, number: string, path: string): boolean | undefined;
};

/** Every printed copy, with the checksum of its bytes. */
export function createArchive(db: Db): Archive {
  const insert = db.prepare('INSERT INTO archives (domain, type, number, path, sha256, user, ts, content) VALUES (@domain, @type, @number, @path, @sha256, @user, @ts, @content)');
  const list = db.prepare<[string, string], Archived>('SELECT seq, domain, type, number, path, sha256, user, ts FROM archives WHERE type = ? AND number = ? ORDER BY seq');
  const one = db.prepare<[string, string, string], { sha256: string; content: Buffer }>('SELECT sha256, content FROM archives WHERE type = ? AND number = ? AND path = ?');
  const count = db.prepare<[], { n: number }>('SELECT coalesce(max(seq), 0) AS n FROM archives');
  const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
  return {
    add: (copy) => {
      const stamp = new Date(copy.ts).toISOString().replaceAll(/[-:]|\.\d+/g, '');
      const row = { ...copy, path: `${copy.domain}/${copy.number}/${stamp}-${(count.get()?.n ?? 0) + 1}.pdf`, sha256: digest(copy.content) };
      insert.run(row);
      return list.all(copy.type, copy.number).at(-1) as Archived;
    },
    of: (type, number) => list.all(type, number),
    verify: (type, number, path) => {
      const row = one.get(type, number, path);
      return row === undefined ? undefined : digest(row.content) === row.sha256;
    },
  };
}

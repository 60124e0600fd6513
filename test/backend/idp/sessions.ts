import type { Db } from '../db.ts';

/** One sign-in: a grant of the provider with what was seen of the computer it was made on. */
export type SignInSession = { id: string; user: string; client: string; createdAt: number; lastSeenAt: number; ip: string; userAgent: string };

type Row = { id: string; user: string; client: string; created_at: number; last_seen_at: number; ip: string; user_agent: string };

export type Sessions = {
  /** The provider gave out tokens: the sign-in began or goes on. */
  seen(session: Omit<SignInSession, 'createdAt' | 'lastSeenAt'>): void;
  /** A request came with a token of it. @returns false when it was ended */
  used(id: string, from: { ip: string; userAgent: string }): boolean;
  /** Newest use first. */
  list(user: string): SignInSession[];
  find(id: string): SignInSession | undefined;
  /** Its refresh token is gone with its grant, and access tokens of it are refused from now on. */
  end(id: string): void;
};

const fromRow = (row: Row): SignInSession => ({ id: row.id, user: row.user, client: row.client, createdAt: row.created_at, lastSeenAt: row.last_seen_at, ip: row.ip, userAgent: row.user_agent });

/** Sign-ins by the id of their grant, which access tokens carry as `sid`. */
export function createSessions(db: Db, now: () => number): Sessions {
  db.exec(`CREATE TABLE IF NOT EXISTS sign_ins (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, client TEXT NOT NULL, created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL,
    ip TEXT NOT NULL, user_agent TEXT NOT NULL, ended_at INTEGER) WITHOUT ROWID`);
  const insert = db.prepare(`INSERT INTO sign_ins (id, user, client, created_at, last_seen_at, ip, user_agent) VALUES (@id, @user, @client, @at, @at, @ip, @userAgent)
    ON CONFLICT (id) DO UPDATE SET last_seen_at = @at, ip = @ip`);
  const touch = db.prepare('UPDATE sign_ins SET last_seen_at = ?, ip = ?, user_agent = ? WHERE id = ?');
  const byId = db.prepare<[string], Row & { ended_at: number | null }>('SELECT * FROM sign_ins WHERE id = ?');
  // A session without a grant has run out or was ended at the provider.
  const byUser = db.prepare<[string], Row>(`SELECT * FROM sign_ins WHERE user = ? AND ended_at IS NULL AND EXISTS (SELECT 1 FROM idp WHERE model = 'Grant' AND idp.id = sign_ins.id)
    ORDER BY last_seen_at DESC, id`);
  const markEnded = db.prepare('UPDATE sign_ins SET ended_at = ? WHERE id = ?');
  const removeGrant = db.prepare(`DELETE FROM idp WHERE grant_id = ? OR (model = 'Grant' AND id = ?)`);
  return {
    seen: (session) => { insert.run({ ...session, at: now() }); },
    used(id, { ip, userAgent }) {
      const row = byId.get(id);
      if (row === undefined) return true;
      if (row.ended_at !== null) return false;
      touch.run(now(), ip, userAgent, id);
      return true;
    },
    list: (user) => byUser.all(user).map(fromRow),
    find(id) {
      const row = byId.get(id);
      return row === undefined || row.ended_at !== null ? undefined : fromRow(row);
    },
    end: db.transaction((id: string) => {
      removeGrant.run(id, id);
      markEnded.run(now(), id);
    }),
  };
}

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { Db } from '../db.ts';

type Row = { payload: string; expires_at: number | null };

/**
 * oidc-provider's storage in the server's database. The built-in memory adapter forgets after 1,000 entries, and sessions
 * and refresh tokens have to survive a restart with `--data`.
 */
export function databaseAdapter(db: Db): AdapterFactory {
  const upsert = db.prepare('INSERT OR REPLACE INTO idp (model, id, payload, grant_id, uid, user_code, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const byId = db.prepare<[string, string], Row>('SELECT payload, expires_at FROM idp WHERE model = ? AND id = ?');
  const byUid = db.prepare<[string, string], Row>('SELECT payload, expires_at FROM idp WHERE model = ? AND uid = ?');
  const byUserCode = db.prepare<[string, string], Row>('SELECT payload, expires_at FROM idp WHERE model = ? AND user_code = ?');
  const remove = db.prepare('DELETE FROM idp WHERE model = ? AND id = ?');
  const removeGrant = db.prepare('DELETE FROM idp WHERE grant_id = ?');
  const consume = db.prepare(`UPDATE idp SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?`);
  const read = (row: Row | undefined): AdapterPayload | undefined =>
    row === undefined || (row.expires_at !== null && row.expires_at < Date.now()) ? undefined : (JSON.parse(row.payload) as AdapterPayload);

  return (model): Adapter => ({
    upsert: async (id, payload, expiresIn) => {
      const expires = expiresIn === undefined ? null : Date.now() + expiresIn * 1000;
      upsert.run(model, id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null, payload.userCode ?? null, expires);
    },
    find: async (id) => read(byId.get(model, id)),
    findByUid: async (uid) => read(byUid.get(model, uid)),
    findByUserCode: async (code) => read(byUserCode.get(model, code)),
    consume: async (id) => { consume.run(Math.floor(Date.now() / 1000), model, id); },
    destroy: async (id) => { remove.run(model, id); },
    revokeByGrantId: async (grantId) => { removeGrant.run(grantId); },
  });
}

import type { FastifyInstance } from 'fastify';
import { callerOf, requireAll } from '../erp/auth.ts';
import { HttpError, invalid } from '../erp/errors.ts';
import type { SecurityRoutesOptions } from './index.ts';
import { requireReader } from './readers.ts';

type Row = { list: string; item: string; state: string; owner: string; due: string | null; evidence: string; note: string; updated_at: number; updated_by: string; version: number };
const states = ['open', 'done', 'partly', 'notApplicable'];
const isId = (text: string): boolean => /^[a-z0-9][a-z0-9.()-]{0,60}$/.test(text);

/** `/security/checklists`, ERP-API section 7: what people have answered to the items of lists; a change needs the version it was made on. */
export function checklistRoutes(app: FastifyInstance, { db, audit, now, once }: SecurityRoutesOptions): void {
  db.exec('CREATE TABLE IF NOT EXISTS checklist_items (list TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL, due TEXT, evidence TEXT NOT NULL, note TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (list, item)) WITHOUT ROWID');
  const all = db.prepare<[], Row>('SELECT * FROM checklist_items ORDER BY list, item');
  const find = db.prepare<[string, string], Row>('SELECT * FROM checklist_items WHERE list = ? AND item = ?');
  const put = db.prepare('INSERT OR REPLACE INTO checklist_items VALUES (@list, @item, @state, @owner, @due, @evidence, @note, @updated_at, @updated_by, @version)');
  const wire = ({ updated_at: updatedAt, updated_by: updatedBy, ...row }: Row): Record<string, unknown> => ({ ...row, updatedAt: new Date(updatedAt).toISOString(), updatedBy });

  app.get('/security/checklists', (request) => {
    requireReader(request);
    const items = all.all().map(wire);
    return { total: items.length, items };
  });

  app.patch<{ Params: { list: string; item: string }; Body: Record<string, unknown> | null }>('/security/checklists/:list/:item', (request, reply) => {
    requireAll(callerOf(request), 'admin:all');
    const { list, item } = request.params;
    const body = request.body ?? {};
    if (!isId(list) || !isId(item)) throw invalid(['path'], 'Input should be an id', `${list}/${item}`);
    const text = (name: string, most: number, before: string): string => {
      const value = body[name] ?? before;
      if (typeof value !== 'string' || value.length > most) throw invalid(['body', name], `Input should be a string of at most ${most} characters`, value);
      return value;
    };
    return once(request, reply, () => {
      const before = find.get(list, item);
      const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
      const isStale = (match !== undefined && match !== '*' && match !== `"${before?.version ?? ''}"`) || (noneMatch === '*' && before !== undefined);
      if (isStale) throw new HttpError(412, { detail: 'Precondition failed' });
      const state = text('state', 20, before?.state ?? 'open');
      if (!states.includes(state)) throw invalid(['body', 'state'], `Input should be one of ${states.join(', ')}`, state);
      const due = body['due'] === undefined ? before?.due ?? null : body['due'];
      if (due !== null && (typeof due !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(due))) throw invalid(['body', 'due'], 'Input should be a day', due);
      const row: Row = {
        list, item, state, due, owner: text('owner', 200, before?.owner ?? ''), evidence: text('evidence', 500, before?.evidence ?? ''), note: text('note', 2000, before?.note ?? ''),
        updated_at: now(), updated_by: callerOf(request).name, version: (before?.version ?? 0) + 1,
      };
      put.run(row);
      audit.record(request, { action: 'checklist.update', resource: `checklist/${list}/${item}`, from: before?.state ?? null, to: state, ...(row.evidence === '' ? {} : { reason: row.evidence }) });
      return { status: 200, body: { ok: true, item: wire(row) }, etag: `"${row.version}"` };
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, testKey, type Scratch } from '../../test/fixtures/database.ts';
import { sampleRecords } from '../../test/fixtures/documents.ts';
import { replySchema, type Method, type Reply } from './protocol.ts';
import { serve } from './server.ts';

let scratch: Scratch;
let deliver: (message: unknown) => void;
let replies: Reply[];
let nextId: number;

beforeEach(() => {
  scratch = scratchDatabase();
  replies = [];
  nextId = 0;
  serve({ send: (message) => { replies.push(replySchema.parse(structuredClone(message))); }, onMessage: (listener) => { deliver = listener; } });
});
afterEach(() => {
  ask('close');
  scratch.remove();
});

/** Sends a request; the reply, if there is one already. */
function ask(method: Method, params?: unknown): Reply | undefined {
  const id = ++nextId;
  deliver({ id, method, params });
  return replies.find((reply) => reply.id === id);
}

const open = (): void => { expect(ask('open', { path: scratch.file, key: testKey() })).toMatchObject({ ok: true, value: { created: true } }); };
const records = (count: number, first = 0): unknown[] => [...sampleRecords(count, 1, first)];
const part = (batch: number, first: boolean, last: boolean, from: number): unknown => ({ batch, first, last, records: records(10, from) });
const list = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 5 };

describe('serve', () => {
  it('answers nothing before a database is open', () => {
    expect(ask('documents.count')).toMatchObject({ ok: false, error: { code: 'database.unavailable' } });
  });

  it('refuses parameters that do not fit and names the field, not its value', () => {
    open();
    const reply = ask('documents.list', { ...list, limit: 'canary' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'input.invalid', params: { method: 'documents.list', path: 'limit' } } });
    expect(JSON.stringify(reply)).not.toContain('canary');
    expect(ask('open', { path: scratch.file, key: new Uint8Array(16) })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(ask('facts.get', '')).toMatchObject({ ok: false });
    deliver({ nonsense: true });
    deliver(null);
    expect(ask('documents.count')).toMatchObject({ ok: true, value: 0 });
  });

  it('stores the parts of a batch together or not at all', () => {
    open();
    expect(ask('documents.put', part(1, true, false, 0))).toMatchObject({ ok: true });
    expect(ask('documents.count'), 'reads see the state before').toMatchObject({ value: 0 });
    expect(ask('documents.list', list)).toMatchObject({ value: { total: 0 } });
    expect(ask('documents.put', part(1, false, true, 10))).toMatchObject({ ok: true });
    expect(ask('documents.count')).toMatchObject({ value: 20 });
    expect(ask('documents.list', list)).toMatchObject({ value: { total: 20 } });
    ask('documents.put', part(2, true, false, 20));
    ask('cancelBatch', { batch: 2 });
    expect(ask('documents.count')).toMatchObject({ value: 20 });
    expect(ask('documents.list', list)).toMatchObject({ value: { total: 20 } });
    expect(ask('documents.put', part(2, false, true, 20)), 'too late').toMatchObject({ ok: false, error: { code: 'call.cancelled' } });
  });

  it('lets other writes wait for a batch, in their order', () => {
    open();
    ask('documents.put', part(1, true, false, 0));
    expect(ask('facts.put', { name: 'a', value: 1, fetchedAt: 1 })).toBeUndefined();
    expect(ask('documents.put', part(2, true, true, 30))).toBeUndefined();
    expect(ask('facts.put', { name: 'a', value: 2, fetchedAt: 1 })).toBeUndefined();
    expect(ask('facts.get', 'a')).toMatchObject({ value: null });
    const before = replies.length;
    ask('documents.put', part(1, false, true, 10));
    expect(replies.slice(before).map(({ id, ok }) => [id, ok])).toEqual([[7, true], [3, true], [4, true], [5, true]]);
    expect(ask('facts.get', 'a')).toMatchObject({ value: { value: 2 } });
    expect(ask('documents.count')).toMatchObject({ value: 30 });
  });

  it('serves waiting writes after a batch that failed or was cancelled', () => {
    open();
    ask('documents.put', part(1, true, false, 0));
    ask('facts.put', { name: 'a', value: 1, fetchedAt: 1 });
    ask('cancelBatch', { batch: 1 });
    expect(ask('facts.get', 'a')).toMatchObject({ value: { value: 1 } });
  });

  it('refuses what waits when the database is closed, and drops the open batch', () => {
    open();
    ask('documents.put', part(1, true, false, 0));
    ask('facts.put', { name: 'a', value: 1, fetchedAt: 1 });
    expect(ask('close')).toMatchObject({ ok: true });
    expect(replies.find(({ id }) => id === 3)).toMatchObject({ ok: false, error: { code: 'database.unavailable' } });
    ask('open', { path: scratch.file, key: testKey() });
    expect(ask('documents.count')).toMatchObject({ value: 0 });
  });

  it('keeps and searches lookups, removes documents and clears', () => {
    open();
    ask('documents.put', part(1, true, true, 0));
    const [first] = [...sampleRecords(1)];
    ask('documents.remove', { batch: 2, first: true, last: true, keys: [{ type: first?.document.type, number: first?.document.number }] });
    expect(ask('documents.list', list)).toMatchObject({ value: { total: 9 } });
    ask('lookups.put', { batch: 3, first: true, last: true, kind: 'articles', items: [{ id: '1', label: 'Raps', hint: null, cost: null, price: null }], fetchedAt: 1 });
    expect(ask('lookups.search', { kind: 'articles', text: 'ra', limit: 5 })).toMatchObject({ value: { items: [{ id: '1' }] } });
    ask('clear');
    expect(ask('documents.list', list)).toMatchObject({ value: { total: 0 } });
    expect(ask('lookups.search', { kind: 'articles', text: 'ra', limit: 5 })).toMatchObject({ value: null });
  });
});

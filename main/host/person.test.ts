import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { personHandlers as handlersOn } from './person.ts';

/** For what needs no database. */
const noDatabase = (): never => { throw new Error('the database was asked'); };
const personHandlers = handlersOn(noDatabase, noDatabase);

const wire = (value: unknown, isNested = true) => ({ body: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)), correlationId: 'c-1', isNested });
const stored = { user_id: 'C-1', documents: [{ number: 'SO-1', note: 'ä' }], audit_trail: [{}, {}], archives: [] };

describe('what a server has stored about a person', () => {
  it('is counted in both shapes', () => {
    expect(personHandlers['person.count']({ wire: wire({ ok: true, data: stored }) })).toEqual({ documents: 1, auditEntries: 2, archives: 0 });
    expect(personHandlers['person.count']({ wire: wire(stored, false) })).toEqual({ documents: 1, auditEntries: 2, archives: 0 });
  });

  it('becomes one file as it came, with the digest of its bytes', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'valeo-person-'));
    const file = path.join(folder, 'a.json');
    const { sha256, counts } = await personHandlers['person.package']({ file, wire: wire({ ok: true, data: stored }), head: { format: 'x' }, tail: { here: 1 } });
    const bytes = await readFile(file);
    await rm(folder, { recursive: true });
    expect(Object.entries(JSON.parse(bytes.toString('utf8')) as object)).toEqual([['format', 'x'], ['onServer', { ok: true, data: stored }], ['here', 1]]);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(counts.documents).toBe(1);
  });

  it.each([['no JSON', 'oops', 'server.notJson'], ['another shape', { ok: true }, 'server.unexpected'], ['a refusal', { ok: false, error: { code: 'NOT_FOUND', message: 'nobody' } }, undefined]])('refuses %s', (_name, value, code) => {
    expect(() => personHandlers['person.count']({ wire: wire(value) })).toThrow();
    if (code !== undefined) expect(() => personHandlers['person.count']({ wire: wire(value) })).toThrow(expect.objectContaining({ error: expect.objectContaining({ code }) }));
  });
});

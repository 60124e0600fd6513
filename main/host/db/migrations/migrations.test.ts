import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, testKey, type Scratch } from '../../../../test/fixtures/database.ts';
import { sampleRecords } from '../../../../test/fixtures/documents.ts';
import { findingsOf } from '../../../../test/fixtures/findings.ts';
import { orderContent } from '../../../../test/fixtures/drafts.ts';
import { referenceFields, referencesOf } from '../../../../shared/domain/flow.ts';
import { AppFailure } from '../../../../shared/ipc/errors.ts';
import { addToJournal, readJournal } from '../../audit/journal.ts';
import { AuditKeeper } from '../../audit/keeper.ts';
import { recordHandlers } from '../../records.ts';
import { connectEncrypted } from '../cipher.ts';
import { countDocuments } from '../repos/documents-read.ts';
import { putDocument, removeDocuments } from '../repos/documents-write.ts';
import { createDraft, listDrafts } from '../repos/drafts.ts';
import { getFact, putFact } from '../repos/facts.ts';
import { putLookups, searchLookups } from '../repos/lookups.ts';
import { listCommands } from '../repos/outbox.ts';
import { alertsAt, alertsInfo, putAlerts } from '../repos/policy-alerts.ts';
import { migrations } from './index.ts';

let scratch: Scratch;
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(() => { scratch.remove(); });

describe('migrations', () => {
  it('are frozen', () => {
    const hashes = migrations.map((text) => createHash('sha256').update(text).digest('hex').slice(0, 16));
    expect(hashes).toEqual(['9a42d9151df88033', 'b176a8607c415e07', '2487aa8dd29f2355', '8a0fad5fddd6022b', '027bc18a57206896', '96b5a1ce1ff974e8', 'bac1a7e9ce90939b', '196a42f42916a79e', 'e90be3c8e5b48da9', '1aa0c71b73c89952', '05ff8788588539dd', '3607ddbd05e08b12', '3875690c2e8071f8', '045fdc483df52adc']);
  });

  it('carry the rows of version 1 over', () => {
    const old = scratch.open({ steps: migrations.slice(0, 1) });
    old.writer.transaction(() => { for (const record of sampleRecords(50)) putDocument(old.writer, record); });
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 2) });
    expect(now.result).toEqual({ created: false, migratedFrom: 1, salvage: null });
    expect(now.reader.value('SELECT count(*) FROM documents')).toBe(50);
    putFact(now.writer, 'a', 1, 1);
    expect(getFact(now.reader, 'a')).toEqual({ value: 1, fetchedAt: 1 });
  });

  it('count the rows of version 2, and keep counting', () => {
    const old = scratch.open({ steps: migrations.slice(0, 2) });
    old.writer.transaction(() => { for (const record of sampleRecords(50)) putDocument(old.writer, record); });
    putFact(old.writer, 'a', 1, 1);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 3) });
    expect(now.result.migratedFrom).toBe(2);
    expect(getFact(now.reader, 'a')?.value).toBe(1);
    expect(countDocuments(now.reader)).toBe(50);
    now.writer.transaction(() => { for (const record of sampleRecords(60, 2)) putDocument(now.writer, record); });
    const real = now.reader.value<number>('SELECT count(*) FROM documents');
    expect(countDocuments(now.reader)).toBe(real);
    const [first] = sampleRecords(1);
    removeDocuments(now.writer, first === undefined ? [] : [first.document]);
    expect(countDocuments(now.reader)).toBe((real ?? 0) - 1);
  });

  it('keep the articles of version 3, which knew no VAT rate', () => {
    const old = scratch.open({ steps: migrations.slice(0, 3) });
    old.writer.run("INSERT INTO lookup_lists (kind, fetched_at) VALUES ('articles', 5)");
    old.writer.run("INSERT INTO lookup_items (kind, item_id, label, label_key, hint, cost, price) VALUES ('articles', 'A1', 'Raps', 'raps', NULL, '445', '479')");
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 4) });
    expect(searchLookups(now.reader, 'articles', '', 5)?.items).toEqual([{ id: 'A1', label: 'Raps', hint: null, cost: '445', price: '479', vatRate: null }]);
    putLookups(now.writer, 'articles', [{ id: 'A2', label: 'Weizen', hint: null, cost: null, price: null, vatRate: '7' }], 6, true);
    expect(searchLookups(now.reader, 'articles', '', 5)?.items[0]?.vatRate).toBe('7');
  });

  it('find the references of the documents of version 4, the same as storing them anew does', () => {
    const old = scratch.open({ steps: migrations.slice(0, 4) });
    const named = [...sampleRecords(300)].map((record, index) => ({
      ...record,
      document: { ...record.document, fields: { ...record.document.fields, ...Object.fromEntries(Object.keys(referenceFields[record.document.type]).map((field, at) => [field, ['N-1', ' N-2 ', '', null, 7, `N-${index}-${at}`][(index + at) % 6] ?? null])) } },
    }));
    // As version 4 stored them: it knew no references.
    old.writer.script('CREATE TEMP TABLE document_references (number TEXT, type INTEGER, source INTEGER)');
    old.writer.transaction(() => { for (const record of named) putDocument(old.writer, record); });
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 5) });
    expect(now.result.migratedFrom).toBe(4);
    const stored = (): unknown => now.reader.all('SELECT * FROM document_references ORDER BY number, type, source');
    const migrated = stored();
    expect(migrated).toHaveLength(named.flatMap(({ document }) => referencesOf(document)).length);
    now.writer.transaction(() => { for (const { document } of named) removeDocuments(now.writer, [document]); });
    expect(stored()).toEqual([]);
    now.writer.transaction(() => { for (const record of named) putDocument(now.writer, record); });
    expect(stored()).toEqual(migrated);
  });

  it('add drafts and the outbox to the rows of version 5', () => {
    const old = scratch.open({ steps: migrations.slice(0, 5) });
    putLookups(old.writer, 'articles', [{ id: 'A2', label: 'Weizen', hint: null, cost: null, price: null, vatRate: '7' }], 6, true);
    old.writer.transaction(() => { for (const record of sampleRecords(50)) putDocument(old.writer, record); });
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 6) });
    expect(now.result.migratedFrom).toBe(5);
    expect(countDocuments(now.reader)).toBe(50);
    expect(searchLookups(now.reader, 'articles', '', 5)?.items[0]?.vatRate).toBe('7');
    createDraft(now.writer, { id: '018f5f6e-0000-7000-8000-000000000001', content: orderContent('SO-1'), base: null, now: 1 });
    expect(listDrafts(now.reader)).toHaveLength(1);
    expect(listCommands(now.reader, 0, 10)).toEqual({ entries: [], next: null });
  });

  it('add room for alerts to version 6 and leave its facts', () => {
    const old = scratch.open({ steps: migrations.slice(0, 6) });
    putFact(old.writer, 'a', 1, 1);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 7) });
    expect(now.result.migratedFrom).toBe(6);
    expect(getFact(now.reader, 'a')?.value).toBe(1);
    expect(alertsInfo(now.reader)).toEqual({ count: 0, from: null, to: null });
    const alert = { alert: { id: 'a', kpiId: 'k', title: '', message: '', severity: 'warn' as const }, at: 5, roles: [], decided: null };
    putAlerts(now.writer, [alert, { ...alert, at: 9 }], true);
    expect(alertsInfo(now.reader)).toEqual({ count: 2, from: 5, to: 9 });
    expect(alertsAt(now.reader, [1, 7])).toEqual([{ ...alert, at: 9 }]);
  });

  it('add the audit log to version 7 and leave its facts', () => {
    const old = scratch.open({ steps: migrations.slice(0, 7) });
    putFact(old.writer, 'a', 1, 1);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 8) });
    expect(now.result.migratedFrom).toBe(7);
    expect(getFact(now.reader, 'a')?.value).toBe(1);
    expect(new AuditKeeper(now.writer, now.reader).root().size).toBe(0);
  });

  it('add records to version 8 and leave its journal', () => {
    const old = scratch.open({ steps: migrations.slice(0, 8) });
    addToJournal(old.writer, [{ at: 1, actor: 'sales', action: 'submit', resource: 'sales/SO-1', outcome: 'sent', correlationId: null, detail: null }]);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 9) });
    expect(now.result.migratedFrom).toBe(8);
    expect(readJournal(now.reader, 0)).toHaveLength(1);
    const records = recordHandlers(() => now.reader, (work) => now.writer.transaction(() => work(now.writer)));
    records['records.put']({ records: [{ kind: 'a', id: '1', body: { b: 1 }, changedAt: 5 }] });
    expect(records['records.list']({ kind: 'a', limit: 10 })).toEqual([{ id: '1', body: { b: 1 }, changedAt: 5 }]);
  });

  it('add findings to version 9 and leave its records', () => {
    const old = scratch.open({ steps: migrations.slice(0, 9) });
    const put = (database: typeof old) => recordHandlers(() => database.reader, (work) => database.writer.transaction(() => work(database.writer)));
    put(old)['records.put']({ records: [{ kind: 'a', id: '1', body: { b: 1 }, changedAt: 5 }] });
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 10) });
    expect(now.result.migratedFrom).toBe(9);
    expect(put(now)['records.get']({ kind: 'a', id: '1' })).toEqual({ id: '1', body: { b: 1 }, changedAt: 5 });
    expect(now.reader.value('SELECT count(*) FROM findings')).toBe(0);
  });

  it('carry the scans of version 10 over, which knew no parts', () => {
    const old = scratch.open({ steps: migrations.slice(0, 10) });
    old.writer.run("INSERT INTO finding_scopes (id, tool, kind, target, scanned_at, claimed) VALUES (7, 'trivy', 'images', 'registry.example.de/erp/api', 5, 0), (9, 'codeql', 'static', 'api', 6, 1)");
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 11) });
    expect(now.result.migratedFrom).toBe(10);
    expect(now.reader.all('SELECT * FROM finding_scopes ORDER BY id')).toEqual([
      { id: 7, tool: 'trivy', kind: 'images', target: 'registry.example.de/erp/api', part: '', scanned_at: 5, claimed: 0 }, { id: 9, tool: 'codeql', kind: 'static', target: 'api', part: '', scanned_at: 6, claimed: 1 },
    ]);
    now.writer.run("INSERT INTO finding_scopes (tool, kind, target, part, scanned_at, claimed) VALUES ('codeql', 'static', 'api', 'python', 7, 0)");
    expect(() => now.writer.run("INSERT INTO finding_scopes (tool, kind, target, part, scanned_at, claimed) VALUES ('codeql', 'static', 'api', 'python', 8, 0)")).toThrow();
    now.close();
    const { writer } = scratch.open();
    expect(findingsOf(writer).file('trivy/0.57-image.json')).toMatchObject({ opened: 5, scans: [{ closes: true }] });
    expect(writer.values("SELECT id FROM finding_scopes WHERE tool = 'trivy'")).toEqual([7]);
  });

  it('take secrets and settings out of the scans of packages of version 11', () => {
    const old = scratch.open({ steps: migrations.slice(0, 11) });
    const finding = (id: number, kind: number) => `(${id}, ${kind}, 1, 0, 1, 1, 1, 1, 'trivy', 't', 'p', 'w')`;
    old.writer.run(`INSERT INTO findings (id, kind, severity, status, first_seen, last_seen, opened_at, opened_run, tools, title, place, words) VALUES ${[finding(1, 0), finding(2, 1), finding(3, 1), finding(4, 1)].join(', ')}`);
    old.writer.run("INSERT INTO finding_scopes (id, tool, kind, target, scanned_at, claimed) VALUES (1, 'trivy', 'images', 'api', 5, 0), (2, 'trivy', 'dependencies', 'api', 6, 0), (3, 'bandit', 'static', 'api', 7, 0)");
    const source = (id: number, of: number, scope: number, body: string) => `(${id}, ${of}, ${scope}, 1, 1, 1, 1, '${body}')`;
    old.writer.run(`INSERT INTO finding_sources (id, finding, scope, present, first_seen, last_seen, severity, body) VALUES ${[source(1, 1, 1, '{}'), source(2, 2, 1, '{"cwes":[798]}'), source(3, 3, 2, '{"cwes":[]}'), source(4, 4, 2, '{damaged'), source(5, 2, 3, '{"cwes":[798]}')].join(', ')}`);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 12) });
    expect(now.result.migratedFrom).toBe(11);
    expect(now.reader.rows('SELECT s.id, c.tool, c.kind, c.target, c.scanned_at FROM finding_sources s JOIN finding_scopes c ON c.id = s.scope ORDER BY s.id')).toEqual([
      [1, 'trivy', 'images', 'api', 5], [2, 'trivy', 'secrets', 'api', 5], [3, 'trivy', 'configuration', 'api', 6], [4, 'trivy', 'configuration', 'api', 6], [5, 'bandit', 'static', 'api', 7],
    ]);
  });

  it('open again what only a tool or another product had called harmless in version 12', () => {
    const old = scratch.open({ steps: migrations.slice(0, 12) });
    const finding = (id: number, severity: number) => `(${id}, 0, ${severity}, 3, 1000, 1000, 1000, 1, 'x', 't', 'p', 'w')`;
    old.writer.run(`INSERT INTO findings (id, kind, severity, status, first_seen, last_seen, opened_at, opened_run, tools, title, place, words) VALUES ${[1, 2, 3, 4, 5].map((id) => finding(id, id === 5 ? 4 : 1)).join(', ')}`);
    old.writer.run("INSERT INTO finding_scopes (id, tool, kind, target, scanned_at, claimed) VALUES (1, 'grype', 'images', 'api', 5, 0), (2, 'cyclonedx:x', 'images', 'api', 5, 0), (3, 'trivy', 'images', 'web', 5, 0), (4, 'trivy', 'images', 'api', 5, 0)");
    // 1: a rule of Grype's. 2: a supplier's word of this product. 3: of another product too. 4: as 1, accepted before. 5: as 1, without a clock.
    const said = [[1, 1], [2, 2], [3, 2], [4, 1], [5, 1]].map(([of, scope]) => `(${of}, ${scope}, 1, 1, 1, 1, 'notAffected', '{}')`);
    old.writer.run(`INSERT INTO finding_sources (finding, scope, present, first_seen, last_seen, severity, statement, body) VALUES ${said.join(', ')}, (2, 4, 1, 1, 9, 1, NULL, '{}'), (3, 3, 1, 1, 1, 1, NULL, '{}')`);
    old.writer.run("INSERT INTO finding_acceptances (finding, reason, until, by, at) VALUES (4, 'r', 99, 'eva', 1)");
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 13) });
    const due = 1000 + 30 * 86_400_000;
    expect(now.reader.rows('SELECT id, status, due_at FROM findings ORDER BY id')).toEqual([[1, 0, due], [2, 3, null], [3, 0, due], [4, 2, null], [5, 0, null]]);
    expect(now.reader.rows('SELECT finding, what FROM finding_events ORDER BY finding')).toEqual([1, 3, 4, 5].map((id) => [id, 'reopened']));
    expect(now.reader.rows('SELECT finding, statement FROM finding_sources WHERE scope IN (1, 2) ORDER BY finding')).toEqual([[1, 'ignored'], [2, 'notAffected'], [3, 'notAffected'], [4, 'ignored'], [5, 'ignored']]);
  });

  it('add sections to version 13: what it knows of a log is in the first, and its alarms keep their reasons', () => {
    const old = scratch.open({ steps: migrations.slice(0, 13) });
    for (const [id, reason] of [[1, 'Wartung'], [2, null]] as const) {
      old.writer.run('INSERT INTO audit_alarms (id, raised_at, fault, first_bad, verified_size, note, acknowledged_at, acknowledged_by, reason) VALUES (?, 5, ?, 3, 9, NULL, ?, ?, ?)', id, id === 1 ? 'rollback' : 'inconsistent', reason === null ? null : 7, reason === null ? null : 'carla', reason);
    }
    old.writer.run(`INSERT INTO audit_checkpoints (size, root, note, seen_at, source) VALUES (9, x'01', 'n', 4, 'server')`);
    old.close();
    const now = scratch.open({ steps: migrations.slice(0, 14) });
    expect(now.result.migratedFrom).toBe(13);
    const keeper = new AuditKeeper(now.writer, now.reader);
    expect(keeper.status()).toMatchObject({ verified: { size: 9, at: 4 }, sections: [], alarms: [{ id: 2, section: 1, lastSeen: 5, acknowledged: null }, { id: 1, section: 1, acknowledged: { by: 'carla', reason: 'Wartung' } }] });
    expect(keeper.raise('rollback', 3, null, 8), 'known, and quiet').toEqual({ id: 1, isNew: false });
  });

  it('leave the former version whole when a step fails', () => {
    scratch.open().close();
    const steps = [...migrations, 'CREATE TABLE half (a); SELECT nonsense'];
    expect(() => scratch.open({ steps })).toThrow();
    const { reader } = scratch.open();
    expect(reader.value('PRAGMA user_version')).toBe(migrations.length);
    expect(reader.value(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`)).toBe(0);
  });

  it('refuse a database that is not ours', () => {
    scratch.open().close();
    const raw = connectEncrypted(scratch.file, testKey());
    raw.script('PRAGMA application_id = 1');
    raw.close();
    expect(() => scratch.open()).toThrow(AppFailure);
  });
});

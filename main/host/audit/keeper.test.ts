import { describe, expect, it } from 'vitest';
import { tampered } from '../../../test/backend/audit/tamper.ts';
import { checkpointOf, newSigner, treeOf, verifySignature } from '../../../test/fixtures/audit/random-log.ts';
import { formatEvidence } from '../../../shared/audit/evidence.ts';
import { formatKey } from '../../../shared/audit/note.ts';
import { verifyEvidence } from '../../../shared/audit/verify-evidence.ts';
import { parseEntry, type AuditEntry } from '../../../shared/audit/entry.ts';
import { everything, wholeJournal, type JournalRecord } from '../../../shared/domain/audit.ts';
import { isOutsideWorkingHours } from '../../../shared/domain/working-hours.ts';
import { addToJournal } from './journal.ts';
import { database, honest, incoming, keeper, log, note, origin, proof, read, reopen, start, tree } from '../../../test/fixtures/audit/keeper.ts';

describe('AuditKeeper', () => {
  it('reads in steps, over restarts, and knows every checkpoint', () => {
    for (const size of [1, 255, 256, 257, 512, 700]) {
      read(size);
      reopen();
      expect(keeper.log.size).toBe(size);
      expect(keeper.log.canonical(size - 1)).toBe(honest[size - 1]);
      expect([...keeper.log.tree.rootAt(size)]).toEqual([...tree.range(0, size)]);
    }
    expect(keeper.status()).toMatchObject({ size: 700, checkpoints: 6, verified: { size: 700, at: start }, origin });
  });

  it('finds what was falsified before it is believed, and keeps what it had', () => {
    read(300);
    const forged = tampered(honest, { kind: 'edit', index: 20 });
    const other = treeOf(forged);
    expect(keeper.append(0, incoming(forged.slice(0, 50)))).toEqual({ size: 300, finding: { index: 20, fault: 'rewritten' } });
    expect(keeper.append(300, incoming(forged.slice(300, 400)))).toEqual({ size: 400, finding: null });
    expect(keeper.accept(note(400, other), proof(300, 400, other), start, 'server')).toEqual({ index: null, fault: 'inconsistent' });
    expect(keeper.log.size, 'what was read with it is gone').toBe(300);
    // Without a consistent tree there is still the way down the tiles to the very entry.
    const tile = (level: number, index: number): Uint8Array => Uint8Array.from(Buffer.concat(Array.from({ length: Math.min(256, Math.floor(other.size / 256 ** level) - index * 256) }, (_, at) => other.node(8 * level, index * 256 + at))));
    expect([keeper.log.differing(1, 0, tile(1, 0)), keeper.log.differing(0, 0, tile(0, 0)), keeper.log.differing(0, 1, tile(0, 1))]).toEqual([0, 20, null]);
    read(700);
  });

  it('says why it does not believe a checkpoint', () => {
    read(300);
    expect(keeper.accept(note(200), [], start, 'server')).toEqual({ index: 200, fault: 'rollback' });
    expect(keeper.look(note(200))).toMatchObject({ fault: 'rollback', size: 200, verifiedSize: 300, known: 300 });
    expect(keeper.accept(note(400), proof(300, 400), start, 'server')).toEqual({ index: 300, fault: 'missing' });
    expect(keeper.accept(checkpointOf(origin, tree, 300, newSigner(origin)), [], start, 'server')).toEqual({ index: 300, fault: 'key' });
    expect(keeper.accept('nonsense', [], start, 'server')).toEqual({ index: 300, fault: 'format' });
    expect(keeper.begin({ kind: 'signed', origin, key: formatKey(newSigner(origin).key) })).toBe('key');
    expect(keeper.begin({ kind: 'signed', origin: 'elsewhere', key: formatKey(log.key) })).toBe('origin');
    expect(keeper.status().checkpoints).toBe(1);
  });

  it('takes no entry that is out of place, of another form or hashed otherwise', () => {
    read(300);
    const next = honest[300] as string;
    const fault = (canonical: string, hash: string | null = null, first = 300): unknown => keeper.append(first, [{ canonical, hash }]).finding?.fault;
    expect(fault(next, '00')).toBe('entry');
    expect(fault(next, null, 301)).toBe('missing');
    expect(fault(next.replace('[', '[ '))).toBe('encoding');
    expect(fault(next.replace('301', '302'))).toBe('sequence');
    expect(keeper.log.size).toBe(300);
  });

  it('sees a split view in what another person was shown', () => {
    read(700);
    const other = treeOf(tampered(honest, { kind: 'edit', index: 450 }));
    expect(keeper.accept(note(400), [], start, 'Carla')).toBeNull();
    expect(keeper.accept(note(500, other), [], start, 'Carla')).toEqual({ index: 400, fault: 'splitView' });
    expect(keeper.accept(note(300, other), [], start, 'Carla'), 'before the fork both saw the same').toBeNull();
  });

  it('checks every entry in slices, over restarts, and finds a changed byte', () => {
    read(700);
    expect(keeper.verify(false, 1, 5)).toEqual({ next: 256, of: 700, finding: null });
    reopen();
    expect(keeper.verify(false, 1, 6)).toEqual({ next: 512, of: 700, finding: null });
    expect(keeper.verify(false, 9, 7)).toEqual({ next: 700, of: 700, finding: null });
    expect(keeper.status().complete).toEqual({ next: 700, of: 700, at: 7 });
    const blob = Buffer.from(database.writer.value<Uint8Array>('SELECT entries FROM audit_tiles WHERE tile = 1') ?? []);
    const at = blob.indexOf(honest[300] as string);
    blob[at + 30] = (blob[at + 30] ?? 0) ^ 1;
    database.writer.run('UPDATE audit_tiles SET entries = ? WHERE tile = 1', blob);
    expect(keeper.verify(true, 100, 8)).toMatchObject({ finding: { index: 300, fault: 'entry' } });
  });

  it('keeps an alarm until somebody gives a reason', () => {
    read(300);
    const { id, isNew } = keeper.raise('rewritten', 20, null, 9);
    expect(isNew).toBe(true);
    expect(keeper.raise('rewritten', 20, null, 10), 'the same one is not raised twice').toEqual({ id, isNew: false });
    expect(keeper.raise('rollback', null, null, 11).id).not.toBe(id);
    reopen();
    keeper.acknowledge(id, 'Testsystem neu aufgesetzt', 'admin', 12);
    expect(keeper.alarms().map(({ fault, firstBad, verifiedSize, acknowledged }) => ({ fault, firstBad, verifiedSize, reason: acknowledged?.reason }))).toEqual([
      { fault: 'rollback', firstBad: null, verifiedSize: 300, reason: undefined }, { fault: 'rewritten', firstBad: 20, verifiedSize: 300, reason: 'Testsystem neu aufgesetzt' },
    ]);
    expect(() => { keeper.acknowledge(id, 'again', 'admin', 13); }).toThrow('input.invalid');
  });

  it('hands out evidence that stands by itself', () => {
    read(300);
    read(700);
    const made = keeper.evidence({ ...everything, resource: 'sales/SO-3' }, [], 10_000);
    const text = formatEvidence(['Beleg SO-3'], { log: { origin, keys: [formatKey(log.key)], cosigners: [], entries: 'neuroerp/1' }, device: null, views: made?.views ?? [] }, null);
    expect(made?.cosigners).toEqual([]);
    expect(made?.entries).toBe(100);
    expect(verifyEvidence([text], [log.key], verifySignature)).toMatchObject({ ok: true, entries: 100, checkpoints: 2 });
    expect(keeper.evidence(null, [4, 5, 6, 650, 5, 9999], 10)?.views.at(-1)?.ranges).toEqual([[4, 7], [650, 651]]);
    expect(keeper.evidence(null, [4, 5, 6, 650, 5, 9999], 3), 'and says what is not in it').toMatchObject({ entries: 3, unproven: 1, beyond: 1 });
  });
});

describe('filters', () => {
  const entriesOf = (test: (parts: unknown[]) => boolean): number[] => honest.flatMap((text, index) => (test(JSON.parse(text) as unknown[]) ? [index] : []));
  const found = (filter: Partial<typeof everything>): number[] => [...keeper.log.indexes({ ...everything, ...filter })];

  it('leave exactly what they say, also after a restart', () => {
    read(700);
    for (let round = 0; round < 2; round++) {
      expect(found({ action: 'post', outcome: 'refused' })).toEqual(entriesOf((parts) => parts[5] === 'post' && parts[12] === 'refused'));
      expect(found({ resource: 'sales/SO-2' })).toEqual(entriesOf((parts) => parts[6] === 'sales/SO-2'));
      expect(found({ role: 'Weizen1' })).toEqual(entriesOf((parts) => parts[3] === 'Weizen1'));
      expect(found({ hours: 'outside' })).toEqual(entriesOf((parts) => isOutsideWorkingHours(Date.parse(String(parts[1])))));
      expect(found({ hours: 'outside', action: 'login' }).length).toBeLessThan(found({ action: 'login' }).length);
      expect(found({ actor: 'nobody' })).toEqual([]);
      const [from, to] = [Date.parse((JSON.parse(honest[100] as string) as string[])[1] as string), Date.parse((JSON.parse(honest[200] as string) as string[])[1] as string)];
      expect(found({ from, to, action: 'login' })).toEqual(entriesOf((parts) => parts[5] === 'login' && Date.parse(String(parts[1])) >= from && Date.parse(String(parts[1])) <= to));
      expect(found({ correlationId: 'c-77' })).toEqual([77]);
      expect(found({ text: 'muller APPROVE' }).length, 'umlauts are folded').toBe(found({ text: 'Müller approve' }).length);
      expect(found({ text: 'müller approve' })).toEqual(entriesOf((parts) => [2, 3, 4, 9].some((at) => JSON.stringify(parts[at]).includes('Müller')) && parts.some((part) => String(part).includes('approve'))));
      reopen();
    }
  });

  it('page newest first and count by time, person and action', () => {
    read(700);
    const page = keeper.log.page({ ...everything, action: 'submit' }, 2, 5);
    const all = entriesOf((parts) => parts[5] === 'submit').toReversed();
    expect(page).toMatchObject({ total: all.length, offset: 2 });
    expect(page.rows.map(({ index }) => index)).toEqual(all.slice(2, 7));
    const timeline = keeper.log.timeline(everything, 50);
    expect(timeline.buckets.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)).toBe(700);
    expect(timeline.buckets.reduce((sum, { refused }) => sum + refused, 0)).toBe(entriesOf((parts) => parts[12] === 'refused').length);
    expect(timeline.actions.find(({ action }) => action === 'login')).toMatchObject({ accepted: entriesOf((parts) => parts[5] === 'login' && parts[12] === 'accepted').length });
    expect(keeper.log.timeline({ ...everything, actor: 'nobody' }, 50)).toEqual({ span: null, buckets: [], actors: [], actions: [] });
  });
});

describe('journal', () => {
  const done = (at: number, more: Partial<JournalRecord> = {}): JournalRecord => ({ at, actor: 'admin', action: 'approve', resource: `sales/SO-${at}`, outcome: 'sent', correlationId: null, detail: null, ...more });
  const page = (filter: Partial<typeof wholeJournal> = {}, offset = 0, limit = 10) => keeper.journal.page(keeper.log, keeper.status(), { ...wholeJournal, ...filter }, offset, limit);

  it('is chained, so that no entry vanishes or changes unnoticed', () => {
    for (const places of [[1, 2], [3], [4, 5]]) addToJournal(database.writer, places.map((at) => done(at, { outcome: at === 3 ? 'refused' : 'sent' })));
    expect(page({}, 2, 2)).toMatchObject({ firstBad: null, total: 5, rows: [{ seq: 3 }, { seq: 2 }] });
    database.writer.run(`UPDATE audit_journal SET entry = replace(entry, 'refused', 'sent') WHERE seq = 3`);
    reopen();
    expect(page().firstBad).toBe(3);
    database.writer.run('DELETE FROM audit_journal WHERE seq = 2');
    reopen();
    expect(page()).toMatchObject({ firstBad: 3, total: 4 });
    database.writer.run('DELETE FROM audit_journal WHERE seq = 1');
    reopen();
    expect(page(), 'the first ones are gone').toMatchObject({ firstBad: 3, total: 3 });
  });

  it('goes on with what is new, in one chain, and filters without losing count', () => {
    addToJournal(database.writer, [done(1, { actor: 'sales', detail: 'Größe' }), done(2, { outcome: 'offline' })]);
    expect(page().total).toBe(2);
    addToJournal(database.writer, [done(3, { outcome: 'refused', correlationId: 'c-x' }), done(4, { outcome: 'local', action: 'audit.alarm' })]);
    expect(page()).toMatchObject({ firstBad: null, total: 4, statuses: { found: 0, missing: 0, unread: 1, notExpected: 3 } });
    expect(page({ outcome: 'refused' }).rows.map(({ seq }) => seq)).toEqual([3]);
    expect(page({ actor: 'sales' }).total).toBe(1);
    expect(page({ status: 'unread' }).rows.map(({ seq }) => seq)).toEqual([1]);
    expect(page({ text: 'große sales' }).rows.map(({ seq }) => seq)).toEqual([1]);
    expect(page({ text: 'C-X' }).total).toBe(1);
    expect(page({ text: 'gibt es nicht' })).toMatchObject({ total: 0, statuses: { unread: 1 } });
  });

  it('expects of a server what it writes down, and no more', () => {
    read(700);
    const later = Date.parse('2026-03-02T08:00:00.000Z');
    const actions = ['submit', 'print', 'policy.delete', 'policy.backup', 'gdpr.erase', 'gdpr.dpia', 'backup.drill', 'secret.rotate', 'signIn', 'create', 'posture.check'];
    addToJournal(database.writer, actions.map((action) => done(later, { action, correlationId: `new-${action}` })));
    database.writer.run('UPDATE audit_checkpoints SET seen_at = ?', later + 1);
    expect(page({ status: 'missing' }, 0, 50).rows.map(({ action }) => action).toReversed()).toEqual(['submit', 'print', 'policy.delete', 'gdpr.erase', 'backup.drill', 'secret.rotate']);
    database.writer.run('UPDATE audit_checkpoints SET seen_at = ?', later);
    expect(page({ status: 'missing' }).total, 'the log was not read since').toBe(0);
  });

  it('finds its entries in the log as that is read, and what is no longer in it', () => {
    const [seen, later] = [10, 400].map((index) => parseEntry(honest[index] as string) as AuditEntry);
    if (seen === undefined || later === undefined) throw new Error('no entries');
    const same = ({ action, resource, correlationId }: AuditEntry): Partial<JournalRecord> => ({ action, resource, correlationId });
    addToJournal(database.writer, [done(1, { ...same(seen), action: seen.action }), done(2, same(later)), done(3, { action: 'approve', correlationId: 'never-arrived' })]);
    read(100);
    expect(page().rows.map(({ index }) => index)).toEqual([null, null, 10]);
    read(700);
    expect(page().rows.map(({ status, index }) => [status, index])).toEqual([['missing', null], ['found', 400], ['found', 10]]);
    database.writer.transaction(() => keeper.log.truncate(50));
    expect(page().rows.map(({ index }) => index), 'gone with what was cut off').toEqual([null, null, 10]);
  });
});

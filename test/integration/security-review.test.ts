import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../../main/ed25519.ts';
import { formatKey, parseKey, type NoteKey } from '../../shared/audit/note.ts';
import { openQuestions } from '../../shared/audit/evidence-facts.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';
import { reportHtml } from '../../shared/report/template.ts';
import type { FindingKind, Review } from '../../shared/security/review/finding.ts';
import { openStatement } from '../../shared/security/review/statement.ts';
import { createAudit } from '../backend/audit/audit.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.end();
  world = null;
});

type Event = { at: number; actor?: string; action?: string; resource?: string; outcome?: 'accepted' | 'refused'; reason?: string };
const day = 86_400_000;
const hour = 3_600_000;
/** The Monday some five weeks ago, by local time. */
const monday = ((): number => {
  const date = new Date(Date.now() - 35 * day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7)).getTime();
})();
const at = (days: number, hours: number): number => new Date(monday + days * day + 12 * hour).setHours(0, 0, 0, 0) + hours * hour;
/** Three weeks of ordinary work. */
const calm: Event[] = [0, 1, 2].flatMap((week) => [0, 1, 2, 3, 4].flatMap((weekday) => [8, 9, 10, 11, 13, 14, 15, 16].map((hours): Event => ({
  at: at(week * 7 + weekday, hours), actor: hours % 2 === 0 ? 'sales' : 'manager', action: hours % 2 === 0 ? 'submit' : 'approve', resource: `sales/C-${week}-${weekday}-${Math.floor(hours / 2)}`,
}))));

/** A server whose log is this history, read and verified by one computer. */
async function start(events: readonly Event[]): Promise<Pc> {
  world = await startWorld({ documents: 20 });
  const { db } = world.backend.control;
  db.exec('DELETE FROM audit_log');
  const audit = createAudit(db);
  for (const { at: ts, actor = 'sales', action = 'submit', resource = 'sales/X', outcome = 'accepted', reason = null } of events.toSorted((a, b) => a.at - b.at)) {
    audit.append({ ts, actor, role: null, client: null, action, resource, from: null, to: null, reason, policy: null, correlationId: `t-${ts}-${action}`, outcome });
  }
  const pc = await world.pc();
  await pc.as('admin');
  await visit(pc);
  return pc;
}
async function visit(pc: Pc): Promise<void> {
  const job = pc.workspace.audit.visit();
  expect((await pc.jobs.ended(job.id))?.status).toBe('done');
}
const period = { from: at(14, 0), to: at(21, 0) - 1 };
const kinds = ({ findings }: Review): FindingKind[] => findings.map(({ kind }) => kind);

describe('a security review', () => {
  it('finds nothing in a clean period', async () => {
    const pc = await start(calm);
    const before = (await pc.workspace.audit.status()).size;
    createAudit((world as World).backend.control.db).append({ ts: Date.now(), actor: 'sales', role: null, client: null, action: 'submit', resource: 'sales/NEW', from: null, to: null, reason: null, policy: null, correlationId: 'after-the-visit', outcome: 'accepted' });
    const review = await pc.workspace.security.review.start(period);
    expect(review.log.size, 'reads first what was written since').toBeGreaterThan(before);
    expect(review).toMatchObject({ entries: 40, actors: 2, findings: [], log: { kind: 'signed' } });
    expect(review.log.verified?.size).toBe(review.log.size);
    await pc.workspace.security.review.finish(review.id, { pdf: new Uint8Array([1]), file: 'x.pdf' });
    const [facts] = verifyEvidence([await pc.workspace.security.review.bundle(review.id, 'de')], null, verifyEd25519).files;
    expect(facts, 'what was looked at').toMatchObject({ size: review.log.size, ranges: [], review: { findings: 0 } });
  });

  it('finds each oddity with its entries, and ends in a signed report and a file that proves itself', async () => {
    const odd: Event[] = [
      { at: at(15, 3), actor: 'sales', action: 'print', resource: 'sales/NIGHT' },
      { at: at(16, 9) + 1, actor: 'manager', action: 'submit', resource: 'sales/OWN' }, { at: at(16, 10) + 1, actor: 'manager', action: 'approve', resource: 'sales/OWN', reason: 'eilig' },
      ...[1, 2, 3].map((count): Event => ({ at: at(16, 11) + count * 1000, actor: 'sales', action: 'export', outcome: 'refused' })),
      ...[1, 2, 3].map((count): Event => ({ at: at(17, 8) + count * 1000, actor: 'sales', action: 'login', outcome: 'refused' })),
      { at: at(17, 11) + 5, actor: 'manager', action: 'policy.restore', resource: 'policy' },
      ...Array.from({ length: 25 }, (_, count): Event => ({ at: at(18, 14) + count * 1000 + 1, actor: 'sales', action: 'delete', resource: `sales/B-${count}` })),
    ];
    const pc = await start([...calm, ...odd]);
    const { review: desk, evidence } = pc.workspace.security;
    const begun = await desk.start(period);
    expect(kinds(begun)).toEqual(['selfApproval', 'privilege', 'failedLogin', 'failed', 'bulk', 'unusualHours']);
    const entries = async (kind: FindingKind): Promise<string[]> => (await desk.entries(begun.id, begun.findings.find((one) => one.kind === kind)?.id ?? '')).map(({ actor, action, resource }) => `${actor} ${action} ${resource}`);
    expect(await entries('selfApproval')).toEqual(['manager approve sales/OWN']);
    expect(await entries('unusualHours')).toEqual(['sales print sales/NIGHT']);
    expect(await entries('privilege')).toEqual(['manager policy.restore policy']);
    expect(await entries('bulk')).toHaveLength(25);
    expect(await entries('failedLogin')).toHaveLength(3);
    expect(await entries('failed')).toHaveLength(3);

    await expect(desk.report(begun.id, 'de')).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    for (const [count, { id }] of begun.findings.entries()) await desk.decide(begun.id, id, count === 0 ? { verdict: 'raised', note: 'Vier Augen verletzt' } : { verdict: 'accepted', note: '' });
    // As after a restart: nothing of it is only in memory.
    expect((await desk.list())[0]).toMatchObject({ id: begun.id, total: 6, decided: 6, raised: 1, finished: null });
    const { report } = await desk.report(begun.id, 'de');
    const html = reportHtml(report);
    for (const words of ['Prüfbericht Sicherheit', '1 beanstandet', 'Vier Augen verletzt', 'sales/OWN', 'Ungewohnte Zeiten']) expect(html).toContain(words);
    expect(html).not.toContain('{{');
    expect(reportHtml((await desk.report(begun.id, 'en')).report)).toContain('Security review report');

    const pdf = new TextEncoder().encode(html);
    const done = await desk.finish(begun.id, { pdf, file: 'report.pdf' });
    const sha256 = createHash('sha256').update(pdf).digest('hex');
    const opened = openStatement(done.finished?.statement ?? '', verifyEd25519);
    expect(opened?.statement).toMatchObject({ review: begun.id, findings: 6, raised: 1, sha256, root: begun.log.root });
    expect(openStatement((done.finished?.statement ?? '').replace('"raised": 1', '"raised": 0'), verifyEd25519)).toBeNull();
    await expect(desk.decide(begun.id, begun.findings[0]?.id ?? '', null)).rejects.toMatchObject({ error: { code: 'input.invalid' } });
    await expect(desk.discard(begun.id)).rejects.toMatchObject({ error: { code: 'input.invalid' } });

    const bundle = await desk.bundle(begun.id, 'de');
    const { key } = await pc.workspace.audit.status();
    expect(verifyEvidence([bundle], [parseKey(key ?? '') as NoteKey], verifyEd25519)).toMatchObject({ ok: true, entries: 34 });
    expect(bundle).toContain(`SHA-256 ${sha256}`);
    const { note: device } = await pc.workspace.audit.deviceKey();
    expect(verifyEvidence([bundle], null, verifyEd25519, [device]).files[0]?.review).toMatchObject({ sha256, raised: 1 });
    expect(html, 'the key is on paper too').toContain(formatKey(device));
    // The statement stands in it whole, so that it can be taken out and checked by itself.
    expect(openStatement(bundle.slice(bundle.indexOf('valeo-review/1'), bundle.indexOf('-----BEGIN EVIDENCE-----')), verifyEd25519)?.statement).toMatchObject({ sha256 });
    expect(verifyEvidence([bundle.replace(sha256, '0'.repeat(64))], [parseKey(key ?? '') as NoteKey], verifyEd25519)).toMatchObject({ ok: false, fault: 'statement' });
    // A review of a past period does not count for longer because it was written today.
    expect((await evidence.list()).find(({ origin }) => origin === 'review')).toMatchObject({ expiresAt: period.to + (period.to - period.from) + 14 * 86_400_000, point: 'authorisation.review', outcome: 'partly', params: { findings: '6', raised: '1' } });
  });

  it('says on every way out that there was more than one review holds, and counts as half of one', async () => {
    const many = Array.from({ length: 2050 }, (_, person) => [1, 2, 3].map((count): Event => ({ at: at(15, 9) + person * 10_000 + count, actor: `p${person}`, action: 'export', outcome: 'refused' }))).flat();
    const pc = await start(many);
    const { review: desk, evidence } = pc.workspace.security;
    const begun = await desk.start(period);
    expect([begun.findings.length, begun.cut]).toEqual([2000, begun.cut]);
    expect(begun.cut).toBeGreaterThanOrEqual(50);
    const decided: Review = { ...begun, findings: begun.findings.map((one) => ({ ...one, decision: { verdict: 'accepted', note: '', at: Date.now(), by: 'admin' } })) };
    await pc.host.records.put([{ kind: 'review', id: begun.id, body: decided, changedAt: Date.now() }]);
    const html = reportHtml((await desk.report(begun.id, 'de')).report);
    expect(html).toContain(`${begun.cut} weitere Feststellungen passten nicht in diese Prüfung`);
    expect(html).not.toContain('ohne Beanstandung');
    const done = await desk.finish(begun.id, { pdf: new TextEncoder().encode(html), file: 'report.pdf' });
    expect(openStatement(done.finished?.statement ?? '', verifyEd25519)?.statement).toMatchObject({ findings: 2000, cut: begun.cut });
    expect(await desk.bundle(begun.id, 'de')).toContain(`${begun.cut} weitere Feststellungen passten nicht in diese Prüfung`);
    expect((await evidence.list()).find(({ origin }) => origin === 'review')).toMatchObject({ outcome: 'partly', source: 'attested', by: 'admin', at: period.to, messageKey: 'security-review.evidenceCut' });
  });

  it('counts gaps, an open alarm and what the server forgot of our journal, and says when nothing is verified', async () => {
    const pc = await start(calm);
    const { workspace } = pc;
    workspace.audit.notes.note({ action: 'approve', resource: 'sales/LOST', outcome: 'sent', correlationId: 'never-there' });
    await workspace.audit.notes.settled();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    await pc.host.audit('audit.raise', { fault: 'rewritten', firstBad: 3, note: null, now: Date.now() });
    await visit(pc);
    const now = await workspace.security.review.start({ from: at(14, 0), to: Date.now() + 1 });
    expect(kinds(now)).toEqual(expect.arrayContaining(['alarm', 'silence', 'journalMissing']));
    expect(kinds(now)).not.toContain('unread');
    expect(now.findings.find(({ kind }) => kind === 'journalMissing')?.subject).toContain('approve sales/LOST');
    await workspace.security.review.discard(now.id);
    expect(await workspace.security.review.list()).toEqual([]);
    await pc.host.audit('audit.seal', { reason: 'Sicherung zurückgespielt', by: 'carla', now: Date.now() });
    const anew = await workspace.security.review.start({ from: at(14, 0), to: Date.now() + 1 });
    expect(anew.findings.find(({ kind }) => kind === 'section')).toMatchObject({ actor: 'carla', subject: '1: Sicherung zurückgespielt' });
    expect(kinds(await workspace.security.review.start(period)), 'not in a period before it').not.toContain('section');

    (world as World).backend.control.fail({ path: /security\/audit-log/, fault: { kind: 'answer', status: 500 }, times: 1000 });
    const later = await workspace.security.review.start({ from: at(14, 0), to: Date.now() + 1 });
    expect(kinds(later), 'read until a moment ago, and not since').toContain('unread');
    await workspace.security.review.discard(later.id);
    const fresh = await (world as World).pc();
    await fresh.as('admin');
    const unread = await fresh.workspace.security.review.start(period);
    expect(unread).toMatchObject({ entries: 0, log: { verified: null } });
    expect(kinds(unread)).toEqual(['unverified']);
    await fresh.workspace.security.review.decide(unread.id, unread.findings[0]?.id ?? '', { verdict: 'raised', note: 'zuerst lesen' });
    await fresh.workspace.security.review.finish(unread.id, { pdf: new Uint8Array([1]), file: 'x.pdf' });
    // Nothing of the log is proven; the file says that, and what the review covers.
    const [facts] = verifyEvidence([await fresh.workspace.security.review.bundle(unread.id, 'en')], null, verifyEd25519).files;
    expect(facts).toMatchObject({ size: 0, ranges: [], review: { raised: 1, size: 0 }, unproven: expect.arrayContaining([openQuestions.rest]) as string[] });
    expect((await fresh.workspace.security.evidence.list()).find(({ origin }) => origin === 'review'), 'looking at nothing proves nothing').toBeUndefined();
  });
});

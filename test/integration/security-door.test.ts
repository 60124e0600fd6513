import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDispatcher, type CoreHandlers } from '../../main/ipc/dispatcher.ts';
import { securityCentrePart } from '../../main/ipc/handlers/security/part.ts';
import { silentLog } from '../../main/log/log.ts';
import { securityCentreCalls } from '../../shared/ipc/calls/security/index.ts';
import type { Result } from '../../shared/ipc/errors.ts';
import { centreInputs } from '../fixtures/centre-calls.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

type Name = keyof typeof securityCentreCalls;
type Sent = { method: string; path: string; status: number };

const names = Object.keys(securityCentreCalls) as Name[];
const acts = names.filter((name) => securityCentreCalls[name].right === 'act');
const reads = names.filter((name) => securityCentreCalls[name].right === 'read');

let world: World;
let folder: string;
/** By person. */
const sent = new Map<string, Sent[]>();
const people = new Map<string, Pc>();

/** Keeps what left the main process for the ERP, and what the server said. */
const watched = (who: string) => async (url: string, init?: RequestInit): Promise<Response> => {
  const answer = await fetch(url, init);
  if (url.startsWith(world.backend.erp)) sent.set(who, [...(sent.get(who) ?? []), { method: init?.method ?? 'GET', path: new URL(url).pathname, status: answer.status }]);
  return answer;
};
/** What of it was for the security centre; documents are pulled whenever they like. */
const ofCentre = (who: string): Sent[] => (sent.get(who) ?? []).filter(({ path: asked }) => /^\/(?:security|metrics|readyz|api\/gdpr)/.test(asked));
const refused = (who: string): Sent[] => (sent.get(who) ?? []).filter(({ method, status }) => method !== 'GET' || status >= 400);

/** The door as the window meets it: contract, lock, right, handlers, with files in a folder instead of a dialog. */
function ask(who: string, name: Name): Promise<Result<unknown>> {
  const pc = people.get(who);
  if (pc === undefined) throw new Error(`nobody called ${who}`);
  const part = securityCentrePart({
    security: () => Promise.resolve(pc.workspace.security),
    files: { saveFile: (suggested) => Promise.resolve(path.join(folder, suggested)), openFile: () => Promise.resolve(), showInFolder: () => undefined },
    paper: { printToPdf: () => Promise.resolve(new Uint8Array(8)), printWithDialog: () => Promise.resolve(false), showPreview: () => '', forgetPreviews: () => undefined },
  });
  return createDispatcher({} as CoreHandlers, { later: () => Promise.resolve(part), log: silentLog, isUnlocked: () => Promise.resolve(true), account: () => Promise.resolve(pc.workspace.account()) })(name, centreInputs[name]);
}
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-door-'));
  world = await startWorld({ documents: 20 });
  const admin = await world.pc();
  await admin.as('admin');
  await admin.workspace.security.incidents.book.create({ title: 'Fremde Anmeldung', description: '', severity: 'high', isExercise: false, detectedAt: Date.now(), awareAt: Date.now(), origin: null });
  await admin.workspace.security.incidents.joining.settled();
  await admin.workspace.security.checklists.answer('asvs', 'v6.3.2', { state: 'done', owner: 'IT', due: null, evidence: 'Liste der Konten', note: '' });
  for (const name of ['auditor', 'manager']) {
    const pc = await world.pc({ fetch: watched(name) });
    await pc.as(name);
    await vi.waitFor(() => { if (pc.workspace.online.pull.state().finishedAt === null) throw new Error('not yet'); }, 20_000);
    people.set(name, pc);
  }
});
afterAll(async () => {
  await world.end();
  await rm(folder, { recursive: true, force: true });
});

describe('the door of the security centre', () => {
  it.each(names)('does not answer %s to people without a right in it', async (name) => {
    sent.clear();
    expect(codeOf(await ask('manager', name))).toBe('access.missingScope');
    expect(ofCentre('manager')).toEqual([]);
  });

  it.each(acts)('does not let auditors do %s', async (name) => {
    const before = await people.get('auditor')?.workspace.security.evidence.list();
    sent.clear();
    expect(codeOf(await ask('auditor', name))).toBe('access.missingScope');
    expect(refused('auditor')).toEqual([]);
    expect(await people.get('auditor')?.workspace.security.evidence.list()).toEqual(before);
  });

  it.each(reads)('answers %s to auditors, and asks nothing of the server that it would refuse them', async (name) => {
    sent.clear();
    const code = codeOf(await ask('auditor', name));
    // Nothing is there under the id of the example, and the profile names no Loki; that is all that may be missing.
    expect(['ok', ...({ 'incidents.get': ['input.invalid'], 'incidents.savePostMortem': ['input.invalid'], 'gdpr.saveCertificate': ['input.invalid'], 'backups.exportProof': ['input.invalid'], 'review.entries': ['server.notFound'], 'review.saveEvidence': ['server.notFound'], 'metrics.searchLog': ['server.unsupported'] } as Partial<Record<Name, string[]>>)[name] ?? []]).toContain(code);
    expect(refused('auditor')).toEqual([]);
  });
});

describe('an auditor at a real server', () => {
  it('sees what an administrator has entered there', async () => {
    const { security } = people.get('auditor')?.workspace ?? expect.unreachable();
    await ask('auditor', 'incidents.sync');
    await ask('auditor', 'checklists.sync');
    expect((await security.incidents.list()).rows.map(({ title }) => title)).toEqual(['Fremde Anmeldung']);
    expect((await security.checklists.read()).results).toMatchObject([{ item: 'v6.3.2', evidence: 'Liste der Konten' }]);
    expect((await security.backups.read()).backups.length).toBeGreaterThan(0);
    expect((await security.secrets.read()).server.length).toBeGreaterThan(0);
  });

  it('does not send what was answered here while more was allowed', async () => {
    const { host, workspace: { security } } = people.get('auditor') ?? expect.unreachable();
    const waiting = { list: 'asvs', item: 'v6.3.3', state: 'done', owner: '', due: null, evidence: '', note: '', updatedAt: 1, updatedBy: 'auditor', version: null, isPending: true, mine: null };
    await host.records.put([{ kind: 'checklist.result', id: 'asvs/v6.3.3', body: waiting, changedAt: 1 }]);
    expect((await security.checklists.read()).results.some(({ item, isPending }) => item === 'v6.3.3' && isPending)).toBe(true);
    sent.clear();
    expect(codeOf(await ask('auditor', 'checklists.sync'))).toBe('ok');
    // Of the checklists: a look of the background may come in between.
    expect(ofCentre('auditor').filter(({ path: asked }) => asked.startsWith('/security/checklists'))).toEqual([{ method: 'GET', path: '/security/checklists', status: 200 }]);
  });

  it('sends nothing by itself that the server refuses, in none of what runs in the background', async () => {
    const { security } = people.get('auditor')?.workspace ?? expect.unreachable();
    sent.clear();
    await Promise.all([security.backups.background.look(), security.secrets.background.look(), security.incidents.reminders.look(), security.score.measure(true), security.metrics.refresh(), security.alerts.state()]);
    await security.incidents.joining.settled();
    expect(ofCentre('auditor').length).toBeGreaterThan(0);
    expect(refused('auditor')).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { effectivePolicy, readManaged } from '../../shared/domain/app-policy.ts';
import { freshReport, type DiagnosticReport } from '../../shared/domain/diagnostics.ts';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import { settingsSchema } from '../../shared/domain/settings.ts';
import { appError } from '../../shared/ipc/errors.ts';
import { createLog } from '../log/create.ts';
import { bundleText, lastLogLines, type BundleParts } from './bundle.ts';

const folders: string[] = [];
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }); });

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ';
const canaries = {
  jwt, refresh: 'rt-CANARY-7f3a91', password: 'Pa55-CANARY!', apiKey: 'ak_CANARY_0019', mail: 'canary.person@hof-canary.example', iban: 'DE89 3704 0044 0532 0130 00', ibanCompact: 'DE89370400440532013000',
  note: 'Kanarienvogel-Notiz-7261', person: 'Katharina-Kanari', demoPassword: 'sales-CANARY', home: homedir().length >= 4 ? homedir() : '/home/katharina.kanari',
};

const managed = readManaged(JSON.stringify({ 'lock.idleMinutes': 5, [`token ${canaries.refresh}`]: 'x', [canaries.mail]: 1 }), 'managed-settings.json');
const report: DiagnosticReport = {
  startedAt: 1_795_000_000_000, endedAt: 1_795_000_001_000,
  steps: freshReport.steps.map((step) => (step.id === 'erp' ? { ...step, status: 'failed' as const, cause: 'erpDown' as const, facts: { host: `user:${canaries.password}@erp.example`, code: `Bearer ${canaries.refresh}` } } : step)),
};

const parts = (log: readonly string[]): BundleParts => ({
  version: '1.2.3', electron: '45.0.0', platform: 'linux', now: 1_795_000_002_000, report, log,
  settings: settingsSchema.parse({ language: 'de', layout: { 'audit.filters': JSON.stringify({ text: canaries.note, actor: canaries.person }), 'documents.search': `${canaries.mail} ${canaries.iban}`, [`x ${canaries.mail}`]: 1 } }),
  policy: { ...effectivePolicy(managed, {}), file: managed.file, notice: null },
  profile: connectionProfileSchema.parse({ id: 'p', name: canaries.person, environment: 'demo', erpUrl: 'https://erp.example', issuer: 'https://login.example/realms/x', clientId: canaries.apiKey, demoAccounts: [{ name: 'sales', password: canaries.demoPassword, roles: [] }] }),
  connection: { status: 'offline', since: 1, lastContactAt: null, erp: { reachable: false, since: 1, error: appError('network.unreachable', { params: { host: canaries.mail } }) }, identityProvider: { reachable: true, since: 1, error: null }, live: false, missingCapabilities: ['events'] },
  sync: { status: 'failed', done: 0, expected: 0, finishedAt: 5, error: appError('server.failed', { params: { detail: canaries.note } }), cached: 7, perSecond: null, remainingMs: null, unreadable: { count: 0, first: [] } },
  session: { status: 'signedIn', roles: ['admin'], persistence: { kind: 'keychain' } },
});

it('holds what support needs and nothing that must not leave the computer, whichever way it got there', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'valeo-bundle-'));
  folders.push(folder);
  const { log, close } = createLog({ file: { path: path.join(folder, 'logs', 'app.log') } });
  log.info(`got ${canaries.jwt} for ${canaries.mail}, account ${canaries.iban} or ${canaries.ibanCompact}`);
  log.warn('refused', { path: '/api/v1/status', status: 503, correlationId: '7d0f2a34-3c38-4c33-8a6e-1f0c0a8f6d11', authorization: `Bearer ${canaries.refresh}`, body: { notes: canaries.note } });
  log.error('failed', { err: new Error(`ENOENT ${canaries.home}/Belege/x, password=${canaries.password}`) });
  close();
  // Lines that came past the sink, as from an older version of the app.
  const raw = [`plain ${canaries.jwt} ${canaries.mail}`, JSON.stringify({ level: 'info', message: `IBAN ${canaries.iban}`, input: canaries.note, apiKey: canaries.apiKey, at: 'C:\\Users\\katharina\\AppData' })];
  const text = bundleText(parts([...(await lastLogLines(folder)), ...raw]));

  for (const [name, secret] of Object.entries(canaries)) expect(text.includes(secret), name).toBe(false);
  expect(text).not.toMatch(/eyJ[\w-]{8,}/);
  expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w+/);
  expect(text).not.toContain('katharina');
  for (const wanted of [
    '[app]', 'version: 1.2.3', '[profile]', 'erp: erp.example', 'environment: demo', '[settings]', 'audit.filters', '[managedSettings]', 'lock.idleMinutes: 5', 'managed', '[diagnosis]', 'cause: erpDown', '[connection]', 'network.unreachable', '[sync]',
    'documents: 7', '[session]', 'roles: admin', '[log]', '7d0f2a34-3c38-4c33-8a6e-1f0c0a8f6d11', '/api/v1/status',
  ]) expect(text, wanted).toContain(wanted);
});

it('is there without a profile, a log or anybody signed in, and takes the end of a long log', async () => {
  expect(await lastLogLines('/nowhere')).toEqual([]);
  const text = bundleText({ ...parts(Array.from({ length: 1000 }, (_, index) => `{"n":${index}}`)), profile: null, session: null, connection: null, sync: null, report: freshReport });
  expect(text).toContain('[profile]\nvalue: –');
  expect(text).toContain('{"n":999}');
  expect(text).not.toContain('{"n":600}');
});

it('does not hold anybody up, however odd the log is', () => {
  const started = performance.now();
  bundleText(parts(Array.from({ length: 300 }, () => 'token'.repeat(800))));
  // A pattern that goes over a line again for each of its letters takes far longer, on any machine.
  expect(performance.now() - started).toBeLessThan(10_000);
});

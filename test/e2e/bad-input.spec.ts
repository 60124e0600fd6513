import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { FaultRule } from '../backend/control.ts';
import { makeCertificate } from '../integration/certificates.ts';
import { withBrowser } from '../runtime/browser.ts';
import { goTo, openDocument, openDocuments, untilPulled, writeOrder } from '../runtime/hands.ts';
import { startKeyring } from '../runtime/keyring.ts';
import { call, expect, signInAs, test, type Backend, type Installation } from './fixtures.ts';

// Every failure ends in a clear message where it arose, with the correlation id where there is one, and loses nothing.
// The codes behind each case are tested closer to their source; here it is what a person sees in the real app.

const signInButton = (page: Page) => page.getByRole('button', { name: 'Im Browser anmelden' });
const panel = (page: Page, code: string) => page.locator(`[data-code="${code}"]`);

/** The database file of the only account of an installation. */
async function databaseFile({ userData }: Installation): Promise<string> {
  const folder = join(userData, 'cache');
  const name = (await readdir(folder)).find((file) => file.endsWith('.db'));
  if (name === undefined) throw new Error('no database');
  return join(folder, name);
}

test.describe('before anybody is signed in', () => {
  test('a server that is not there, a page instead of a provider, a wrong issuer', async ({ serve, install }) => {
    const backend = await serve({ documents: 20 });
    const stranger = createServer((_request, response) => response.end('<html>Startseite</html>'));
    await new Promise<void>((resolve) => { stranger.listen(0, '127.0.0.1', resolve); });
    const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    for (const [issuer, code] of [['http://127.0.0.1:65531', 'network.unreachable'], [elsewhere, 'login.provider'], [backend.issuer.replace('127.0.0.1', 'localhost'), 'login.issuerMismatch']] as const) {
      const app = await (await install({ ...backend, issuer })).start();
      await signInButton(app.page).click();
      await expect(panel(app.page, code), code).toBeVisible({ timeout: 20_000 });
      await expect(signInButton(app.page)).toBeEnabled();
      await app.close();
    }
    stranger.close();
  });

  test('a certificate that is expired, foreign or for another name, and one that the profile vouches for', async ({ serve, install }) => {
    const backend = await serve({ documents: 20 });
    for (const [kind, vouched, code] of [
      ['expired', true, 'tls.expired'], ['self-signed', false, 'tls.untrusted'], ['other-name', true, 'tls.nameMismatch'], ['good', false, 'tls.untrusted'], ['good', true, 'login.provider'],
    ] as const) {
      const { key, cert, ca } = makeCertificate(kind);
      const server = createSecureServer({ key, cert }, (_request, response) => { response.writeHead(404).end(); });
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const app = await (await install({ ...backend, issuer }, vouched && ca !== null ? { caCertificates: ca } : {})).start();
      await signInButton(app.page).click();
      await expect(panel(app.page, code), `${kind}, ${vouched ? 'vouched for' : 'unknown'}`).toBeVisible({ timeout: 20_000 });
      await app.close();
      server.close();
    }
  });

  test('a sign-in that is cancelled here or there, and one that is tried again', async ({ serve, install }) => {
    const backend = await serve({ documents: 20 });
    const app = await (await install(backend)).start();
    const { page } = app;
    await signInButton(page).click();
    await app.nextUrl();
    await page.getByRole('button', { name: 'Anmeldung abbrechen' }).click();
    await expect(page.getByText(/Die Anmeldung wurde abgebrochen/)).toBeVisible();
    await signInButton(page).click();
    await withBrowser(await app.nextUrl(), async (browser) => {
      await browser.getByRole('link', { name: /Abbrechen/ }).click();
      await browser.waitForURL((url) => url.pathname === '/callback');
    });
    await expect(panel(page, 'login.denied')).toBeVisible();
    await signInAs(app, backend, 'sales');
  });

  test('a profile file that is no profile', async ({ serve, install }) => {
    const installation = await install(await serve({ documents: 20 }));
    await writeFile(installation.profile, '{"erpUrl": "http://erp.example.de"}');
    const { page } = await installation.start();
    await expect(panel(page, 'profile.invalid')).toContainText(/erpUrl/);
  });
});

test.describe('the keychain', () => {
  for (const mode of ['none', 'locked'] as const) {
    test(`is ${mode}: this session only, said clearly, and nothing lasting is written`, async ({ serve, install }) => {
      test.skip(process.platform !== 'linux', 'the keychain of Windows and macOS cannot be taken away');
      const backend = await serve({ documents: 60 });
      const installation = await install(backend);
      const keyring = await startKeyring(mode);
      try {
        const app = await installation.start({ keyring });
        await signInAs(app, backend, 'sales');
        await expect(app.page.getByTestId('session-only')).toContainText(mode === 'none' ? /keinen Schlüsselbund/ : /gesperrt/);
        await untilPulled(app);
        await openDocuments(app.page);
        await expect(app.page.getByRole('row').nth(3)).toBeVisible();
        await app.close();
        expect((await readdir(join(installation.userData, 'cache'))).filter((file) => file.includes('.db'))).toEqual([]);
      } finally {
        await keyring.close();
      }
    });
  }
});

test.describe('the cache', () => {
  test('is damaged: said, set aside, and read again', async ({ serve, install }) => {
    const backend = await serve();
    const installation = await install(backend);
    const first = await installation.start();
    await signInAs(first, backend, 'sales');
    await untilPulled(first);
    await first.close();
    const file = await databaseFile(installation);
    const bytes = await readFile(file);
    for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0xa5, at, at + 64);
    await writeFile(file, bytes);
    const again = await installation.start();
    await goTo(again.page, 'Übersicht', 'Overview');
    await expect(again.page.getByText(/beschädigt/).first()).toBeVisible({ timeout: 20_000 });
    await untilPulled(again);
    await openDocuments(again.page);
    await expect(again.page.getByRole('row').nth(5)).toBeVisible();
  });

  test('is from a newer version: left alone, and said', async ({ serve, install }) => {
    const backend = await serve({ documents: 60 });
    const installation = await install(backend);
    const first = await installation.start();
    await signInAs(first, backend, 'sales');
    await untilPulled(first);
    await first.close();
    const file = await databaseFile(installation);
    await makeNewer(installation, file);
    const before = await readFile(file);
    const { page } = await installation.start();
    await expect(page.getByText(/neueren Version/).first()).toBeVisible({ timeout: 20_000 });
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});

/** Raises the schema version as a later release would, with the key from the keychain. */
async function makeNewer(installation: Installation, file: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const keytar = require('keytar') as { findCredentials(service: string): Promise<{ account: string; password: string }[]> };
  const service = `VALEO NeuroERP Admin ${createHash('sha256').update(installation.userData).digest('hex').slice(0, 8)}`;
  const entry = (await keytar.findCredentials(service)).find(({ account }) => account.startsWith('database.'));
  const key = Buffer.from(entry?.password.replace(/^v1:/, '') ?? '', 'base64');
  const Database = require('better-sqlite3') as new (path: string) => { pragma(text: string): unknown; close(): void };
  const database = new Database(file);
  database.pragma("cipher='aegis'");
  database.pragma(`key="x'${key.toString('hex')}'"`);
  database.pragma('user_version = 9999');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

/** A clerk in front of an order of their own. */
async function withOrder(backend: Backend, install: (backend: Backend) => Promise<Installation>): Promise<{ backend: Backend; page: Page; number: string }> {
  const app = await (await install(backend)).start();
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const number = await writeOrder(app.page, { partner: 'Hof', address: 'Am Speicher 4', lines: [{ article: 'raps', quantity: '12,5' }] });
  return { backend, page: app.page, number };
}

test.describe('a server that fails', () => {
  const faults: { name: string; fault: FaultRule['fault']; code: string }[] = [
    { name: '403', fault: { kind: 'answer', status: 403, body: { detail: 'Insufficient permissions. Missing: sales:read' } }, code: 'server.forbidden' },
    { name: '422', fault: { kind: 'answer', status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'customerId'], msg: 'Field required', input: { secret: 'x' } }] } }, code: 'server.invalid' },
    { name: '500', fault: { kind: 'answer', status: 500, body: { detail: 'psycopg2.OperationalError at /srv/app/db.py' } }, code: 'server.failed' },
    { name: '503', fault: { kind: 'answer', status: 503, body: 'Service Unavailable' }, code: 'server.unavailable' },
    { name: 'HTML', fault: { kind: 'html', status: 200 }, code: 'server.notJson' },
    { name: 'half an answer', fault: { kind: 'truncatedJson' }, code: 'server.notJson' },
    { name: '200 with ok:false', fault: { kind: 'notOk', error: 'Traceback (most recent call last)' }, code: 'server.refused' },
  ];

  test('says what happened beside the document, keeps it readable, and recovers', async ({ serve, install }) => {
    const { backend, page, number } = await withOrder(await serve(), install);
    for (const { name, fault, code } of faults) {
      // For every read until it is cleared: one that comes of its own accord must not use it up.
      backend.control.fail({ method: 'GET', path: new RegExp(`documents/sales_order/${number}`), fault, times: 99 });
      await page.waitForTimeout(1_100);
      await page.keyboard.press('F5');
      // In one go: the next event of the server reads the document again, and then the message has done its work.
      const text = await panel(page, code).innerText({ timeout: 20_000 });
      expect(text, name).not.toMatch(/psycopg2|Traceback|\/srv|secret|Service Unavailable|<html/);
      if (fault.kind === 'answer' && fault.status !== 503) expect(text, name).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
      await expect(page.getByTestId('total-gross'), name).toBeVisible();
      backend.control.clearFaults();
      await page.waitForTimeout(1_100);
      await page.keyboard.press('F5');
      await expect(panel(page, code), name).toBeHidden({ timeout: 20_000 });
    }

    backend.control.setStatus('sales_order', number, 'GEPARKT_VON_KI');
    await page.waitForTimeout(1_100);
    await page.keyboard.press('F5');
    await expect(page.getByText('GEPARKT_VON_KI').first(), 'an unknown status is shown as it is').toBeVisible();
  });

  test('fills a screen that was out of reach by itself when it is back', async ({ serve, install }) => {
    const backend = await serve();
    const app = await (await install(backend)).start();
    backend.control.fail({ method: 'GET', path: /\/policy\/list/, fault: { kind: 'dropBefore' }, times: 99 });
    await signInAs(app, backend, 'manager');
    await goTo(app.page, 'Richtlinien', 'Policies');
    await expect(panel(app.page, 'network.interrupted')).toBeVisible({ timeout: 20_000 });
    backend.control.clearFaults();
    await expect(app.page.getByRole('row').filter({ hasText: 'bestand-weizen' })).toBeVisible({ timeout: 30_000 });
  });

  test('keeps what was typed when sending fails, says where it is, and stores it once in the end', async ({ serve, install }) => {
    const { backend, page, number } = await withOrder(await serve(), install);
    await page.keyboard.press('F2');
    await page.getByTestId('field-notes').fill('Bitte vor acht Uhr anliefern');
    const put = { method: 'PUT', path: new RegExp(`documents/sales_order/${number}`) };
    for (const status of [500, 503]) {
      backend.control.fail({ ...put, fault: { kind: 'answer', status, body: { detail: 'Fehler' } }, times: 20 });
      await page.keyboard.press('Control+s');
      await expect(page.getByTestId('waiting-draft'), String(status)).toContainText('Im Ausgang', { timeout: 20_000 });
      // While an attempt is under way it cannot be taken back; the client repeats a 503 by itself for a moment.
      await expect(async () => {
        await page.keyboard.press('F2');
        await expect(page.getByTestId('field-notes'), String(status)).toHaveValue('Bitte vor acht Uhr anliefern', { timeout: 2_000 });
      }).toPass({ timeout: 40_000 });
      backend.control.clearFaults();
    }
    // Refused for good: the reason stands there, and the draft is open again, at once or with F2 when the answer took longer.
    backend.control.fail({ ...put, fault: { kind: 'answer', status: 400, body: { detail: 'Fehler' } }, times: 2 });
    await page.keyboard.press('Control+s');
    await expect(panel(page, 'server.badRequest')).toBeVisible({ timeout: 20_000 });
    if (await page.getByTestId('take-back').isVisible()) await page.keyboard.press('F2');
    await expect(page.getByTestId('field-notes')).toHaveValue('Bitte vor acht Uhr anliefern');
    backend.control.clearFaults();
    // A lost answer: the server has stored it, the connection broke. The same command is sent again, with the same key.
    backend.control.clearRequests();
    backend.control.fail({ ...put, fault: { kind: 'dropAfter' } });
    await page.keyboard.press('Control+s');
    await expect(page.getByText('Bitte vor acht Uhr anliefern').first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByTestId('action-submit')).toBeVisible({ timeout: 20_000 });
    const puts = backend.control.requests.filter(({ method }) => method === 'PUT');
    expect(new Set(puts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test('asks for a pause: a clock instead of an error, and then the answer', async ({ serve, install }) => {
    const { backend, page, number } = await withOrder(await serve(), install);
    backend.control.fail({ method: 'GET', path: /documents\/sales_order/, fault: { kind: 'answer', status: 429, body: 'slow down', retryAfter: 4 } });
    await page.waitForTimeout(1_100);
    await page.keyboard.press('F5');
    await expect(page.getByTestId('waiting')).toContainText(/Sekunde/);
    await expect(page.getByTestId('waiting')).toBeHidden({ timeout: 10_000 });
    await expect(panel(page, 'server.rateLimited')).toBeHidden();
    await openDocument(page, number);
  });
});

test('a second start shows the first window instead of a second one', async ({ serve, install }) => {
  const backend = await serve({ documents: 20 });
  const installation = await install(backend);
  const first = await installation.start();
  await expect(installation.start({ timeout: 8_000 })).rejects.toThrow();
  expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await call(first, 'app.info')).toMatchObject({ ok: true });
});

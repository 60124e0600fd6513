import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { failure } from '../../shared/ipc/errors.ts';
import { withCorrelation } from './correlation.ts';
import { createLog } from './create.ts';
import { redactLine, redactText, redactValue } from './redact.ts';
import { openRotatingFile } from './rotating-file.ts';

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'valeo-log-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ';
const canaries = {
  jwt,
  refresh: 'rt-CANARY-7f3a91',
  password: 'Pa55-CANARY!',
  apiKey: 'ak_CANARY_0019',
  mail: 'canary.person@hof-canary.example',
  iban: 'DE89 3704 0044 0532 0130 00',
  ibanCompact: 'DE89370400440532013000',
  ibanLower: 'de89 3704 0044 0532 0130 00',
};

describe('canaries', () => {
  it('writes no secret to any file, whichever way it reaches the log', () => {
    const path = folder();
    const seen: string[] = [];
    const { log, close } = createLog({ file: { path: join(path, 'app.log') }, alsoTo: (line) => seen.push(line), level: 'debug' });
    log.info(`got ${canaries.jwt} for ${canaries.mail}, account ${canaries.iban} or ${canaries.ibanCompact} or ${canaries.ibanLower}`);
    log.warn(`Authorization: Bearer ${canaries.refresh} and password=${canaries.password}; api key: ${canaries.apiKey}`);
    log.debug('nested', { answer: { headers: { authorization: `Bearer ${canaries.refresh}` }, list: [{ refresh_token: canaries.refresh, apiKey: canaries.apiKey }] } });
    log.error('failed', { error: new Error(`token "${canaries.refresh}" refused`, { cause: failure('server.failed', {}, new Error(canaries.mail)) }) });
    log.error('validation', { detail: [{ type: 'x', loc: ['body', 'notes'], msg: 'too long', input: canaries.password }] });
    log.child('area', { userEmail: canaries.mail, client_secret: canaries.password }).info('child');
    log.info('url', { url: `http://127.0.0.1:4/callback?code=${canaries.refresh}&state=${canaries.apiKey}` });
    log.info(`{"access_token":"${canaries.refresh}","expires_in":3}`);
    close();
    const written = readdirSync(path).map((name) => readFileSync(join(path, name), 'utf8')).join('\n') + seen.join('\n');
    expect(written).toContain('[redacted]');
    expect(seen).toHaveLength(8);
    for (const [name, secret] of Object.entries(canaries)) expect(written.includes(secret), name).toBe(false);
  });

  it('keeps what an administrator needs', () => {
    const hash = 'ab12cdef34567890ab12cdef34567890ab12cdef34567890ab12cdef34567890';
    const line = { message: 'GET /api/mcp/documents/sales_offer/ANG-2025-00012 → 200 in 41 ms', hash, correlationId: '7d0f2a34-3c38-4c33-8a6e-1f0c0a8f6d11', hasToken: true, refreshToken: null };
    expect(redactValue(line)).toEqual(line);
    expect(redactText('Price below cost for article WEIZEN-A')).toBe('Price below cost for article WEIZEN-A');
  });

  it('takes no noticeable time on texts made to be slow', () => {
    const slow = ['a'.repeat(100_000), 'token'.repeat(20_000), 'eyJ'.repeat(30_000), 'a@'.repeat(50_000), 'DE12 '.repeat(20_000)];
    const started = performance.now();
    redactValue(slow);
    // Going over a text again for each of its letters would take many seconds.
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('cleans a line that is no JSON', () => {
    expect(redactLine(`boom ${jwt}`)).toBe('boom [redacted]');
  });
});

describe('lines', () => {
  it('carry level, time, area and the correlation id of the running action', async () => {
    const seen: Record<string, unknown>[] = [];
    const { log } = createLog({ alsoTo: (line) => seen.push(JSON.parse(line)), level: 'info' });
    await withCorrelation(async () => {
      await Promise.resolve();
      log.child('erp.http').warn('slow', { ms: 1200 });
      log.info('own', { correlationId: 'its-own' });
    }, 'c-1');
    log.debug('below the level');
    log.info('outside');
    expect(seen).toHaveLength(3);
    expect(seen[0]).toMatchObject({ level: 'warn', area: 'erp.http', message: 'slow', ms: 1200, correlationId: 'c-1' });
    expect(Date.parse(String(seen[0]?.['time']))).toBeGreaterThan(0);
    expect(seen[1]?.['correlationId']).toBe('its-own');
    expect(seen[2]).not.toHaveProperty('correlationId');
  });

  it('cut long texts and flatten errors with their code', () => {
    const seen: string[] = [];
    createLog({ alsoTo: (line) => seen.push(line) }).log.error('x', { error: failure('server.notJson'), text: 'a'.repeat(10_000) });
    expect(seen[0]?.length).toBeLessThan(9000);
    expect(JSON.parse(seen[0] ?? '')).toMatchObject({ error: { code: 'server.notJson' } });
  });
});

describe('rotating file', () => {
  it('stays within size times files and keeps the newest lines', () => {
    const path = folder();
    const file = openRotatingFile({ path: join(path, 'deep', 'app.log'), maxBytes: 1000, files: 3 });
    for (let index = 0; index < 200; index++) file.write(`line ${String(index).padStart(4, '0')} ${'x'.repeat(40)}`);
    file.close();
    const names = readdirSync(join(path, 'deep')).toSorted();
    expect(names).toEqual(['app.log', 'app.log.1', 'app.log.2']);
    for (const name of names) expect(statSync(join(path, 'deep', name)).size).toBeLessThanOrEqual(1000);
    expect(readFileSync(join(path, 'deep', 'app.log'), 'utf8')).toContain('line 0199');
    expect(statSync(join(path, 'deep', 'app.log')).mode & 0o077).toBe(0);
  });

  it('goes on after a restart where it stopped', () => {
    const path = join(folder(), 'app.log');
    for (const line of ['one', 'two']) {
      const file = openRotatingFile({ path });
      file.write(line);
      file.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('counts what it cannot write instead of failing', () => {
    const file = openRotatingFile({ path: '/dev/full/app.log' });
    file.write('lost');
    const full = openRotatingFile({ path: '/dev/full' });
    full.write('lost');
    expect([file.dropped(), full.dropped()]).toEqual([1, 1]);
  });
});

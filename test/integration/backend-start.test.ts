import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAudit } from '../backend/audit/audit.ts';
import { startBackend, type Backend, type BackendInfo } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor } from './backend-client.ts';

const rowsOf = ({ control: { db } }: Backend): unknown[] =>
  ['documents', 'partners', 'articles', 'workflow', 'audit_log', 'counters'].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all());

describe('seed', () => {
  it('is the same for the same number and another for another', async () => {
    const clock = (): number => Date.parse('2026-11-22T10:00:00Z');
    const [one, two, other] = await Promise.all([7, 7, 8].map((seed) => startBackend({ documents: 400, seed, clock })));
    try {
      expect(rowsOf(one as Backend)).toEqual(rowsOf(two as Backend));
      expect(rowsOf(other as Backend)).not.toEqual(rowsOf(one as Backend));
    } finally {
      for (const backend of [one, two, other]) await backend?.close();
    }
  });

  it('gives 2,000 documents of all types over two years up to now, with an approval list and one trail per decision', async () => {
    const backend = await startBackend();
    const { db } = backend.control;
    try {
      const one = <T>(sql: string): T => db.prepare(sql).pluck().get() as T;
      expect(one<number>('SELECT count(*) FROM documents')).toBe(2000);
      expect(one<number>('SELECT count(DISTINCT type) FROM documents')).toBe(9);
      expect(one<number>('SELECT count(*) FROM workflow WHERE state = \'pending\'')).toBe(25);
      const days = (Date.now() - Date.parse(one<string>(`SELECT min(json_extract(body, '$.date')) FROM documents`))) / 86_400_000;
      expect(days).toBeGreaterThan(700);
      expect(days).toBeLessThan(735);
      expect(Date.now() - Date.parse(one<string>(`SELECT max(json_extract(body, '$.date')) FROM documents`))).toBeLessThan(5 * 86_400_000);
      expect(one<number>('SELECT max(updated_at) FROM documents')).toBeLessThanOrEqual(Date.now());
      const below = one<number>(`SELECT count(*) FROM documents d JOIN workflow w ON w.number = d.number AND w.domain = 'sales' AND w.state = 'pending'
        WHERE EXISTS (SELECT 1 FROM json_each(d.body, '$.lines') l WHERE json_extract(l.value, '$.price') < json_extract(l.value, '$.cost'))`);
      expect(below).toBeGreaterThanOrEqual(1);
      expect(below).toBeLessThanOrEqual(2);
      expect(one<number>(`SELECT count(*) FROM workflow w WHERE w.version <> (SELECT count(*) FROM audit_log a WHERE a.resource = w.domain || '/' || w.number)`)).toBe(0);
      expect(one<number>(`SELECT count(*) FROM (SELECT ts, lag(ts) OVER (ORDER BY position) AS before FROM audit_log) WHERE ts < before`)).toBe(0);
      expect(createAudit(db).firstBroken()).toBeNull();
    } finally {
      await backend.close();
    }
  });
});

describe('startBackend', () => {
  it('keeps data, keys and sessions in its folder, and leaves none without one', async () => {
    const data = mkdtempSync(join(tmpdir(), 'valeo-keep-'));
    try {
      const first = await startBackend({ documents: 20, data });
      const port = Number(new URL(first.erp).port);
      const { accessToken } = await loginHeadless(first, 'admin');
      await callerFor(first, accessToken)('POST', '/api/mcp/documents/customer_inquiry', { number: 'INQ-KEEP' });
      await first.close();
      const second = await startBackend({ data, port });
      // fetch may still hold a kept-alive connection of the first server.
      await vi.waitFor(async () => expect((await fetch(`${second.erp}/healthz`)).status).toBe(200));
      expect((await callerFor(second, accessToken)('GET', '/api/mcp/documents/customer_inquiry/INQ-KEEP')).status).toBe(200);
      await second.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
    const temporary = await startBackend({ documents: 5 });
    const file = temporary.control.db.name;
    expect(existsSync(file)).toBe(true);
    await temporary.close();
    expect(existsSync(file)).toBe(false);
  });
});

describe('npm run backend', () => {
  const children: ChildProcess[] = [];
  afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL'); });

  function run(...args: string[]): { child: ChildProcess; out: () => string; err: () => string; line: Promise<string>; exit: Promise<number | null> } {
    const child = spawn(process.execPath, ['test/backend/cli.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let out = '';
    let err = '';
    const line = new Promise<string>((resolve) => child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out);
    }));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { err += text; });
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, out: () => out, err: () => err, line, exit };
  }

  it('prints one JSON line, logs redacted JSON to stderr and ends cleanly', async () => {
    const started = run('--documents', '20', '--api', 'security');
    const info = JSON.parse(await started.line) as BackendInfo;
    expect(Object.keys(info)).toEqual(['erp', 'issuer', 'clientId', 'users']);
    expect(info.users.map((user) => user.name)).toEqual(['admin', 'manager', 'controller', 'operator', 'sales', 'purchase', 'auditor']);
    const { accessToken, refreshToken } = await loginHeadless(info, 'sales');
    await fetch(`${info.erp}/api/v1/status?token=${refreshToken}`, { headers: { authorization: `Bearer ${accessToken}` } });
    started.child.kill('SIGTERM');
    expect(await started.exit).toBe(0);
    expect(started.out().trimEnd().split('\n')).toHaveLength(1);
    const lines = started.err().trimEnd().split('\n').map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(lines.find((entry) => String(entry['path']).startsWith('/api/v1/status'))).toMatchObject({ status: 200, user: 'sales', correlationId: expect.any(String) });
    for (const secret of [accessToken, refreshToken, 'sales-demo']) expect(started.err()).not.toContain(secret);
  });

  it('says in one sentence what is wrong', async () => {
    for (const [args, text] of [[['--port', 'abc'], '--port must be a whole number'], [['--api', 'v4'], '--api must be security or shipped'], [['--nonsense'], 'nonsense']] as const) {
      const wrong = run(...args);
      expect(await wrong.exit).toBe(2);
      expect(wrong.err()).toContain(text);
      expect(wrong.err()).not.toContain('    at ');
    }
    const blocker = createServer();
    await new Promise<void>((resolve) => { blocker.listen(0, '127.0.0.1', resolve); });
    const { port } = blocker.address() as AddressInfo;
    const taken = run('--port', String(port));
    expect(await taken.exit).toBe(1);
    expect(taken.err()).toContain(`port ${port} is taken`);
    blocker.close();
  });
});

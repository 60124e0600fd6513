import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import readXlsxFile from 'read-excel-file/node';
import { extractText } from 'unpdf';
import { startBackend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { order, startTestServer, type Caller, type TestServer } from './backend-client.ts';

let server: TestServer;
let admin: Caller;
let sales: Caller;
let controller: Caller;
beforeAll(async () => {
  server = await startTestServer();
  [admin, sales, controller] = await Promise.all([server.as('admin'), server.as('sales'), server.as('controller')]);
  await sales('POST', '/api/mcp/documents/sales_order', order('SO-P-1'));
});
afterAll(() => server.backend.close());

const print = async (erp: string, name: string, number: string, backend: Parameters<typeof loginHeadless>[0] = server.backend): Promise<{ status: number; type: string | null; bytes: Buffer }> => {
  const { accessToken } = await loginHeadless(backend, name);
  const answer = await fetch(`${erp}/api/documents/sales_order/${number}/print`, { headers: { authorization: `Bearer ${accessToken}` } });
  return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
};

describe('printing on the server', () => {
  it('answers a PDF, archives every copy, and its checksums hold', async () => {
    const first = await print(server.backend.erp, 'sales', 'SO-P-1');
    expect(first).toMatchObject({ status: 200, type: 'application/pdf' });
    const { text } = await extractText(new Uint8Array(first.bytes), { mergePages: true });
    expect(text).toContain('Auftrag SO-P-1');
    expect(text).toContain('5.125,30');
    const second = await print(server.backend.erp, 'sales', 'SO-P-1');
    const history = await sales('GET', '/api/documents/sales_order/SO-P-1/history');
    expect(history.body['items']).toMatchObject([
      { user: 'sales', domain: 'sales', sha256: createHash('sha256').update(first.bytes).digest('hex') },
      { user: 'sales', sha256: createHash('sha256').update(second.bytes).digest('hex') },
    ]);
    const [{ path }] = history.body['items'];
    expect((await sales('GET', `/api/documents/sales_order/SO-P-1/verify/${path}`)).body).toEqual({ ok: true, valid: true });
    server.backend.control.db.prepare('UPDATE archives SET content = ? WHERE path = ?').run(Buffer.from('%PDF-'), path);
    expect((await sales('GET', `/api/documents/sales_order/SO-P-1/verify/${path}`)).body).toEqual({ ok: true, valid: false });
    expect((await sales('GET', '/api/documents/sales_order/SO-P-1/verify/sales/none.pdf')).status).toBe(404);
  });

  it('asks for the scope and archives nothing without it', async () => {
    const before = (await admin('GET', '/api/documents/sales_order/SO-P-1/history')).body['items'].length;
    expect((await controller('GET', '/api/documents/sales_order/SO-P-1/print')).text).toContain('Missing: docs:print');
    expect((await controller('GET', '/api/documents/sales_order/SO-P-1/history')).status).toBe(403);
    expect((await admin('GET', '/api/documents/sales_order/SO-P-1/history')).body['items']).toHaveLength(before);
    expect((await sales('GET', '/api/documents/sales_order/SO-NONE/print')).status).toBe(404);
  });

  it('carries the verify address with the hash on the security profile', async () => {
    const { bytes } = await print(server.backend.erp, 'sales', 'SO-P-1');
    const known = await server.anonymous('GET', '/verify/sales/SO-P-1');
    const { text } = await extractText(new Uint8Array(bytes), { mergePages: true });
    expect(text.replaceAll(/\s/g, '')).toContain(`${server.backend.erp}/verify/sales/SO-P-1/${String(known.body['hash'])}`);
  });

  it('carries only the number on the shipped one', async () => {
    const shipped = await startBackend({ api: 'shipped', documents: 60, rateLimits: false });
    const { number } = shipped.control.db.prepare(`SELECT number FROM documents WHERE type = 'sales_order' LIMIT 1`).get() as { number: string };
    const { bytes } = await print(shipped.erp, 'admin', number, shipped);
    const { text } = await extractText(new Uint8Array(bytes), { mergePages: true });
    expect(text).not.toContain('/verify/');
    await shipped.close();
  });
});

describe('exporting on the server', () => {
  it('gives a type between two days as CSV and XLSX, for whoever may', async () => {
    const csv = await controller('GET', '/api/export/sales_order?fmt=csv&from_date=2026-03-02&to_date=2026-03-02');
    expect(csv.text).toContain('SO-P-1,2026-03-02,');
    expect(csv.text).toContain(',4790.00,335.30,5125.30');
    expect((await sales('GET', '/api/export/sales_order')).text).toContain('Missing: docs:export');
    expect((await controller('GET', '/api/export/sales_order?from_date=2026-3-2')).status).toBe(422);
    expect((await controller('GET', '/api/export/sales_order?fmt=pdf')).status).toBe(422);
    const { accessToken } = await loginHeadless(server.backend, 'controller');
    const answer = await fetch(`${server.backend.erp}/api/export/sales_order?fmt=xlsx&from_date=2026-03-02&to_date=2026-03-02`, { headers: { authorization: `Bearer ${accessToken}` } });
    const [sheet] = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
    expect(sheet?.data.find(([number]) => number === 'SO-P-1')).toMatchObject(['SO-P-1', '2026-03-02', expect.any(String), 'ENTWURF', 4790, 335.3, 5125.3]);
  });

  it('allows ten a minute', async () => {
    const limited = await startTestServer({ rateLimits: true, documents: 20 });
    const caller = await limited.as('controller');
    const statuses: number[] = [];
    for (let index = 0; index < 11; index++) statuses.push((await caller('GET', '/api/export/sales_order')).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect((await caller('GET', '/api/v1/status')).status).toBe(200);
    await limited.backend.close();
  });
});

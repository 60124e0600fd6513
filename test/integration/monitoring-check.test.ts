import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import { checkMonitoring } from '../../main/security/monitoring-check.ts';
import { noMonitoring, type Monitoring } from '../../shared/domain/monitoring.ts';
import { startBackend } from '../backend/index.ts';
import { startLoki, type Loki } from '../backend/loki.ts';
import { freePort } from '../fixtures/ports.ts';
import { makeCertificate } from './certificates.ts';
import { startMonitoring, type Monitoring as Servers } from './monitoring-world.ts';

let backend: Awaited<ReturnType<typeof startBackend>>;
let servers: Servers;
let loki: Loki;
const others: Server[] = [];

/** Whatever else may stand at an address. */
async function somethingElse(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  others.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  [servers, loki] = await Promise.all([startMonitoring(backend.erp, []), startLoki([])]);
});
afterAll(async () => {
  for (const server of others) server.close();
  await Promise.all([servers.end(), loki.close(), backend.close()]);
});

const ask = (monitoring: Partial<Monitoring>, { clock = systemClock, erpUrl = 'https://erp.example.de' }: { clock?: Clock; erpUrl?: string } = {}) =>
  checkMonitoring({ ...noMonitoring, ...monitoring }, { fetch: (url, init) => fetch(url, init), clock, erpUrl });
const host = (url: string): string => new URL(url).host;

describe('asking the servers beside the ERP who they are', () => {
  it('names each that answers, with its version, and asks only those that are filled in', async () => {
    await expect.poll(() => ask({ prometheusUrl: `${servers.prometheus}/graph`, alertmanagerUrl: `${servers.alertmanager}/#/alerts`, lokiUrl: loki.url }), { timeout: 30_000, interval: 500 }).toEqual([
      { id: 'prometheus', status: 'ok', finding: 'answers', host: host(servers.prometheus), version: expect.stringMatching(/^\d+\.\d+\.\d+/), found: null, httpStatus: null, error: null },
      { id: 'alertmanager', status: 'ok', finding: 'answers', host: host(servers.alertmanager), version: expect.stringMatching(/^\d+\.\d+\.\d+/), found: null, httpStatus: null, error: null },
      { id: 'loki', status: 'ok', finding: 'answers', host: host(loki.url), version: '3.1.1', found: null, httpStatus: null, error: null },
    ]);
    expect(await ask({})).toEqual([]);
    expect((await ask({ lokiUrl: loki.url, prometheusUrl: 'der Server im Keller' })).map(({ id }) => id)).toEqual(['loki']);
    expect(loki.requests.every(({ authorization }) => authorization === null)).toBe(true);
  });

  it('says when it is one of the others that answers there', async () => {
    const found = await ask({ prometheusUrl: servers.alertmanager, alertmanagerUrl: loki.url, lokiUrl: servers.prometheus });
    expect(found.map(({ status, finding, found: other }) => [status, finding, other])).toEqual([
      ['failed', 'otherWatcher', 'alertmanager'], ['failed', 'otherWatcher', 'loki'], ['failed', 'otherWatcher', 'prometheus'],
    ]);
    expect(found[0]?.version).toMatch(/^\d+\.\d+/);
  });

  it('warns of a Prometheus that does not scrape the ERP', async () => {
    const blind = await startMonitoring(`http://127.0.0.1:${await freePort()}`, []);
    try {
      expect(await ask({ prometheusUrl: blind.prometheus })).toMatchObject([{ status: 'warning', finding: 'noErpMetrics', version: expect.stringMatching(/^\d/) }]);
    } finally {
      await blind.end();
    }
  });

  it('takes one that tells no version for what it is', async () => {
    const query = await somethingElse((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.startsWith('/api/v1/query?') === true) return response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] } }));
      response.statusCode = 404;
      return response.end('404 page not found');
    });
    expect(await ask({ prometheusUrl: query })).toMatchObject([{ status: 'ok', finding: 'answers', version: null }]);
  });

  it.each([
    ['a sign-in page', 'loginPage', 302, { location: 'https://login.example.de/' }, ''],
    ['a portal that answers everything', 'notThis', 200, { 'content-type': 'text/html' }, '<html>Willkommen</html>'],
    ['nothing at this path', 'notThis', 404, {}, '404 page not found'],
    ['a proxy without a server behind it', 'notReady', 502, {}, 'Bad Gateway'],
    ['a server that is starting', 'notReady', 503, {}, 'Service Unavailable'],
    ['one that wants a password', 'signIn', 401, { 'www-authenticate': 'Basic realm="x"' }, 'Unauthorized'],
    ['one that does not let us in', 'signIn', 403, {}, 'Forbidden'],
  ] as const)('says of %s: %s', async (_, finding, status, headers, body) => {
    const url = await somethingElse((_request, response) => response.writeHead(status, headers).end(body));
    for (const field of ['prometheusUrl', 'alertmanagerUrl', 'lokiUrl'] as const) expect(await ask({ [field]: url })).toMatchObject([{ status: 'failed', finding, host: host(url), httpStatus: finding === 'notReady' ? String(status) : null }]);
  });

  it('does not fail one at the ERP\'s own address for wanting the sign-in that it will get', async () => {
    expect(await ask({ prometheusUrl: backend.erp }, { erpUrl: backend.erp })).toMatchObject([{ status: 'warning', finding: 'signInErp' }]);
    expect(await ask({ prometheusUrl: backend.erp }, { erpUrl: 'noch nichts' })).toMatchObject([{ status: 'failed', finding: 'signIn' }]);
  });

  it('says that nobody answers, that it takes too long, and that the certificate does not count', async () => {
    expect(await ask({ lokiUrl: `http://127.0.0.1:${await freePort()}` })).toMatchObject([{ status: 'failed', finding: 'silent' }]);
    const silent = await somethingElse(() => undefined);
    const hurried: Clock = { ...systemClock, after: (_ms, run) => systemClock.after(200, run) };
    expect(await ask({ lokiUrl: silent }, { clock: hurried })).toMatchObject([{ status: 'failed', finding: 'slow' }]);
    others.at(-1)?.closeAllConnections();
    const { key, cert } = makeCertificate('self-signed');
    const secure = createTlsServer({ key, cert }, (_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => { secure.listen(0, '127.0.0.1', resolve); });
    try {
      expect(await ask({ alertmanagerUrl: `https://127.0.0.1:${(secure.address() as AddressInfo).port}` })).toMatchObject([{ status: 'failed', finding: 'untrusted', error: { code: 'tls.untrusted' } }]);
    } finally {
      secure.close();
    }
  });
});

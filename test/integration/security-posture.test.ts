import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { largestRun, postureCheckIds } from '../../shared/security/posture/checks.ts';
import { planOf } from '../../main/security/posture/run.ts';
import type { RealTokens } from '../../main/security/posture/tokens.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import type { Weaknesses } from '../backend/security/posture.ts';
import { startTlsFront } from '../backend/security/tls-front.ts';
import { makeCertificate, type CertificateKind } from './certificates.ts';
import { examine, fetchTrusting, tokensOf } from './posture-world.ts';

let backend: Backend;
let shipped: Backend;
/** Several accounts take turns, because each has 100 requests a minute. */
const people: RealTokens[] = [];
let turn = 0;
const someone = (): RealTokens => {
  const one = people[turn++ % people.length];
  if (one === undefined) throw new Error('nobody is signed in');
  return one;
};

beforeAll(async () => {
  [backend, shipped] = await Promise.all([startBackend({ documents: 20, accessTokenTtlSeconds: 600 }), startBackend({ documents: 20, api: 'shipped' })]);
  // A token that has really ended, from the same provider with a shorter life.
  backend.control.setGaps({ clockAhead: -3600 });
  const { accessToken: expired } = await loginHeadless(backend, 'admin');
  backend.control.setGaps({});
  for (const name of ['admin', 'sales', 'manager', 'controller', 'purchase']) people.push(await tokensOf(backend, name, expired));
});
afterAll(() => Promise.all([backend.close(), shipped.close()]));
afterEach(() => backend.control.setWeaknesses({}));

const clean: Partial<Weaknesses> = { closedMetrics: true };

describe('posture check', () => {
  it('finds nothing on a server that does everything right', async () => {
    backend.control.setWeaknesses(clean);
    const { results, findings } = await examine(backend.erp, someone());
    expect(findings).toEqual([]);
    expect(results.map(({ check }) => check)).toEqual(postureCheckIds);
    expect(results.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check)).toEqual([]);
    expect(results.filter(({ verdict }) => verdict === 'notApplicable').map(({ check }) => check)).toEqual(['tlsVersion', 'certificate']);
  });

  it('names open metrics, which the reference server has as its interface describes', async () => {
    expect((await examine(backend.erp, someone())).findings).toEqual(['closedMetrics']);
  });

  it('finds on the shipped server what is known to be wrong there, and nothing else', async () => {
    const { results, findings } = await examine(shipped.erp, await tokensOf(shipped, 'admin'));
    expect(findings).toEqual(['tokenGarbage', 'closedMetrics', 'rateAnnounced', 'ready']);
    expect(results.find(({ check }) => check === 'tokenGarbage')).toMatchObject({ verdict: 'partly', seen: { key: 'tokenCrash', params: { status: '500' } } });
    expect(results.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check)).toEqual(['tokenExpired', 'rateCounted']);
  });

  it.each<[string, Partial<Weaknesses>, string[]]>([
    ['no HSTS', { missingHeaders: ['strict-transport-security'] }, ['hsts']],
    ['no CSP', { missingHeaders: ['content-security-policy'] }, ['csp']],
    ['no X-Frame-Options', { missingHeaders: ['x-frame-options'] }, ['frameOptions']],
    ['no nosniff', { missingHeaders: ['x-content-type-options'] }, ['nosniff']],
    ['no Referrer-Policy', { missingHeaders: ['referrer-policy'] }, ['referrerPolicy']],
    ['headers forgotten on errors', { missingOnErrors: ['x-content-type-options'] }, ['nosniff']],
    ['expired tokens accepted', { acceptsExpired: true }, ['tokenExpired']],
    ['a development token accepted', { developmentToken: 'dev-token' }, ['tokenDevelopment']],
    ['tokens for others accepted', { acceptsOtherAudience: true }, ['tokenAudience']],
    ['signatures ignored', { ignoresSignatures: true }, ['tokenForged', 'tokenUnsigned', 'tokenExpired', 'tokenAudience']],
    ['an open endpoint', { openPaths: ['/security/sessions'] }, ['closedPaths']],
    ['an open description of the interface', { openPaths: ['/api/v1/openapi.json'] }, ['closedDocs']],
    ['SQL in errors', { leaks: 'sql' }, ['errorLeaks']],
    ['Python and paths in errors', { leaks: 'trace' }, ['errorLeaks']],
    ['no correlation id', { missingHeaders: ['x-correlation-id'] }, ['correlation']],
    ['any origin allowed', { reflectsOrigin: true }, ['cors']],
    ['a clock that is five minutes ahead', { clockAhead: 300 }, ['clock']],
    ['no rate-limit headers', { missingHeaders: ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] }, ['rateAnnounced']],
    ['a limit that does not count', { countsNothing: true }, ['rateCounted']],
  ])('finds %s, and nothing else', async (_name, weakness, expected) => {
    backend.control.setWeaknesses({ ...clean, ...weakness });
    expect((await examine(backend.erp, someone())).findings).toEqual(expected);
  });

  it.each(['/api/gdpr/export/-', '/api/documents/sales_order/-/history'])('does not call %s closed when it says without a token that there is no such thing', async (path) => {
    backend.control.setWeaknesses({ ...clean, openPaths: [path] });
    const { results, findings } = await examine(backend.erp, someone());
    expect(findings).toEqual([]);
    expect(results.find(({ check }) => check === 'closedPaths')).toMatchObject({ verdict: 'unknown', seen: { key: 'doorsPartlyTold', params: { untold: '1', paths: path } } });
  });

  it.each([502, 503, 504])('takes %i of a gateway for no refusal of a bad token', async (status) => {
    backend.control.setWeaknesses(clean);
    const good = someone();
    const { results } = await examine(backend.erp, good, {
      fetch: async (url, init) => (url.endsWith('/api/v1/status') && new Headers(init?.headers).get('authorization') !== `Bearer ${good.own}` ? new Response('<h1>Bad gateway</h1>', { status }) : fetch(url, init)),
    });
    const tokens = results.filter(({ check }) => check.startsWith('token'));
    expect(tokens.filter(({ verdict }) => verdict !== 'unknown')).toEqual([]);
  });

  it('only reads, within its limit, and exactly what it said before', async () => {
    backend.control.setWeaknesses(clean);
    backend.control.clearRequests();
    const { sent } = await examine(backend.erp, someone());
    const journal = backend.control.requests.filter(({ path }) => !path.startsWith('/idp/'));
    expect(journal).toHaveLength(sent);
    expect(sent).toBeLessThan(largestRun);
    expect(sent).toBe(planOf(backend.erp).requests);
    expect([...new Set(journal.map(({ method }) => method))].toSorted()).toEqual(['GET', 'OPTIONS']);
    // Printing archives a copy each time, an export costs the server a lot: neither is harmless.
    expect(journal.filter(({ path }) => /print|export\/(?!-)/.test(path) && !path.startsWith('/api/mcp/policy/export'))).toEqual([]);
    expect(backend.control.db.prepare('SELECT count(*) AS n FROM documents').get()).toEqual({ n: 20 });
  });

  it('shows no token in what it reports', async () => {
    backend.control.setWeaknesses({ ...clean, ignoresSignatures: true, leaks: 'sql', reflectsOrigin: true });
    const tokens = someone();
    const text = JSON.stringify((await examine(backend.erp, tokens)).results);
    for (const secret of [tokens.own, tokens.identity, tokens.expired(0)]) expect(text).not.toContain(String(secret).split('.')[1]);
  });

  it('stops sending when the server asks it to slow down, and says what that leaves open', async () => {
    backend.control.setWeaknesses(clean);
    backend.control.fail({ path: /policy\/list/, fault: { kind: 'answer', status: 429, retryAfter: 30 } });
    const { results, findings, sent } = await examine(backend.erp, someone());
    expect(findings).toEqual([]);
    expect(sent).toBeLessThan(30);
    expect(results.find(({ check }) => check === 'rateAnnounced')).toMatchObject({ verdict: 'good', seen: { key: 'retryAfter' } });
    expect(results.find(({ check }) => check === 'cors')?.verdict).toBe('unknown');
    backend.control.clearFaults();
  });

  it('says that it cannot tell when nobody answers, instead of calling it good', async () => {
    const { results } = await examine('http://127.0.0.1:9', null);
    expect(results.filter(({ verdict }) => verdict === 'good')).toEqual([]);
    expect(results.find(({ check }) => check === 'live')).toMatchObject({ verdict: 'bad', seen: { key: 'noConnection' } });
  });

  it('ends at once when it is cancelled', async () => {
    backend.control.fail({ path: /healthz/, fault: { kind: 'hang' } });
    const controller = new AbortController();
    const running = examine(backend.erp, someone(), { signal: controller.signal });
    await sleep(50);
    controller.abort();
    await expect(running).rejects.toMatchObject({ error: { code: 'call.cancelled' } });
    backend.control.clearFaults();
  });
});

describe('posture check over TLS', () => {
  const over = async (kind: CertificateKind, versions: Parameters<typeof startTlsFront>[2], days?: number) => {
    const { ca, ...certificate } = makeCertificate(kind, days);
    const front = await startTlsFront(backend.erp, certificate, versions);
    backend.control.setWeaknesses(clean);
    try {
      const examined = await examine(front.url, someone(), { fetch: fetchTrusting(ca) });
      return { ...examined, seen: (check: string) => examined.results.find((one) => one.check === check) };
    } finally {
      await front.close();
    }
  };

  it('sees version, cipher and certificate, and finds nothing on a good one', async () => {
    const { findings, seen, sent } = await over('good', { min: 'TLSv1.2' });
    expect(findings).toEqual([]);
    expect(seen('tlsVersion')).toMatchObject({ verdict: 'good', seen: { key: 'tls', params: { version: 'TLS 1.3' } } });
    expect(seen('certificate')).toMatchObject({ verdict: 'good', seen: { params: { subject: 'server', issuer: 'Test CA', key: 'EC prime256v1' } } });
    expect(sent).toBeLessThan(largestRun);
    expect(sent).toBe(planOf('https://127.0.0.1:1').requests);
  });

  it.each<[string, CertificateKind, Parameters<typeof startTlsFront>[2], string, string, number?]>([
    ['TLS 1.0 and 1.1', 'good', { min: 'TLSv1' }, 'tlsVersion', 'oldTls'],
    ['nothing newer than TLS 1.1', 'good', { min: 'TLSv1', max: 'TLSv1.1' }, 'tlsVersion', 'oldTls'],
    ['an expired certificate', 'expired', { min: 'TLSv1.2' }, 'certificate', 'certificateExpired'],
    ['a certificate for another name', 'other-name', { min: 'TLSv1.2' }, 'certificate', 'certificateOtherName'],
    ['a certificate that nobody vouches for', 'self-signed', { min: 'TLSv1.2' }, 'certificate', 'untrusted'],
    ['a certificate that ends soon', 'good', { min: 'TLSv1.2' }, 'certificate', 'certificateSoon', 10],
  ])('finds %s', async (_name, kind, versions, check, key, days) => {
    const { findings, seen } = await over(kind, versions, days);
    expect(findings).toContain(check);
    expect(seen(check)?.seen.key).toBe(key);
  });
});

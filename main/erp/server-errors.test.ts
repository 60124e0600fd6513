import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkGuards } from '../../shared/domain/workflow.ts';
import { exact } from '../../shared/domain/money.ts';
import { networkCode } from './network-errors.ts';
import { redirectTarget } from './redirects.ts';
import { isRefusal, retryAfterMs, serverError } from './server-errors.ts';
import { instantOf } from './time.ts';

const texts = JSON.parse(readFileSync(new URL('../../resources/locales/de/errors.json', import.meta.url), 'utf8')) as Record<string, string>;
const answer = (status: number, body: unknown) => serverError({ status, body, correlationId: 'c', retryAfter: null });

describe('refusals of the server', () => {
  it.each([
    [400, { detail: 'x' }, 'server.badRequest'], [401, { detail: 'Missing bearer token' }, 'server.unauthorised'], [403, { detail: 'Nope' }, 'server.forbidden'],
    [404, { detail: 'Not Found' }, 'server.notFound'], [405, { detail: 'Method Not Allowed' }, 'server.unsupported'], [409, {}, 'server.conflict'], [412, {}, 'server.preconditionFailed'],
    [418, 'teapot', 'server.badRequest'], [422, { detail: [] }, 'server.invalid'], [428, {}, 'server.preconditionFailed'], [429, 'slow down', 'server.rateLimited'],
    [500, 'Internal Server Error', 'server.failed'], [502, '<html>', 'server.unavailable'], [503, 'x', 'server.unavailable'], [504, 'x', 'server.unavailable'], [599, null, 'server.failed'],
    [200, { ok: false, error: 'no' }, 'server.refused'], [200, { error: 'x', timestamp: 1 }, 'server.refused'],
  ])('%i %j is %s', (status, body, code) => {
    expect(answer(status, body)).toMatchObject({ code, correlationId: 'c' });
  });

  it.each([
    ['Insufficient permissions. Required: sales:approve, admin:all', 403, 'server.forbidden', 'errors.server.forbidden.scopes', { scopes: 'sales:approve, admin:all', kind: 'required' }],
    ['Insufficient permissions. Missing: docs:export', 403, 'server.forbidden', 'errors.server.forbidden.scopes', { scopes: 'docs:export', kind: 'missing' }],
    ['Insufficient role. Required: controller, admin', 403, 'server.forbidden', 'errors.server.forbidden.roles', { roles: 'controller, admin', kind: 'role' }],
    ['Insufficient permissions for approve', 400, 'guard.failed', 'guards.role', { action: 'approve', roles: '' }],
    ['Price below cost for article WEIZEN-A', 400, 'guard.failed', 'guards.priceBelowCost', { article: 'WEIZEN-A', price: '', cost: '' }],
    ['Total must be > 0', 400, 'guard.failed', 'guards.totalAboveZero', { total: '' }],
    ['Reason required', 400, 'guard.failed', 'guards.reason', {}],
    ['transition not allowed', 400, 'guard.failed', 'guards.state', { state: '', action: '' }],
    ['Segregation of duties: the submitter may not approve', 403, 'guard.failed', 'guards.segregation', {}],
    ['Segregation of duties: approving your own submission needs a reason', 403, 'guard.failed', 'guards.segregationReason', {}],
    ['Identity provider unavailable', 503, 'server.unavailable', 'errors.server.identityProviderDown', {}],
  ])('knows "%s"', (detail, status, code, messageKey, params) => {
    for (const body of [{ detail }, { ok: false, error: detail }, detail]) expect(answer(status, body)).toMatchObject({ code, messageKey, params });
    expect(texts[messageKey.replace(/^errors\./, '')], messageKey).toBeTruthy();
  });

  it.each([403, 404, 405, 410])('does not take what a gateway says with %i for the server\'s word', (status) => {
    for (const body of ['<html><h1>404 Not Found</h1></html>', '404 page not found', 'a JSON string', null, { message: 'no Route matched with those values' }, []]) {
      expect(answer(status, body)).toMatchObject({ code: 'server.unavailable', messageKey: 'errors.server.gateway', params: { status: String(status) }, retry: 'later' });
    }
    for (const body of [{ detail: 'Document not found' }, { detail: [] }, { ok: false }, { ok: false, error: 'x' }]) expect(answer(status, body).code).not.toBe('server.unavailable');
    expect(texts['server.gateway']).toBeTruthy();
  });

  it('calls a lost race a conflict where the server has versions', () => {
    expect(answer(409, { detail: 'transition not allowed', state: 'approved' })).toMatchObject({ code: 'server.conflict', messageKey: 'guards.state', params: { state: 'approved' } });
  });

  it('understands every text that our own guards expect from it', () => {
    const findings = (['submit', 'approve', 'reject', 'post'] as const).flatMap((action) => checkGuards(action, { domain: 'sales', state: 'posted', total: exact('0'), lines: [{ article: 'A 1', price: exact('1'), cost: exact('2') }], roles: [] }));
    for (const finding of findings) expect(answer(400, { detail: finding.serverText })).toMatchObject({ code: 'guard.failed', messageKey: finding.messageKey });
    expect(new Set(findings.map(({ guard }) => guard)).size).toBe(5);
  });

  it('lets no word of the server through that it does not know', () => {
    const secret = 'SELECT * FROM users; /srv/app/main.py line 3; anke@firma.example';
    for (const [status, body] of [[500, { detail: secret }], [400, secret], [200, { ok: false, error: secret }], [403, { detail: `Insufficient permissions. Required: ${secret}` }], [422, { detail: [{ type: secret, loc: ['body', 'notes'], msg: secret, input: secret }] }]] as const) {
      const text = JSON.stringify(answer(status, body));
      for (const word of ['SELECT', 'main.py', 'anke']) expect(text).not.toContain(word);
    }
    expect(JSON.stringify(answer(400, { detail: `Price below cost for article anke@firma.example ${'x'.repeat(500)}` })).length).toBeLessThan(500);
  });

  it('names the fields of a 422 in the words of the client', () => {
    const detail = [
      { type: 'missing', loc: ['body', 'customerId'], msg: 'Field required', input: {} }, { type: 'float_parsing', loc: ['body', 'lines', 0, 'price'], msg: 'x', input: 'y' },
      { type: 'string_too_long', loc: ['body', 'notes'] }, { type: 'whatever', loc: ['query', 'limit'] }, 'nonsense',
    ];
    expect(answer(422, { detail }).fieldErrors).toEqual([
      { path: 'partnerId', messageKey: 'errors.field.required', params: {} }, { path: 'lines.0.price', messageKey: 'errors.field.number', params: {} },
      { path: 'notes', messageKey: 'errors.field.length', params: {} }, { path: 'limit', messageKey: 'errors.field.invalid', params: {} },
    ]);
  });

  it('tells a refusal with HTTP 200 from data', () => {
    expect([{ ok: false }, { error: 'x', timestamp: 1 }].map(isRefusal)).toEqual([true, true]);
    expect([{ ok: true, error: null }, [], null, 'x', { error: 'a field' }, { ok: true, error: 'x', timestamp: 1 }].map(isRefusal)).toEqual(Array(6).fill(false));
  });

  it.each([['3', 3000], ['0', 0], ['Fri, 20 Nov 2026 09:00:10 GMT', 10_000], ['Fri, 20 Nov 2020 09:00:10 GMT', 0], ['soon', null], [null, null]])('Retry-After %s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, Date.UTC(2026, 10, 20, 9))).toBe(ms);
  });
});

describe('network failures', () => {
  it.each([
    [new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }), 'network.unreachable'],
    [new TypeError('fetch failed', { cause: new AggregateError([Object.assign(new Error('x'), { code: 'ENETUNREACH' })]) }), 'network.unreachable'],
    [new Error('net::ERR_CERT_AUTHORITY_INVALID'), 'tls.untrusted'], [new Error('net::ERR_CERT_DATE_INVALID'), 'tls.expired'], [new Error('net::ERR_CERT_COMMON_NAME_INVALID'), 'tls.nameMismatch'],
    [new Error('net::ERR_SSL_SOMETHING_NEW'), 'tls.failed'], [new Error('net::ERR_NAME_NOT_RESOLVED'), 'network.unreachable'], [new Error('net::ERR_CONNECTION_REFUSED'), 'network.unreachable'],
    [new Error('net::ERR_INTERNET_DISCONNECTED'), 'network.unreachable'], [new Error('net::ERR_CONNECTION_RESET'), 'network.interrupted'], [new Error('net::ERR_CONNECTION_TIMED_OUT'), 'network.timeout'],
    [new DOMException('x', 'TimeoutError'), 'network.timeout'], [new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) }), 'network.interrupted'],
    [new Error('something else'), null], ['text', null],
  ])('%s is %s', (error, code) => {
    expect(networkCode(error)).toBe(code);
  });
});

describe('redirects', () => {
  const base = new URL('https://erp.example');
  const from = new URL('https://erp.example/metrics');
  it.each([
    [200, '/x', 'GET', null], [307, '/metrics/', 'GET', 'https://erp.example/metrics/'], [307, '/metrics/', 'POST', 'https://erp.example/metrics/'], [302, '/x', 'POST', 'refused'],
    [307, 'http://erp.example/metrics/', 'GET', 'https://erp.example/metrics/'], [307, 'https://other.example/', 'GET', 'https://other.example/'], [307, 'https://other.example/', 'PUT', 'refused'],
    [307, 'http://other.example/', 'GET', 'refused'], [301, null, 'GET', 'refused'], [308, 'javascript:alert(1)', 'GET', 'refused'],
  ])('%i to %s on %s leads to %s', (status, location, method, target) => {
    const found = redirectTarget({ status, location, method, from, base });
    expect(found instanceof URL ? found.href : found).toBe(target);
  });
});

describe('points in time', () => {
  const at = Date.UTC(2026, 10, 20, 9, 30);
  it.each([[at / 1000, at], [at / 1000 + 0.25, at + 250], [at, at], ['2026-11-20T09:30:00Z', at], ['2026-11-20T09:30:00', at], ['2026-11-20 09:30:00', at], ['2026-11-20T10:30:00+01:00', at], [String(at / 1000), at], ['2026-11-20', Date.UTC(2026, 10, 20)], ['', null], ['soon', null], [null, null], [Number.NaN, null]])('%s is %s', (value, expected) => {
    expect(instantOf(value)).toBe(expected);
  });
});

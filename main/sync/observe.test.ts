import { describe, expect, it } from 'vitest';
import { failure } from '../../shared/ipc/errors.ts';
import type { Outcome } from './connection-monitor.ts';
import { observedFetch, probeErp } from './observe.ts';

const address = 'https://erp.example.de/x';

async function outcomes(answer: () => Promise<Response>, signal?: AbortSignal): Promise<string[]> {
  const seen: Outcome[] = [];
  await observedFetch(answer, (outcome) => seen.push(outcome))(address, signal === undefined ? {} : { signal }).catch(() => undefined);
  return seen.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
}

const refused = Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });

describe('observedFetch', () => {
  it('counts any answer of the server itself as reachable, one of a gateway before it not', async () => {
    expect(await outcomes(async () => new Response('', { status: 500 }))).toEqual(['ok']);
    expect(await outcomes(async () => new Response('', { status: 401 }))).toEqual(['ok']);
    expect(await outcomes(async () => new Response('', { status: 502 }))).toEqual(['server.unavailable']);
  });

  it('leaves it to another question what "unavailable" means, where there is one', async () => {
    const seen: string[] = [];
    const fetch = observedFetch(async () => new Response('', { status: 503 }), ({ ok }) => seen.push(String(ok)), () => seen.push('doubt'));
    await fetch(address);
    expect(seen).toEqual(['doubt']);
  });

  it('tells why nobody answered', async () => {
    expect(await outcomes(() => Promise.reject(refused))).toEqual(['network.unreachable']);
    expect(await outcomes(() => Promise.reject(new Error('net::ERR_CERT_DATE_INVALID')))).toEqual(['tls.expired']);
  });

  it('takes a timeout as unreachable, and a cancel for nothing', async () => {
    expect(await outcomes(() => Promise.reject(new Error('aborted')), AbortSignal.abort(failure('network.timeout')))).toEqual(['network.timeout']);
    expect(await outcomes(() => Promise.reject(new Error('aborted')), AbortSignal.abort(failure('call.cancelled')))).toEqual([]);
    expect(await outcomes(() => Promise.reject(failure('call.cancelled')))).toEqual([]);
    expect(await outcomes(() => Promise.reject(new DOMException('gone', 'AbortError')))).toEqual([]);
  });
});

describe('probe', () => {
  it('is content with any answer below 500', async () => {
    const answers = [200, 404, 503].map((status) => probeErp(async () => new Response('', { status }), 'https://erp.example.de', AbortSignal.timeout(1000)));
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(await probeErp(() => Promise.reject(refused), 'https://erp.example.de', AbortSignal.timeout(1000))).toMatchObject({ ok: false, error: { code: 'network.unreachable' } });
  });
});

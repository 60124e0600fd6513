import { request } from 'node:https';
import { Readable } from 'node:stream';
import { runPosture } from '../../main/security/posture/run.ts';
import { Probe } from '../../main/security/posture/probe.ts';
import type { RealTokens } from '../../main/security/posture/tokens.ts';
import { createErp } from '../../main/erp/index.ts';
import { systemClock, type HttpFetch } from '../../main/erp/ports.ts';
import type { Capabilities } from '../../main/erp/types.ts';
import { silentLog } from '../../main/log/log.ts';
import type { PostureResult } from '../../shared/security/posture/result.ts';
import { isFinding } from '../../shared/security/posture/result.ts';
import type { Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

/** What each server has routes for, as the app knows it before it looks at anything else. */
const known = new Map<string, Capabilities>();

/** Real tokens of one account of a running server. */
export async function tokensOf(backend: Backend, name: string, expired: string | null = null): Promise<RealTokens> {
  const { accessToken, idToken } = await loginHeadless(backend, name);
  const access = async (): Promise<string> => accessToken;
  known.set(backend.erp, await createErp({ baseUrl: backend.erp, fetch: (url, init) => fetch(url, init), tokens: { accessToken: access, refreshNow: access }, clock: systemClock, log: silentLog }).capabilities());
  return { own: accessToken, identity: idToken, expired: () => expired, headersFor: async (token) => ({ Authorization: `Bearer ${token}` }) };
}

export type Examination = { results: PostureResult[]; findings: string[]; sent: number };

/** Runs every check against a real server over real HTTP. */
export async function examine(baseUrl: string, tokens: RealTokens | null, { fetch: send = (url, init) => fetch(url, init), signal = new AbortController().signal }: { fetch?: HttpFetch; signal?: AbortSignal } = {}): Promise<Examination> {
  const probe = new Probe({ baseUrl, fetch: send, now: Date.now, turn: async () => undefined, signal, progress: () => undefined });
  const results = await runPosture({ probe, baseUrl, tokens, offers: (feature) => known.get(baseUrl)?.has(feature) ?? false, now: Date.now });
  return { results, findings: results.filter(isFinding).map(({ check }) => check), sent: probe.sent };
}

/** `fetch` over TLS with one more authority, as a profile's own one is trusted in the app. */
export const fetchTrusting = (ca: string | null): HttpFetch => (url, init) => new Promise((resolve, reject) => {
  const outgoing = request(url, { method: init?.method ?? 'GET', headers: Object.fromEntries(new Headers(init?.headers)), ...(init?.signal ? { signal: init.signal } : {}), ...(ca === null ? {} : { ca }) }, (answer) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) for (const one of [value ?? []].flat()) headers.append(name, one);
    const status = answer.statusCode ?? 0;
    resolve(new Response(status === 204 ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers }));
  });
  outgoing.on('error', reject);
  outgoing.end();
});

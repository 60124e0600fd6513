import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { startBackend, type Backend, type BackendOptions } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- the tests assert on what really came; a type would only claim it
export type Json = any;
export type Call = { status: number; headers: Headers; body: Record<string, Json>; text: string };
export type Caller = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Call>;

/** A running backend with one caller per account; the access tokens are fetched once. */
export type TestServer = { backend: Backend; as(name: string): Promise<Caller>; anonymous: Caller };

export function callerFor(backend: Backend, token: string | null): Caller {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(backend.erp + path, {
      method, redirect: 'manual', signal: AbortSignal.timeout(15_000),
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: Record<string, Json> = {};
    try {
      parsed = JSON.parse(text) as Record<string, Json>;
    } catch {
      // Plain text answers are looked at through `text`.
    }
    return { status: response.status, headers: response.headers, body: parsed, text };
  };
}

export async function startTestServer(options: BackendOptions = {}): Promise<TestServer> {
  const backend = await startBackend({ documents: 300, rateLimits: false, ...options });
  const callers = new Map<string, Promise<Caller>>();
  return {
    backend,
    anonymous: callerFor(backend, null),
    as: (name) => {
      const known = callers.get(name) ?? loginHeadless(backend, name).then((tokens) => callerFor(backend, tokens.accessToken));
      callers.set(name, known);
      return known;
    },
  };
}

/** An order that passes every guard. */
export const order = (number: string): Record<string, unknown> => ({
  number, date: '2026-03-02', customerId: 'K10001', status: 'ENTWURF',
  lines: [{ article: 'OS-1101 Raps, 00-Qualität', qty: 10, price: 479, vatRate: 7, cost: 445 }],
});

/** The body of a transition for {@link order}. */
export const facts = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({ total: 5125.3, lines: [{ article: 'OS-1101', qty: 10, price: 479, cost: 445 }], user_info: { roles: [] }, ...extra });

/** Reads the event stream as `sales` until `count` messages are there; `started` runs when the stream is open. */
export async function readEvents(backend: Backend, count: number, headers: Record<string, string> = {}, started?: () => Promise<unknown>): Promise<EventSourceMessage[]> {
  const { accessToken } = await loginHeadless(backend, 'sales');
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 10_000);
  const response = await fetch(`${backend.erp}/api/events?stream=workflow`, { headers: { authorization: `Bearer ${accessToken}`, ...headers }, signal: abort.signal });
  if (response.headers.get('content-type') !== 'text/event-stream') throw new Error(`no event stream: ${response.status}`);
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => messages.push(event) });
  const decoder = new TextDecoder();
  let once = started;
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (once) await once();
    once = undefined;
    if (messages.length >= count) break;
  }
  clearTimeout(timer);
  abort.abort();
  return messages;
}

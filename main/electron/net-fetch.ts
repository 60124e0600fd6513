import { net, type Session } from 'electron';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Hop-by-hop and computed headers that Chromium's stack sets by itself and refuses to take. */
const managedHeaders = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding']);
const bodiless = new Set([101, 204, 205, 304]);

function headersOf(raw: Record<string, string | string[]>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}

/**
 * `fetch` over Chromium's network stack, so that the trust store and proxies of the operating system count. Made on
 * `net.request` because Electron's own `net.fetch` rejects `redirect: 'manual'`, and the ERP's redirects have to be seen:
 * the Authorization header must not follow to another origin. No cookies, no cache, no credentials prompt.
 */
export function createNetFetch(partition: Session): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    if (request.signal.aborted) throw request.signal.reason;
    return new Promise<Response>((resolve, reject) => {
      const outgoing = net.request({
        method: request.method, url: request.url, session: partition, redirect: 'manual', credentials: 'omit', useSessionCookies: false, cache: 'no-store',
      });
      let incoming: ReadableStreamDefaultController<Uint8Array> | null = null;
      const abort = (): void => {
        outgoing.abort();
        const reason: unknown = request.signal.reason;
        incoming?.error(reason);
        incoming = null;
        reject(reason instanceof Error ? reason : new Error('aborted'));
      };
      request.signal.addEventListener('abort', abort, { once: true });
      const settle = (): void => request.signal.removeEventListener('abort', abort);
      request.headers.forEach((value, name) => {
        if (!managedHeaders.has(name)) outgoing.setHeader(name, value);
      });
      outgoing.on('redirect', (status, _method, location, headers) => {
        settle();
        const answer = headersOf(headers);
        if (!answer.has('location')) answer.set('location', location);
        resolve(new Response(null, { status, headers: answer }));
        outgoing.abort();
      });
      outgoing.on('response', (response) => {
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            incoming = controller;
            response.on('data', (chunk) => incoming?.enqueue(new Uint8Array(chunk)));
            response.on('end', () => { settle(); incoming?.close(); incoming = null; });
            response.on('aborted', () => { settle(); incoming?.error(new Error('net::ERR_CONNECTION_CLOSED')); incoming = null; });
            response.on('error', (error: Error) => { settle(); incoming?.error(error); incoming = null; });
          },
          cancel() {
            incoming = null;
            settle();
            outgoing.abort();
          },
        });
        const status = response.statusCode;
        resolve(new Response(bodiless.has(status) ? null : stream, { status, statusText: response.statusMessage, headers: headersOf(response.headers) }));
      });
      outgoing.on('login', (_info, answer) => answer());
      outgoing.on('error', (error) => { settle(); incoming?.error(error); incoming = null; reject(error); });
      if (body !== null) outgoing.write(body);
      outgoing.end();
    });
  };
}

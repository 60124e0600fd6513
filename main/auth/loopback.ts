import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { failure } from '../../shared/ipc/errors.ts';
import { closingPage, pageHeaders, pageLanguage } from './loopback-page.ts';
import type { Listen } from './ports.ts';

export type Callback = {
  url: URL;
  /** Ends the browser's request with the page that says how the sign-in went. */
  finish(succeeded: boolean): void;
};

export type Loopback = {
  /** `http://127.0.0.1:{port}/callback` (RFC 8252 section 7.3). */
  redirectUri: string;
  /** The first request to the callback; never settles when none comes. */
  callback: Promise<Callback>;
  /** Frees the port; open answers are sent to their end. */
  close(): void;
};

/** Binds to a free port. IPv4 loopback only, so that no other computer can reach it whatever its host name resolves to. */
const listenOnLoopback: Listen = (server) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
    server.off('error', reject);
    const address = server.address();
    if (address === null || typeof address === 'string') reject(new Error('no port'));
    else resolve(address.port);
  });
});

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', Connection: 'close', ...headers });
  response.end(text);
}

/**
 * Opens the listener that the browser comes back to: one shot, `GET /callback` only, everything else is 404. The Host
 * header must name exactly our address, which defeats DNS rebinding.
 * @throws AppFailure login.portTaken when no port can be bound.
 */
export async function openLoopback(listen: Listen = listenOnLoopback): Promise<Loopback> {
  let origin = '';
  let used = false;
  let deliver: (callback: Callback) => void = () => undefined;
  const callback = new Promise<Callback>((resolve) => { deliver = resolve; });

  function handle(request: IncomingMessage, response: ServerResponse): void {
    // Old keep-alive connections would hold the server open after close().
    response.shouldKeepAlive = false;
    if (`http://${request.headers.host ?? ''}` !== origin) return answer(response, 404, 'Not found');
    const url = URL.canParse(request.url ?? '', origin) ? new URL(request.url ?? '', origin) : null;
    if (url === null || url.origin !== origin || url.pathname !== '/callback') return answer(response, 404, 'Not found');
    if (request.method !== 'GET') return answer(response, 405, 'Method not allowed', { Allow: 'GET' });
    const page = (status: number, outcome: 'done' | 'failed' | 'used') => {
      response.writeHead(status, { ...pageHeaders });
      response.end(closingPage(outcome, pageLanguage(request.headers['accept-language'])));
    };
    if (used) return page(410, 'used');
    used = true;
    deliver({ url, finish: (succeeded) => page(succeeded ? 200 : 400, succeeded ? 'done' : 'failed') });
    return undefined;
  }

  const server: Server = createServer({ maxHeaderSize: 32_768, requestTimeout: 30_000, headersTimeout: 10_000 }, handle);
  let port: number;
  try {
    port = await listen(server);
  } catch (error) {
    server.close();
    throw failure('login.portTaken', {}, error);
  }
  origin = `http://127.0.0.1:${port}`;
  return {
    redirectUri: `${origin}/callback`,
    callback,
    close() {
      used = true;
      server.close();
      server.closeIdleConnections();
    },
  };
}

import type { HttpFetch } from '../../../main/erp/ports.ts';
import type { Answer, Api, Request, Server } from './server.ts';
import type { Chance, Time } from './time.ts';

/** What can happen to one request. The others (crash, disk full, skew, …) happen to computers; see world.ts. */
export const requestFaults = [
  'dropBefore', 'dropAfter', 'duplicate', 'reorder', 'truncate', 'slow', '401', '403', '409', '412', '422', '429', '500', '503', 'html', 'html404',
] as const;
export type RequestFault = (typeof requestFaults)[number];

const json = (answer: Answer): Response => new Response(JSON.stringify(answer.body), { status: answer.status, headers: { 'content-type': 'application/json', ...answer.headers } });
const refusals: Partial<Record<RequestFault, () => Response>> = {
  '401': () => json({ status: 401, body: { detail: 'Invalid bearer token' } }),
  '403': () => json({ status: 403, body: { detail: 'Insufficient permissions. Missing: sales:write' } }),
  '409': () => json({ status: 409, body: { detail: 'Conflict' } }),
  '412': () => json({ status: 412, body: { detail: 'Precondition Failed' } }),
  '422': () => json({ status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'date'], msg: 'x' }] } }),
  '429': () => new Response('slow down', { status: 429, headers: { 'retry-after': '7' } }),
  '500': () => new Response('Internal Server Error', { status: 500, headers: { 'content-type': 'text/plain' } }),
  '503': () => new Response('Service Unavailable', { status: 503, headers: { 'content-type': 'text/plain' } }),
  html: () => new Response('<html><h1>Proxy</h1></html>', { status: 502, headers: { 'content-type': 'text/html' } }),
  html404: () => new Response('<html><h1>404 Not Found</h1></html>', { status: 404, headers: { 'content-type': 'text/html' } }),
};
/** Refusals that some proxies and overloaded servers give although the work was done. */
const mayComeLate = new Set<RequestFault>(['500', '503', 'html']);

export type NetworkOptions = {
  client: string; api: Api; server: Server; time: Time; chance: Chance;
  /** Share of requests that something happens to. */
  faultiness: () => number;
  isUp: () => boolean;
  happened: (fault: RequestFault) => void;
  trace: (text: string) => void;
  /** Breaks the client on purpose, to see that it is noticed. */
  tamper?: (request: Request) => Request;
};

/**
 * The way to the server and back for one computer. On a server without keys and preconditions a request that arrives after
 * its sender gave up cannot be told from a new one by anybody, so such delays happen with the security profile only.
 */
export function createNetwork({ client, api, server, time, chance, faultiness, isUp, happened, trace, tamper = (request) => request }: NetworkOptions): HttpFetch {
  const delay = (): number => 5 + chance.below(100);
  /** When each command (its requests share a correlation id) was last told the state of the workflow. */
  const workflowSeen = new Map<string, number>();

  return (address, init) => new Promise<Response>((resolve, reject) => {
    const url = new URL(address);
    const text = typeof init?.body === 'string' ? init.body : '{}';
    const headers = new Headers(init?.headers);
    const correlation = headers.get('x-correlation-id') ?? '';
    const request = tamper({
      client, method: init?.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body: JSON.parse(text) as Record<string, unknown>, workflowSeenAt: workflowSeen.get(correlation) ?? null,
    });
    const name = `${client} ${request.method} ${url.pathname.replace('/api/', '')}${url.search}`;
    const broken = (): void => { reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })); };
    const { signal } = init ?? {};
    signal?.addEventListener('abort', () => { reject(signal.reason as Error); }, { once: true });
    if (!isUp()) {
      time.after(1, () => { reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })); });
      return;
    }
    const fault = chance.is(faultiness()) ? chance.pick(requestFaults) : null;
    if (fault !== null) happened(fault);
    let servedAt: number | null = null;
    const asksForWorkflow = request.method === 'GET' && /^\/api\/workflow\/[^/]+\/[^/]+$/.test(url.pathname);
    const serve = (): Answer => {
      const answer = server.handle(request);
      if (asksForWorkflow) servedAt ??= time.now;
      const told = request.method === 'GET' ? '' : ` ${JSON.stringify(Object.fromEntries(['ref', 'a', 'b', 'c'].filter((field) => field in request.body).map((field) => [field, request.body[field]])))}`;
      trace(`${name}${told} → ${answer.status}${fault === null ? '' : ` (${fault})`}`);
      return answer;
    };
    const back = (answer: () => Response, ms = delay()): void => { time.after(ms, () => { if (isUp()) resolve(answer()); else broken(); }); };
    const delivered = (answer: Answer) => (): Response => {
      if (servedAt !== null && signal?.aborted !== true) workflowSeen.set(correlation, servedAt);
      return json(answer);
    };
    const refusal = fault === null ? undefined : refusals[fault];
    time.after(delay(), () => {
      if (refusal !== undefined) {
        if (fault !== null && mayComeLate.has(fault) && chance.is(0.5)) serve();
        else trace(`${name} → refused (${fault})`);
        back(refusal);
        return;
      }
      switch (fault) {
        case 'dropBefore':
          trace(`${name} → lost (${fault})`);
          time.after(delay(), broken);
          break;
        case 'dropAfter':
          serve();
          time.after(delay(), broken);
          break;
        case 'duplicate': {
          const answer = serve();
          if (api === 'security') time.after(chance.below(60_000), serve);
          else serve();
          back(delivered(answer));
          break;
        }
        case 'reorder':
          // Overtaken by whatever is sent in the next seconds, its answer included.
          time.after(chance.below(api === 'security' ? 15_000 : 1), () => {
            const answer = serve();
            back(delivered(answer), chance.below(3_000));
          });
          break;
        case 'slow': {
          // Longer than anybody waits. Where it is safe, the request itself is what is late.
          const isLate = api === 'security' && chance.is(0.5);
          time.after(isLate ? chance.below(120_000) : 0, () => {
            const answer = serve();
            back(delivered(answer), 10_000 + chance.below(40_000));
          });
          break;
        }
        case 'truncate': {
          const whole = JSON.stringify(serve().body);
          back(() => new Response(whole.slice(0, Math.floor(whole.length / 2)), { status: 200, headers: { 'content-type': 'application/json' } }));
          break;
        }
        default: {
          const answer = serve();
          back(delivered(answer));
        }
      }
    });
  });
}

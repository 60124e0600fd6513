import type { ServerResponse, IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../erp/auth.ts';

/** Weaknesses that a test gives the server; changed while it runs, each counts for the next request. */
export type Weaknesses = {
  /** Headers that are left out of every answer, in lower case. */
  missingHeaders: readonly string[];
  /** The same, on errors only. */
  missingOnErrors: readonly string[];
  acceptsExpired: boolean;
  /** A fixed token that is as good as an administrator's. */
  developmentToken: string | null;
  acceptsOtherAudience: boolean;
  /** Takes what a token says without looking at its signature. */
  ignoresSignatures: boolean;
  /** Paths that answer without a token. */
  openPaths: readonly string[];
  /** Errors tell how the server is built inside. */
  leaks: 'sql' | 'trace' | null;
  /** Any origin may read answers. */
  reflectsOrigin: boolean;
  /** Seconds that the Date header is ahead. */
  clockAhead: number;
  /** Announces a limit and does not count. */
  countsNothing: boolean;
  /** Not a weakness, but the lack of one: the metrics ask for a token. */
  closedMetrics: boolean;
};

export const noWeaknesses: Readonly<Weaknesses> = {
  missingHeaders: [], missingOnErrors: [], acceptsExpired: false, developmentToken: null, acceptsOtherAudience: false, ignoresSignatures: false, openPaths: [], leaks: null, reflectsOrigin: false,
  clockAhead: 0, countsNothing: false, closedMetrics: false,
};

/** Whoever comes in through an open door. */
export const intruder: Caller = { name: 'intruder', subject: 'intruder', sessionId: null, roles: ['admin'], scopes: ['admin:all'], signedInAt: null };

/** Whether this path wants a token on a server with these weaknesses. */
export function wantsToken(path: string, usually: boolean, { openPaths, closedMetrics }: Weaknesses): boolean {
  if (openPaths.includes(path)) return false;
  return usually || (closedMetrics && path.startsWith('/metrics'));
}

/** Changes the head of an answer on its last way out, whoever has set what before. */
export function weakenHead(request: IncomingMessage, response: ServerResponse, weaknesses: Weaknesses): void {
  const { missingHeaders, missingOnErrors, reflectsOrigin, clockAhead, countsNothing } = weaknesses;
  const original = response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse;
  Object.assign(response, { writeHead: (status: number, ...rest: unknown[]) => {
    for (const headers of rest) if (typeof headers === 'object' && headers !== null) for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string);
    for (const name of [...missingHeaders, ...(status >= 400 ? missingOnErrors : [])]) response.removeHeader(name);
    const { origin } = request.headers;
    if (reflectsOrigin && origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-credentials', 'true');
    }
    if (clockAhead !== 0) response.setHeader('date', new Date(Date.now() + clockAhead * 1000).toUTCString());
    if (countsNothing && response.hasHeader('x-ratelimit-remaining')) response.setHeader('x-ratelimit-remaining', '100');
    return original(status);
  } });
}

const inside = {
  sql: '(psycopg2.errors.UndefinedColumn) column "x" does not exist LINE 1: SELECT id, number FROM sales_orders WHERE x = 1',
  trace: 'Traceback (most recent call last):\n  File "/app/services/documents.py", line 88, in read\nKeyError: \'limit\'',
};

/** What an error tells of the inside. */
export function leakInside(app: FastifyInstance, weaknesses: Weaknesses): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (weaknesses.leaks === null || reply.statusCode < 400 || reply.statusCode === 401) return payload;
    void reply.type('application/json; charset=utf-8').removeHeader('content-length');
    return JSON.stringify({ detail: inside[weaknesses.leaks] });
  });
}

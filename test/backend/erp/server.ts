import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { TokenChecker } from './auth.ts';
import { HttpError, invalid, refuse } from './errors.ts';
import type { RegisteredRoute } from './health.ts';
import { intruder, leakInside, wantsToken, type Weaknesses } from '../security/posture.ts';

export type ServerOptions = {
  shipped: boolean;
  rateLimits: boolean;
  log: Logger;
  tokens: TokenChecker;
  /** What a test has broken about it. */
  weaknesses: Weaknesses;
};

/** Requests per minute and client, ERP-API section 1. Exports and restores have their own, lower ones. */
export const requestsPerMinute = 100;

const needsToken = (path: string): boolean => /^\/(api|security)(\/|$)/.test(path);
const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/';

function correlationIdOf(value: unknown): string {
  return typeof value === 'string' && /^[\w.-]{1,128}$/.test(value) ? value : randomUUID();
}

/** What an exception becomes on the wire. Unknown errors say nothing about the inside. */
function answerFor(error: unknown, shipped: boolean): { status: number; body: unknown } {
  if (error instanceof HttpError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || error instanceof SyntaxError) return invalid(['body'], 'JSON decode error', {}, 'json_invalid');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return refuse(statusCode, (error as Error).message);
  return { status: 500, body: shipped ? 'Internal Server Error' : { detail: 'Internal Server Error' } };
}

/** Fastify with everything that every route needs: correlation ids, headers, authentication, limits, errors, log. */
export async function createServer(options: ServerOptions): Promise<{ app: FastifyInstance; routes: RegisteredRoute[] }> {
  const { shipped, tokens, weaknesses } = options;
  const routes: RegisteredRoute[] = [];
  const log: FastifyBaseLogger = options.log;
  const app = fastify({
    loggerInstance: log,
    // The one line per request is written below, with the fields that matter and without the query's secrets.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => correlationIdOf(request.headers['x-correlation-id']),
    // The last one wins, so that a repeated parameter is never a list where a text is expected.
    routerOptions: { querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)) },
    bodyLimit: 4 * 1024 * 1024,
    exposeHeadRoutes: false,
  });

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) if (method !== 'OPTIONS') routes.push({ method, path: route.url });
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] } },
    frameguard: { action: 'deny' }, referrerPolicy: { policy: 'no-referrer' }, hsts: { maxAge: 31_536_000, includeSubDomains: true },
  });

  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-correlation-id', request.id);
    const path = pathOf(request);
    if (wantsToken(path, needsToken(path), weaknesses)) request.caller = await tokens.check(request);
    else if (needsToken(path)) request.caller = intruder;
  });
  leakInside(app, weaknesses);
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ correlationId: request.id, method: request.method, path: request.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime), user: request.caller?.name }, 'request');
  });

  if (options.rateLimits) {
    await app.register(rateLimit, {
      max: requestsPerMinute, timeWindow: 60_000,
      // After authentication, so that one client is one user on one machine and not everybody behind a proxy.
      hook: 'preHandler',
      keyGenerator: (request) => `${request.ip} ${request.caller?.name ?? ''}`,
      allowList: (request) => !needsToken(pathOf(request)) && !pathOf(request).startsWith('/verify/'),
      errorResponseBuilder: () => refuse(429, 'Rate limit exceeded'),
    });
  }

  app.setErrorHandler((error: unknown, request, reply) => {
    const { status, body } = answerFor(error, shipped);
    if (status >= 500 && !(error instanceof HttpError)) request.log.error({ correlationId: request.id, err: error }, 'unhandled');
    // The shipped server's middleware sets the header only on answers that pass through it.
    if (shipped && (status === 401 || status === 503 || status === 500)) void reply.removeHeader('x-correlation-id');
    if (typeof body === 'string') void reply.type('text/plain; charset=utf-8');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => slashRedirect(request, reply, routes) ?? reply.code(404).send({ detail: 'Not Found' }));
  return { app, routes };
}

/** 307 to the same path with or without its last slash, where that one exists. */
function slashRedirect(request: FastifyRequest, reply: FastifyReply, routes: readonly RegisteredRoute[]): FastifyReply | undefined {
  const [path = '/', query] = request.url.split('?');
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  const exists = routes.some((route) => route.method === request.method && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(other));
  return exists ? reply.redirect(query === undefined ? other : `${other}?${query}`, 307) : undefined;
}

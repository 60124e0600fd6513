import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tampering } from './audit/log.ts';
import type { Db } from './db.ts';
import type { ProviderGaps } from './idp/gaps.ts';
import type { Weaknesses } from './security/posture.ts';
import type { ShippedAuditRow } from './shipped/audit-logs.ts';
import type { SecurityControl } from './security/index.ts';
import type { Alerts } from './policy/alerts.ts';

/** What a matching request gets instead of (or around) its real answer. */
export type Fault =
  /** Any status and body; an object is sent as JSON, a string as plain text. `retryAfter` in seconds. */
  | { kind: 'answer'; status: number; body?: unknown; retryAfter?: number; headers?: Record<string, string> }
  /** A proxy's error page instead of JSON. */
  | { kind: 'html'; status?: number }
  /** HTTP 200 with `{ok:false, error}`. */
  | { kind: 'notOk'; error: string }
  /** Half of a JSON body, with a correct ending of the HTTP message. */
  | { kind: 'truncatedJson' }
  /** The real answer, later. */
  | { kind: 'slow'; ms: number }
  /** Never answers; the connection stays open until the client or close() ends it. */
  | { kind: 'hang' }
  /** The connection breaks before the server has done anything. */
  | { kind: 'dropBefore' }
  /** The server does its work and the connection breaks before the answer leaves. */
  | { kind: 'dropAfter' };

export type FaultRule = { method?: string; path: RegExp; fault: Fault; /** How often; default once. */ times?: number };

export type JournalEntry = {
  method: string;
  /** With query string. */
  path: string;
  /** 0 while the answer is under way or when the connection broke. */
  status: number;
  correlationId: string | null;
  idempotencyKey: string | null;
  /** Epoch milliseconds. */
  at: number;
};

/** The in-process surface by which a test makes the server fail, forget or change. */
export type Control = {
  /** Direct handle for assertions; do not write through it. */
  db: Db;
  requests: readonly JournalEntry[];
  clearRequests(): void;
  fail(rule: FaultRule): void;
  clearFaults(): void;
  /** Every access token issued so far is answered with 401; refreshing works. */
  expireTokens(): void;
  /** As {@link Control.expireTokens}, and refresh tokens and sessions end as well. */
  revokeTokens(): void;
  /** Locks an account: no login, no refresh, no request any more. */
  setDisabled(name: string, isDisabled: boolean): void;
  /** Sets the provider up wrong; what is not named is right again. */
  setGaps(gaps: Partial<ProviderGaps>): void;
  /** Makes the server insecure; what is not named is as it should be again. */
  setWeaknesses(weaknesses: Partial<Weaknesses>): void;
  /** @param keepOld false also stops publishing the old keys. Default true. */
  rotateKeys(keepOld?: boolean): void;
  /** Every workflow state is back to draft; on the shipped server the trails are empty too, as after a restart. */
  loseWorkflowState(): void;
  /** Gives a stored document any status, known or not. @throws Error when there is no such document. */
  setStatus(type: string, number: string, status: string): void;
  /** Cuts every open event stream, as a proxy does. */
  dropEventStreams(): void;
  /** Falsifies the audit log or how it is served; the server signs the result with its own key. */
  tamperAudit(tampering: Tampering): void;
  /** The table behind the unsigned log of the shipped server, newest first; whoever changes it changes what is served. @throws Error elsewhere */
  auditRows(): ShippedAuditRow[];
  /** What lies behind the security centre: damaged backups and the like. @throws Error on the shipped server */
  security(): SecurityControl;
  /** An alert happens at the server: its rules decide, and the decision is kept. */
  raiseAlert: Alerts['raise'];
};

export type Faults = {
  journal: JournalEntry[];
  fail(rule: FaultRule): void;
  clear(): void;
  /** Writes the journal, applies the first matching fault and calls `next` where the request is to be served. */
  around(request: IncomingMessage, response: ServerResponse, next: () => void): void;
};

/** More than any suite needs, so that a server left running does not fill the memory. */
const journalLimit = 10_000;

const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};

function answer(request: IncomingMessage, response: ServerResponse, fault: Extract<Fault, { kind: 'answer' }>): void {
  const text = typeof fault.body === 'string';
  const correlation = header(request, 'x-correlation-id');
  response.writeHead(fault.status, {
    'content-type': text ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    ...(correlation !== null && fault.status !== 401 && fault.status !== 503 ? { 'x-correlation-id': correlation } : {}),
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
    ...fault.headers,
  });
  response.end(text ? String(fault.body) : JSON.stringify(fault.body ?? { detail: 'Fault injected' }));
}

function apply(fault: Fault, request: IncomingMessage, response: ServerResponse, next: () => void): void {
  switch (fault.kind) {
    case 'answer': return answer(request, response, fault);
    case 'notOk': return answer(request, response, { kind: 'answer', status: 200, body: { ok: false, error: fault.error } });
    case 'html':
      response.writeHead(fault.status ?? 502, { 'content-type': 'text/html' });
      response.end('<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>');
      return undefined;
    case 'truncatedJson':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"ok": true, "data": [{"number": "SO-');
      return undefined;
    case 'slow':
      setTimeout(next, fault.ms);
      return undefined;
    case 'hang': return undefined;
    case 'dropBefore':
      request.socket.destroy();
      return undefined;
    case 'dropAfter':
      response.write = () => true;
      response.end = () => { request.socket.destroy(); return response; };
      return next();
  }
}

/** The fault and journal layer that sits before routing, so it covers the ERP and the identity provider alike. */
export function createFaults(now: () => number): Faults {
  const journal: JournalEntry[] = [];
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    journal,
    fail: (rule) => { rules.push({ rule, left: rule.times ?? 1 }); },
    clear: () => { rules = []; },
    around: (request, response, next) => {
      const method = request.method ?? 'GET';
      const path = request.url ?? '/';
      const entry: JournalEntry = { method, path, status: 0, correlationId: header(request, 'x-correlation-id'), idempotencyKey: header(request, 'idempotency-key'), at: now() };
      if (journal.length >= journalLimit) journal.shift();
      journal.push(entry);
      response.on('finish', () => { entry.status = response.statusCode; });
      const hit = rules.find(({ rule }) => (rule.method === undefined || rule.method.toUpperCase() === method) && rule.path.test(path));
      if (!hit) return next();
      hit.left -= 1;
      if (hit.left <= 0) rules = rules.filter((candidate) => candidate !== hit);
      return apply(hit.rule.fault, request, response, next);
    },
  };
}

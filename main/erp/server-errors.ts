import { appError, type AppError, type ErrorCode } from '../../shared/ipc/errors.ts';
import { isRole, isScope } from '../../shared/rbac/scopes.ts';
import { redactText } from '../log/redact.ts';

/** An answer that is no success, as far as its meaning depends on it. */
export type Refusal = { status: number; body: unknown; correlationId: string; retryAfter: number | null };

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'server.badRequest', 401: 'server.unauthorised', 403: 'server.forbidden', 404: 'server.notFound', 405: 'server.unsupported', 408: 'network.timeout',
  409: 'server.conflict', 410: 'server.notFound', 412: 'server.preconditionFailed', 413: 'server.invalid', 422: 'server.invalid', 428: 'server.preconditionFailed', 429: 'server.rateLimited',
  500: 'server.failed', 501: 'server.unsupported', 502: 'server.unavailable', 503: 'server.unavailable', 504: 'server.unavailable',
};

/** Statuses that speak about the thing or the person. A proxy, a firewall or a server being exchanged answers with them too, and means itself. */
const aboutUs = new Set([403, 404, 405, 410]);

/** Key of the text for an answer that came from something on the way to the server. */
export const gatewayAnswered = 'errors.server.gateway';

/** Whether the ERP itself says this: it refuses in JSON, with its words in the places of ERP-API section 1. */
function isOwnRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return Object.hasOwn(body, 'detail') || (body as { ok?: unknown }).ok === false || textAt(body, 'error') !== null;
}

const codeOf = (status: number): ErrorCode => codeByStatus[status] ?? (status >= 500 ? 'server.failed' : status >= 400 ? 'server.badRequest' : 'server.refused');

/** A value from the server for a text of ours: short, one line, without secrets. */
const param = (text: string): string => redactText(text.slice(0, 200)).replaceAll(/\s+/g, ' ').trim();

/** The words of a comma-separated list that we know; a server's text is never passed on as it is. */
const known = (list: string, isKnown: (word: string) => boolean): string => list.split(',').map((word) => word.trim()).filter(isKnown).join(', ');

type Meaning = Partial<Pick<AppError, 'code' | 'messageKey' | 'params'>>;

/**
 * Texts of the server that say more than its status (ERP-API sections 1 and 4), in our own keys. Everything else stays
 * behind: `detail` may hold SQL, file paths or Python text.
 */
const knownTexts: readonly [RegExp, (groups: Record<string, string>, status: number, body: unknown) => Meaning][] = [
  [/^Insufficient permissions\. (?<kind>Required|Missing): (?<list>.+)$/, ({ kind = '', list = '' }) => {
    const scopes = known(list, isScope);
    return scopes === '' ? {} : { code: 'server.forbidden', messageKey: 'errors.server.forbidden.scopes', params: { scopes, kind: kind.toLowerCase() } };
  }],
  [/^Insufficient role\. Required: (?<list>.+)$/, ({ list = '' }) => {
    const roles = known(list, isRole);
    return roles === '' ? {} : { code: 'server.forbidden', messageKey: 'errors.server.forbidden.roles', params: { roles, kind: 'role' } };
  }],
  [/^Segregation of duties: approving your own submission needs a reason$/, () => ({ code: 'guard.failed', messageKey: 'guards.segregationReason' })],
  [/^Segregation of duties/, () => ({ code: 'guard.failed', messageKey: 'guards.segregation' })],
  [/^Insufficient permissions for (?<action>submit|approve|reject|post)$/, ({ action = '' }) => ({ code: 'guard.failed', messageKey: 'guards.role', params: { action, roles: '' } })],
  [/^Price below cost for article (?<article>.+)$/, ({ article = '' }) => ({ code: 'guard.failed', messageKey: 'guards.priceBelowCost', params: { article: param(article), price: '', cost: '' } })],
  [/^Total must be > 0$/, () => ({ code: 'guard.failed', messageKey: 'guards.totalAboveZero', params: { total: '' } })],
  [/^Reason required$/, () => ({ code: 'guard.failed', messageKey: 'guards.reason' })],
  [/^transition not allowed$/, (_groups, status, body) => {
    const state = textAt(body, 'state') ?? '';
    // 409 comes from servers with versions: somebody else was faster. 400 is all that the others have for it.
    return { code: status === 409 ? 'server.conflict' : 'guard.failed', messageKey: 'guards.state', params: { state: /^[a-z]{1,20}$/.test(state) ? state : '', action: '' } };
  }],
  [/^Invalid status transition: (?<from>[\p{L}_]{1,40}) -> (?<to>[\p{L}_]{1,40})$/u, ({ from = '', to = '' }) => ({ code: 'server.refused', messageKey: 'errors.document.statusTransition', params: { from, to } })],
  [/^Document in final status (?<status>[\p{L}_]{1,40}) cannot be deleted$/u, ({ status = '' }) => ({ code: 'server.refused', messageKey: 'errors.document.finalStatus', params: { status } })],
  // Version 3.0 wraps the 404 of its GDPR routes in a 500 (ERP-API section 8).
  [/^(?:404: )?User not found$/, () => ({ code: 'server.notFound', messageKey: 'errors.gdpr.unknownPerson' })],
  [/^Identity provider unavailable$/, () => ({ code: 'server.unavailable', messageKey: 'errors.server.identityProviderDown' })],
];

function textAt(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}

/** What the server wrote for people, wherever it wrote it; for the meaning and the log, never for the screen. */
export function serverText(body: unknown): string | null {
  return typeof body === 'string' ? body : textAt(body, 'detail') ?? textAt(body, 'error');
}

const fieldTexts: readonly [RegExp, string][] = [
  [/missing|required/, 'errors.field.required'],
  [/float|int|decimal|number/, 'errors.field.number'],
  [/date/, 'errors.field.date'],
  [/too_long|too_short|too_large/, 'errors.field.length'],
];

/** The path of a field as the client names it; the server's own names for a partner differ by direction. */
const fieldPath = (loc: unknown): string =>
  (Array.isArray(loc) ? loc : []).filter((part) => typeof part === 'string' || typeof part === 'number').map(String)
    .filter((part, index) => !(index === 0 && ['body', 'query', 'path', 'header'].includes(part)))
    .map((part) => (part === 'customerId' || part === 'supplierId' ? 'partnerId' : part)).join('.').slice(0, 200);

/** A 422 list: place and kind of each mistake. `msg` is English for programmers and `input` echoes the document; both stay. */
function fieldErrors(body: unknown): AppError['fieldErrors'] {
  const detail: unknown = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['detail'] : null;
  if (!Array.isArray(detail)) return [];
  return detail.slice(0, 100).filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null).map((item) => {
    const type = typeof item['type'] === 'string' ? item['type'] : '';
    const messageKey = fieldTexts.find(([pattern]) => pattern.test(type))?.[1] ?? 'errors.field.invalid';
    return { path: fieldPath(item['loc']), messageKey, params: {} };
  });
}

/** What a refusal of the server means, without a word of it that we do not know. */
export function serverError({ status, body, correlationId, retryAfter }: Refusal): AppError {
  const base = { correlationId, retryAfter, fieldErrors: fieldErrors(body) };
  const text = serverText(body);
  for (const [pattern, meaning] of knownTexts) {
    const match = text === null ? null : pattern.exec(text.trim());
    if (match === null) continue;
    const { code, ...rest } = meaning({ ...match.groups }, status, body);
    return appError(code ?? codeOf(status), { ...base, ...rest });
  }
  // Believed, a page of a gateway would delete documents here and refuse what waits to be sent.
  if (aboutUs.has(status) && !isOwnRefusal(body)) return appError('server.unavailable', { ...base, messageKey: gatewayAnswered, params: { status: String(status) } });
  return appError(codeOf(status), base);
}

/** True for the three shapes that refuse with HTTP 200: `{ok:false,…}` and `{error, timestamp}`. */
export function isRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const { ok, error, timestamp } = body as Record<string, unknown>;
  return ok === false || (typeof error === 'string' && timestamp !== undefined && ok === undefined);
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isFinite(at) ? Math.max(0, at - now) : null;
}

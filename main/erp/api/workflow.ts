import { z } from 'zod';
import { documentTypeSchema, type TrailEntry } from '../../../shared/domain/document.ts';
import { domains, type Domain } from '../../../shared/domain/document-types.ts';
import { rolesFor, transitions } from '../../../shared/domain/workflow.ts';
import { AppFailure, failure, type AppError } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { PendingItem, TransitionRequest, WorkflowApi } from '../types.ts';
import { wireLines, wireNumber, wireWorkflowSchema, workflowFrom } from './document-codec.ts';

const pathOf = (domain: Domain, number: string): string => `/api/workflow/${domain}/${encodeURIComponent(number)}`;

const pendingItemSchema = z.looseObject({
  domain: z.enum(domains),
  number: z.string().min(1).max(64),
  type: documentTypeSchema.nullish().catch(null),
  ...wireWorkflowSchema.shape,
});
const pendingSchema = z.looseObject({ items: z.array(pendingItemSchema), cursor: z.string().nullish(), nextCursor: z.string().nullish() });

const optionalText = z.string().nullish().catch(null);
const auditItemSchema = z.looseObject({
  ts: z.union([z.string(), z.number()]),
  action: z.string(),
  from: optionalText,
  to: optionalText,
  seq: z.number().int().nullish().catch(null),
  user: optionalText,
  reason: optionalText,
  policy: optionalText,
  correlationId: optionalText,
  hash: optionalText,
  outcome: optionalText,
});
const auditSchema = z.looseObject({ items: z.array(auditItemSchema) });

const trailEntry = (item: z.infer<typeof auditItemSchema>): TrailEntry => ({
  seq: item.seq ?? null,
  at: instantOf(item.ts) ?? 0,
  user: item.user ?? null,
  action: item.action,
  from: item.from ?? null,
  to: item.to ?? null,
  reason: item.reason ?? null,
  policy: item.policy ?? null,
  correlationId: item.correlationId ?? null,
  hash: item.hash ?? null,
  // The shipped server has no refused attempts in its trail, and no field to mark them.
  accepted: item.outcome !== 'refused',
});

/** Adds what we know and the server's guard text leaves out, so that the message is the same as before sending. */
function withFacts(error: AppError, request: TransitionRequest): AppError {
  const { params } = error;
  switch (error.messageKey) {
    case 'guards.role':
      return { ...error, params: { ...params, roles: (rolesFor(request.domain, request.action) ?? []).join(', ') } };
    case 'guards.state':
      return { ...error, params: { ...params, action: request.action, state: params['state'] ?? '' } };
    case 'guards.totalAboveZero':
      return { ...error, params: { ...params, total: request.total } };
    case 'guards.priceBelowCost': {
      const line = request.lines.find(({ article }) => article === params['article']);
      return { ...error, params: { ...params, price: line?.price ?? '', cost: line?.cost ?? '' } };
    }
    default:
      return error;
  }
}

/** Workflow, ERP-API section 4. */
export function createWorkflowApi(http: ErpHttp): WorkflowApi {
  const state: WorkflowApi['state'] = async (domain, number, call = {}) => {
    const { value, etag } = await http.request({ method: 'GET', path: pathOf(domain, number), schema: wireWorkflowSchema, ...call });
    const workflow = workflowFrom(value);
    return { ...workflow, version: workflow.version ?? (etag === null ? null : etag.replace(/^W\//, '').replaceAll('"', '')) };
  };

  const send = (request: TransitionRequest, call: Parameters<WorkflowApi['transition']>[1]) => http.request({
    method: 'POST',
    path: `${pathOf(request.domain, request.number)}/transition`,
    query: { action: request.action },
    // Servers of the security profile take roles from the token; the shipped one knows only what stands here.
    body: { total: wireNumber(request.total), lines: wireLines(request.lines), user_info: { user: request.userName, roles: request.roles }, ...(request.reason === undefined ? {} : { reason: request.reason }) },
    schema: wireWorkflowSchema,
    idempotencyKey: request.idempotencyKey,
    ifMatch: request.version === null ? null : `"${request.version}"`,
    // Not every server honours the key: repeating blindly could turn a success into "transition not allowed".
    retries: 0,
    ...call,
  });

  /** The answer got lost: what the server says now tells whether the action was done. */
  async function settle(request: TransitionRequest, lost: AppFailure, call: Parameters<WorkflowApi['transition']>[1]) {
    const now = await state(request.domain, request.number, call).catch(() => { throw lost; });
    if (now.state === transitions[request.action].to) return { state: now.state, version: now.version };
    if (now.state !== transitions[request.action].from || (request.version !== null && now.version !== request.version)) throw lost;
    const { value } = await send(request, call);
    return { state: value.state, version: value.version ?? null };
  }

  return {
    state,
    async transition(request, call = {}) {
      try {
        const { value } = await send(request, call);
        return { state: value.state, version: value.version ?? null };
      } catch (error) {
        if (!(error instanceof AppFailure)) throw error;
        if (error.error.code === 'network.interrupted') return settle(request, error, call);
        throw new AppFailure(withFacts(error.error, request), { cause: error });
      }
    },
    async pending({ domain, cursor, ...call } = {}) {
      try {
        const { value } = await http.request({ method: 'GET', path: '/api/workflow', query: { state: 'pending', domain, cursor, limit: 1000 }, schema: pendingSchema, ...call });
        const items = value.items.map((item): PendingItem => ({ domain: item.domain, type: item.type ?? null, number: item.number, workflow: workflowFrom(item) }));
        return { items, nextCursor: value.nextCursor ?? value.cursor ?? null };
      } catch (error) {
        // The route itself is missing on servers without an approval list.
        if (error instanceof AppFailure && error.error.code === 'server.notFound') throw failure('server.unsupported', { correlationId: error.error.correlationId }, error);
        throw error;
      }
    },
    async trail(domain, number, call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${pathOf(domain, number)}/audit`, schema: auditSchema, ...call });
      return value.items.map(trailEntry);
    },
  };
}

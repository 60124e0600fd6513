import type { FastifyInstance } from 'fastify';
import { callerOf, requireAny } from './auth.ts';
import { refuse } from './errors.ts';
import { formSpec } from './form-specs.ts';

/** Form specs of the security profile: all nine types. */
export function formRoutes(app: FastifyInstance): void {
  app.get<{ Params: { type: string } }>('/api/mcp/form-specs/:type', (request) => {
    requireAny(callerOf(request), 'sales:read', 'purchase:read', 'docs:read');
    const spec = formSpec(request.params.type);
    if (!spec) throw refuse(404, 'Form spec not found');
    return { ok: true, data: spec };
  });
}

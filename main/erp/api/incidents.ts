import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { incidentSchema, type Incident } from '../../../shared/security/incidents/incident.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { CallOptions } from '../types.ts';

/** An incident with the server's version of it, for If-Match. */
export type VersionedIncident = { incident: Incident; version: string };

export type IncidentsApi = {
  /** Newest change first. @throws AppFailure server.unsupported */
  list(options?: CallOptions): Promise<{ items: VersionedIncident[]; unreadable: number }>;
  create(incident: Incident, options: CallOptions & { idempotencyKey: string }): Promise<VersionedIncident>;
  /** @param patch a merge patch (RFC 7396) @throws AppFailure server.preconditionFailed when it has changed since `version` */
  change(id: string, patch: Record<string, unknown>, options: CallOptions & { version: string; idempotencyKey: string }): Promise<VersionedIncident>;
};

const path = '/security/incidents';
/** More than any company has; what comes after is cut. */
const mostIncidents = 2000;
/** One with a hundred entries in its time line takes a third of a millisecond to check. */
const incidentsPerSlice = 10;
const versionSchema = z.looseObject({ version: z.union([z.number(), z.string()]).transform(String) });

function incidentFrom(raw: unknown): VersionedIncident | null {
  const [incident, versioned] = [incidentSchema.safeParse(raw), versionSchema.safeParse(raw)];
  return incident.success && versioned.success ? { incident: incident.data, version: versioned.data.version } : null;
}

/** Incidents, ERP-API section 7. Servers without them answer 404, which is `server.unsupported` for the list. */
export function createIncidentsApi(http: ErpHttp): IncidentsApi {
  const send = async (request: { method: 'POST' | 'PATCH'; path: string; body: unknown; ifMatch?: string; idempotencyKey: string }, options: CallOptions): Promise<VersionedIncident> => {
    const { value } = await http.request({ ...request, schema: z.unknown(), retries: 1, maxBytes: 8 * 1024 * 1024, ...options });
    const stored = incidentFrom(value);
    if (stored === null) throw failure('server.unexpected', { params: { field: 'incident' } });
    return stored;
  };
  return {
    async list(options = {}) {
      const asked = http.request({ method: 'GET', path, schema: z.looseObject({ items: z.array(z.unknown()) }), maxBytes: 64 * 1024 * 1024, ...options });
      const { value } = await asked.catch((error: unknown) => {
        throw error instanceof AppFailure && error.error.code === 'server.notFound' ? failure('server.unsupported', { correlationId: error.error.correlationId }, error) : error;
      });
      const items: (VersionedIncident | null)[] = [];
      for (const [index, raw] of value.items.slice(0, mostIncidents).entries()) {
        if (index % incidentsPerSlice === incidentsPerSlice - 1) await nextTurn();
        items.push(incidentFrom(raw));
      }
      const readable = items.filter((item) => item !== null);
      return { items: readable, unreadable: items.length - readable.length };
    },
    create: (incident: Incident, { idempotencyKey, ...options }) => send({ method: 'POST', path, body: incident, idempotencyKey }, options),
    change: (id, patch, { version, idempotencyKey, ...options }) => send({ method: 'PATCH', path: `${path}/${encodeURIComponent(id)}`, body: patch, ifMatch: `"${version}"`, idempotencyKey }, options),
  };
}

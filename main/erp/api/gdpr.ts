import { z } from 'zod';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { Capabilities, CallOptions, GdprApi } from '../types.ts';

/** Crosses to the data host as it came. */
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
/** A person has some thousand documents at most; their export is read whole, and understood in the data host. */
const largestExport = 64 * 1024 * 1024;

/** Requests of persons, ERP-API section 8. The secured profile and version 3.0 differ in paths, shapes and in what they say. */
export function createGdprApi(http: ErpHttp, capabilities: () => Promise<Capabilities>): GdprApi {
  const path = (route: string, reference: string): string => `${route}/${encodeURIComponent(reference)}`;
  return {
    async read(reference, call: CallOptions = {}) {
      const can = await capabilities();
      const common = { method: 'GET', limit: 'export', timeoutMs: 60_000, maxBytes: largestExport, schema: bytes, accept: 'application/json', ...call } as const;
      if (can.has('gdpr.export')) {
        const { value: body, correlationId } = await http.request({ ...common, path: path('/api/gdpr/export', reference) });
        return { body, correlationId, isNested: true };
      }
      if (!can.has('gdpr.exportOlder')) throw failure('server.unsupported');
      const { value: body, correlationId } = await http.request({ ...common, path: path('/api/v1/gdpr/data-export', reference), retries: 0 });
      return { body, correlationId, isNested: false };
    },
    async erase(reference, call = {}) {
      const can = await capabilities();
      if (can.has('gdpr.erase')) {
        const { value } = await http.request({ method: 'DELETE', path: path('/api/gdpr/erase', reference), schema: z.looseObject({ anonymized: z.number().int().min(0).nullable().catch(null) }), timeoutMs: 60_000, ...call });
        return value.anonymized;
      }
      if (!can.has('gdpr.eraseOlder')) throw failure('server.unsupported');
      await http.request({ method: 'DELETE', path: path('/api/v1/gdpr/delete-user', reference), schema: z.unknown(), timeoutMs: 60_000, ...call });
      return null;
    },
  };
}

import { z } from 'zod';
import type { ErpHttp } from '../http.ts';
import type { SecuritySummaryApi } from '../types.ts';

const text = z.string().max(200).nullable().catch(null);
const flag = z.boolean().nullable().catch(null);
const part = <T extends z.ZodRawShape>(shape: T) => z.looseObject(shape).partial().catch({} as never).optional();

/** `GET /security/summary`, ERP-API section 7; whatever does not fit is left out. */
export const summarySchema = z.looseObject({
  zap_scan: part({ frequency: text, last_run: text, status: text }), backups: part({ enabled: flag, location: text, retention: text }),
  vulnerability_scanning: part({ enabled: flag, status: text }), secret_rotation: part({ enabled: flag, status: text, policy: text }),
  security_headers: z.record(z.string(), z.unknown()).catch({}).optional(), authentication: part({ method: text, provider: text, jwks_rotation: text }),
  compliance: z.record(z.string(), z.unknown()).catch({}).optional(),
});
export type Summary = z.infer<typeof summarySchema>;

/** `GET /security/summary`: on some servers constants, so nobody may take it for a measurement. */
export function createSecuritySummaryApi(http: ErpHttp): SecuritySummaryApi {
  return {
    async read(options = {}) {
      const { value } = await http.request({ method: 'GET', path: '/security/summary', schema: summarySchema, ...options });
      return value;
    },
  };
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { documentNumberSchema } from '../../../shared/domain/document.ts';
import type { ErpHttp } from '../http.ts';
import type { NumberingApi } from '../types.ts';

const numberSchema = z.looseObject({ number: documentNumberSchema });

/** Number ranges (Nummernkreise), ERP-API section 3. */
export function createNumberingApi(http: ErpHttp): NumberingApi {
  return {
    async next(type, { tenantId, year, ...call } = {}) {
      const body = { domain: type, tenant_id: tenantId ?? 'default', ...(year === undefined ? {} : { year }) };
      // With a key a lost answer costs no number: the repetition gets the same one.
      const { value } = await http.request({ method: 'POST', path: '/api/numbering/next', body, schema: numberSchema, idempotencyKey: randomUUID(), ...call });
      return value.number;
    },
  };
}

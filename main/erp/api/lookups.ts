import { z } from 'zod';
import type { LookupItem } from '../../../shared/domain/form-spec.ts';
import { decimal } from '../../../shared/domain/money.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { LookupsApi } from '../types.ts';

const itemSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  label: z.string().nullish(),
  hint: z.string().nullish().catch(null),
  cost: z.unknown().optional(),
  price: z.unknown().optional(),
  vatRate: z.unknown().optional(),
});
const lookupSchema = z.looseObject({ data: z.array(itemSchema) });

/** Rows asked for when the whole list is wanted; servers that know no limit ignore it. As many may be a part of more. */
export const wholeList = 1000;

/** Lookups of partners and articles, ERP-API section 3. */
export function createLookupsApi(http: ErpHttp): LookupsApi {
  return {
    async search(kind, text, call = {}) {
      try {
        const { value } = await http.request({ method: 'GET', path: `/api/mcp/lookup/${kind}`, query: { q: text, ...(text === '' ? { limit: wholeList } : {}) }, schema: lookupSchema, ...call });
        return value.data.map((item): LookupItem => ({ id: item.id, label: item.label ?? item.id, hint: item.hint ?? null, cost: decimal(item.cost), price: decimal(item.price), vatRate: decimal(item.vatRate) }));
      } catch (error) {
        // Shipped servers have no suppliers: the route is missing, not a supplier.
        if (error instanceof AppFailure && error.error.code === 'server.notFound') throw failure('server.unsupported', { correlationId: error.error.correlationId }, error);
        throw error;
      }
    },
  };
}

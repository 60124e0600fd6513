import { z } from 'zod';
import { formFieldSchema, type FormSpec } from '../../../shared/domain/form-spec.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { FormSpecsApi } from '../types.ts';

const specSchema = z.looseObject({
  data: z.looseObject({
    id: z.string().nullish(),
    title: z.string().nullish(),
    fields: z.array(z.unknown()),
    /** True, or a description of the columns, where the type has lines. */
    lines: z.unknown(),
  }),
});

/** Forms of the document types, ERP-API section 3. */
export function createFormSpecsApi(http: ErpHttp): FormSpecsApi {
  return {
    async get(type, call = {}): Promise<FormSpec> {
      try {
        const { value: { data } } = await http.request({ method: 'GET', path: `/api/mcp/form-specs/${type}`, schema: specSchema, ...call });
        const fields = data.fields.map((field) => formFieldSchema.safeParse(field)).filter((field) => field.success).map((field) => field.data);
        return { id: data.id ?? type, title: data.title ?? type, fields, lines: data.lines !== undefined && data.lines !== null && data.lines !== false };
      } catch (error) {
        // Shipped servers have a form for three types only.
        if (error instanceof AppFailure && error.error.code === 'server.notFound') throw failure('server.unsupported', { correlationId: error.error.correlationId }, error);
        throw error;
      }
    },
  };
}

import { z } from 'zod';
import { answerSchema, idSchema, type Answer } from '../../../shared/security/checklists/list.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { ChecklistAnswer, ChecklistsApi } from '../types.ts';

const wireSchema = answerSchema.extend({ list: idSchema, item: idSchema, updatedAt: z.unknown(), updatedBy: z.string().max(200).catch(''), version: z.union([z.number(), z.string()]).transform(String) });
const mostAnswers = 5000;

function answerFrom(raw: unknown): ChecklistAnswer | null {
  const parsed = wireSchema.safeParse(raw);
  return parsed.success ? { ...parsed.data, updatedAt: instantOf(parsed.data.updatedAt) ?? 0 } : null;
}

/** Answers to checklists, ERP-API section 7. Answers that do not fit are left out. */
export function createChecklistsApi(http: ErpHttp): ChecklistsApi {
  const path = '/security/checklists';
  return {
    async list(options = {}) {
      const { value } = await http.request({ method: 'GET', path, schema: z.looseObject({ items: z.array(z.unknown()) }), ...options });
      return value.items.slice(0, mostAnswers).map(answerFrom).filter((one) => one !== null);
    },
    async answer(list: string, item: string, answer: Answer, { version, idempotencyKey, ...options }) {
      const { value } = await http.request({
        method: 'PATCH', path: `${path}/${encodeURIComponent(list)}/${encodeURIComponent(item)}`, body: answer, schema: z.looseObject({ item: z.unknown() }), idempotencyKey,
        ...(version === null ? { ifNoneMatch: '*' } : { ifMatch: `"${version}"` }), ...options,
      });
      const stored = answerFrom(value.item);
      if (stored === null) throw failure('server.unexpected', { params: { field: 'item' } });
      return stored;
    },
  };
}

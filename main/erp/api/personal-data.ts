import { z } from 'zod';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import { parseJson } from '../body.ts';
import { isRefusal, serverError } from '../server-errors.ts';

/** What a server has stored about a person, as it came, with what it takes to understand it. */
export type WirePersonalData = { body: Uint8Array; correlationId: string; /** Whether the parts lie one level down, in `data`. */ isNested: boolean };

/** The same understood: as it came, for the person, and in its parts. */
export type PersonalData = { raw: unknown; documents: readonly unknown[]; auditEntries: readonly unknown[]; archives: readonly unknown[] };

const list = z.array(z.unknown()).catch([]);
const partsSchema = z.looseObject({ audit_trail: list, documents: list, archives: list });
const nestedSchema = z.looseObject({ data: z.looseObject({}) });

/** @throws AppFailure server.notJson, server.unexpected, and whatever a refusal in a 200 means (ERP-API section 1). */
export function decodePersonalData({ body, correlationId, isNested }: WirePersonalData): PersonalData {
  const raw = parseJson(new TextDecoder().decode(body));
  if (raw === undefined) throw failure('server.notJson', { correlationId });
  if (isRefusal(raw)) throw new AppFailure(serverError({ status: 200, body: raw, correlationId, retryAfter: null }));
  const parts = partsSchema.safeParse(isNested ? nestedSchema.safeParse(raw).data?.data : raw);
  if (!parts.success) throw failure('server.unexpected', { params: { field: isNested ? 'data' : '' }, correlationId });
  const { documents, audit_trail: auditEntries, archives } = parts.data;
  return { raw, documents, auditEntries, archives };
}

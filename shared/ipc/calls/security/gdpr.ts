import { z } from 'zod';
import { gdprRequestSchema, newRequestSchema, requestStepSchema } from '../../../security/gdpr/request.ts';
import { unlockedCall } from '../../call.ts';

const nothing = z.undefined();
const id = z.uuid();
const suggestedName = z.string().max(200);
/** A file that was written where the person wanted it; null when they cancelled. */
const written = z.object({ path: z.string() }).nullable();
const language = z.enum(['de', 'en']);

/** Requests of persons (GDPR, chapter III). */
export const gdprCalls = {
  'gdpr.list': unlockedCall(nothing, z.array(gdprRequestSchema)),
  'gdpr.features': unlockedCall(nothing, z.object({ canExport: z.boolean(), canErase: z.boolean(), isAudited: z.boolean() })),
  'gdpr.open': unlockedCall(newRequestSchema, gdprRequestSchema),
  'gdpr.discard': unlockedCall(z.object({ id }), z.null()),
  'gdpr.step': unlockedCall(z.object({ id, step: requestStepSchema }), gdprRequestSchema),
  /** Counts what is stored about the person, here and on the server. */
  'gdpr.find': unlockedCall(z.object({ id }), gdprRequestSchema),
  /** Asks where to save; everything about the person as JSON. */
  'gdpr.export': unlockedCall(z.object({ id, suggestedName }), written),
  /** `typed` is the reference, typed by hand: what was erased does not come back. */
  'gdpr.erase': unlockedCall(z.object({ id, typed: z.string().max(200), discardDrafts: z.boolean() }), gdprRequestSchema),
  'gdpr.saveCertificate': unlockedCall(z.object({ id, suggestedName }), written),
  /** An impact assessment filled from what is really set up here: Markdown to go on with, or a PDF to print. */
  'gdpr.saveDpia': unlockedCall(z.object({ language, format: z.enum(['pdf', 'markdown']), suggestedName }), written),
  'gdpr.attestDpia': unlockedCall(z.object({ note: z.string().trim().min(1).max(500) }), z.null()),
};

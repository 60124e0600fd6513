import { z } from 'zod';
import { gdprRequestSchema, newRequestSchema, requestStepSchema } from '../../../security/gdpr/request.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
const id = z.uuid();
const suggestedName = z.string().max(200);
/** A file that was written where the person wanted it; null when they cancelled. */
const written = z.object({ path: z.string() }).nullable();
const language = z.enum(['de', 'en']);

/** Requests of persons (GDPR, chapter III). */
export const gdprCalls = {
  'gdpr.list': centreRead(nothing, z.array(gdprRequestSchema)),
  'gdpr.features': centreRead(nothing, z.object({ canExport: z.boolean(), canErase: z.boolean(), isAudited: z.boolean() })),
  'gdpr.open': centreAct(newRequestSchema, gdprRequestSchema),
  'gdpr.discard': centreAct(z.object({ id }), z.null()),
  'gdpr.step': centreAct(z.object({ id, step: requestStepSchema }), gdprRequestSchema),
  /** Counts what is stored about the person, here and on the server. */
  'gdpr.find': centreAct(z.object({ id }), gdprRequestSchema),
  /** Asks where to save; everything about the person as JSON. */
  'gdpr.export': centreAct(z.object({ id, suggestedName }), written),
  /** `typed` is the reference, typed by hand: what was erased does not come back. */
  'gdpr.erase': centreAct(z.object({ id, typed: z.string().max(200), discardDrafts: z.boolean() }), gdprRequestSchema),
  'gdpr.saveCertificate': centreRead(z.object({ id, suggestedName }), written),
  /** An impact assessment filled from what is really set up here: Markdown to go on with, or a PDF to print. */
  'gdpr.saveDpia': centreRead(z.object({ language, format: z.enum(['pdf', 'markdown']), suggestedName }), written),
  'gdpr.attestDpia': centreAct(z.object({ note: z.string().trim().min(1).max(500) }), z.null()),
};

import { z } from 'zod';
import { periodSchema, reviewRowsSchema, reviewSchema, reviewSummarySchema, verdicts } from '../../../security/review/finding.ts';
import { centreAct, centreRead } from '../../call.ts';

const id = z.uuid();
const finding = z.string().max(600);
const save = z.object({ id, language: z.enum(['de', 'en']), suggestedName: z.string().max(200) });

/** Reviews of a period of the cached audit log; nothing of them asks the server. */
export const reviewCalls = {
  'review.list': centreRead(z.undefined(), z.array(reviewSummarySchema)),
  'review.get': centreRead(z.object({ id }), reviewSchema.nullable()),
  'review.start': centreAct(periodSchema, reviewSchema),
  'review.decide': centreAct(z.object({ id, finding, decision: z.object({ verdict: z.enum(verdicts), note: z.string().trim().max(2000) }).nullable() }), reviewSchema),
  'review.entries': centreRead(z.object({ id, finding }), reviewRowsSchema),
  'review.discard': centreAct(z.object({ id }), z.null()),
  /** Asks where to save the report, writes it and signs it. Null when the person cancelled. */
  'review.finish': centreAct(save, reviewSchema.nullable()),
  /** Asks where to save the evidence file. */
  'review.saveEvidence': centreRead(save, z.object({ path: z.string() }).nullable()),
};

import { z } from 'zod';
import { pointIds } from '../points.ts';

/** The two halves of the score: what systems do, and what people and their organisation do. */
export const halves = ['technical', 'organisational'] as const;
export type Half = (typeof halves)[number];

const percent = z.number().int().min(0).max(100);
const bySource = z.object({ measured: percent, imported: percent, attested: percent, claimed: percent });

/** What resources/security/score-weights.json must look like. Whole percent everywhere, so that sums are exact. */
export const weightsSchema = z.object({
  version: z.number().int().positive(),
  /** What an outcome earns. What is missing or stale earns nothing; what does not apply is taken out. */
  outcomes: z.object({ met: percent, partly: percent, unmet: percent }),
  /** How much of it counts by where it comes from: a claim of the server counts half. */
  sources: z.object({ technical: bySource, organisational: bySource }),
  points: z.record(z.enum(pointIds), z.object({
    weight: z.number().int().min(1).max(100),
    half: z.enum(halves),
    /** Days after which evidence of a person has to be given again. */
    expiresDays: z.number().int().min(1).max(3650),
    /** The point counts only where this is so: models are used. */
    onlyWhen: z.literal('models').optional(),
  })),
  /** Percent of mid-sized companies that have it, as the source document says. Shown beside the score, never counted. */
  comparison: z.partialRecord(z.enum(pointIds), percent),
});
export type Weights = z.infer<typeof weightsSchema>;

/** What is decided about this organisation and changes what counts. */
export const scoreSettingsSchema = z.object({ usesModels: z.boolean() });
export type ScoreSettings = z.infer<typeof scoreSettingsSchema>;

import { z } from 'zod';
import { securityAreas } from './areas.ts';

/** One line of the security centre on the overview: what it is, how it stands, since when, and where it is looked at. */
export const overviewLineSchema = z.object({
  /** Key under `security.` in the texts of the overview, for example `score`; unique. */
  id: z.string().max(60),
  area: z.enum(securityAreas),
  tone: z.enum(['good', 'warning', 'bad', 'unknown']),
  /** Text key in the namespace `overview`, without it. */
  text: z.string().max(120),
  params: z.record(z.string(), z.string().max(200)),
  /** When it was seen, epoch milliseconds; null when never. */
  at: z.number().nullable(),
  link: z.string().max(300),
});
export type OverviewLine = z.infer<typeof overviewLineSchema>;

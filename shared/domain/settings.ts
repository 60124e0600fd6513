import { z } from 'zod';

/** What the app remembers per installation. Every field has a default, so that an old or damaged file costs nothing. */
export const settingsSchema = z.object({
  language: z.enum(['system', 'de', 'en']).catch('system').default('system'),
  theme: z.enum(['system', 'light', 'dark']).catch('system').default('system'),
  /** Sizes, columns, last filters: small values by a key of the renderer's choosing. */
  layout: z.record(z.string().max(80), z.union([z.string().max(2000), z.number(), z.boolean()])).catch({}).default({}),
});
export type Settings = z.infer<typeof settingsSchema>;

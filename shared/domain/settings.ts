import { z } from 'zod';
import { policyChoiceSchema } from './app-policy.ts';

const language = z.enum(['system', 'de', 'en']);
const theme = z.enum(['system', 'light', 'dark']);
/** Sizes, columns, last filters: small values by a key of the renderer's choosing. */
const layout = z.record(z.string().max(80), z.union([z.string().max(2000), z.number(), z.boolean()]));

/** What the app remembers per installation. Every field has a default, so that an old or damaged file costs nothing. */
export const settingsSchema = z.object({
  language: language.catch('system').default('system'),
  theme: theme.catch('system').default('system'),
  layout: layout.catch({}).default({}),
  /** What the person decided of the app's policy; the administration's word goes before it. */
  policy: policyChoiceSchema.catch({}).default({}),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A change of some settings. Spelled out, because making the schema above partial would bring its defaults back in. */
export const settingsChangeSchema = z.object({ language: language.optional(), theme: theme.optional(), layout: layout.optional(), policy: policyChoiceSchema.optional() });
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

import { z } from 'zod';

export const lookupKinds = ['customers', 'suppliers', 'articles'] as const;
export const lookupKindSchema = z.enum(lookupKinds);
export type LookupKind = z.infer<typeof lookupKindSchema>;

/** One field of a form, as `GET /api/mcp/form-specs/{type}` describes it. */
export const formFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(['text', 'textarea', 'date', 'number', 'select', 'lookup']).catch('text'),
  required: z.boolean().catch(false),
  lookup: lookupKindSchema.optional().catch(undefined),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional().catch(undefined),
});
export type FormField = z.infer<typeof formFieldSchema>;

export const formSpecSchema = z.object({ id: z.string(), title: z.string(), fields: z.array(formFieldSchema), lines: z.boolean() });
export type FormSpec = z.infer<typeof formSpecSchema>;

export const lookupItemSchema = z.object({
  id: z.string(),
  label: z.string(),
  hint: z.string().nullable(),
  /** Articles only: exact decimals. */
  cost: z.string().nullable(),
  price: z.string().nullable(),
  /** Percent; only servers that know it send it. */
  vatRate: z.string().nullable().optional(),
});
export type LookupItem = z.infer<typeof lookupItemSchema>;

/** An article as a line names it: by its text, and by its number where that is known. */
export const articleOfLineSchema = z.object({ text: z.string().max(200), id: z.string().max(200).nullable() });
export type ArticleOfLine = z.infer<typeof articleOfLineSchema>;

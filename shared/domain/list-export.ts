import { z } from 'zod';
import { documentTypes } from './document-types.ts';
import { listQuerySchema } from './document-list.ts';
import { workflowStates } from './workflow.ts';

export const exportFormats = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The columns of an exported list, in order; what the screen shows, and who submitted. */
export const exportColumns = ['number', 'type', 'date', 'partner', 'net', 'gross', 'status', 'workflow', 'submittedBy', 'submittedAt', 'changedAt'] as const;
export type ExportColumn = (typeof exportColumns)[number];

/** Rows of one Excel sheet, its head included; ECMA-376 leaves it open, Excel does not. */
export const mostExcelRows = 1_048_576;

const word = z.string().max(200);

/** Head and words of the file in its language; they come from where all words are. */
export const exportWordsSchema = z.object({
  language: z.enum(['de', 'en']),
  sheet: word,
  columns: z.record(z.enum(exportColumns), word),
  types: z.record(z.enum(documentTypes), word),
  workflow: z.record(z.enum(workflowStates), word),
  /** In normalised spelling; unknown ones stand as the server wrote them. */
  statuses: z.record(z.string().max(64), word),
});
export type ExportWords = z.infer<typeof exportWordsSchema>;

/** A list as it stands on the screen, filtered and sorted, without its window. */
export const exportQuerySchema = listQuerySchema.omit({ offset: true, limit: true });
export type ExportQuery = z.infer<typeof exportQuerySchema>;

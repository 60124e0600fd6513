import { z } from 'zod';
import { documentTypeInfo, documentTypes, type DocumentType } from './document-types.ts';
import { keptUntil, retentionClassOf, retentionYears, type RetentionClass } from './retention.ts';

/** `gobd`: data with an index description for a tax auditor; `pdf`: a report for people. */
export const auditExportFormats = ['csv', 'jsonl', 'gobd', 'pdf'] as const;
export type AuditExportFormat = (typeof auditExportFormats)[number];

/** Columns of an exported log, in order. */
export const auditColumns = ['number', 'day', 'time', 'actor', 'role', 'client', 'action', 'resource', 'from', 'to', 'reason', 'policy', 'correlationId', 'outcome', 'verified', 'documentType', 'retention', 'keptUntil'] as const;
export type AuditColumn = (typeof auditColumns)[number];

export const retentionClasses = ['books', 'voucher', 'letter'] as const;
const word = z.string().max(1000);

/** Words of the file in its language, and what it must say about itself. */
export const auditExportWordsSchema = z.object({
  language: z.enum(['de', 'en']),
  columns: z.record(z.enum(auditColumns), word),
  outcomes: z.record(z.enum(['accepted', 'refused']), word),
  yes: word, no: word,
  types: z.record(z.enum(documentTypes), word),
  classes: z.record(z.enum(retentionClasses), word),
  /** Legal basis of each class. */
  bases: z.record(z.enum(retentionClasses), word),
  classColumns: z.object({ name: word, meaning: word, years: word, basis: word }),
  /** Whose data it is, where from, and how old and how far verified, in sentences. */
  supplier: word, location: word, origin: word, /** Which entries were taken. */ conditions: z.string().max(3000), title: word, classTitle: word,
  /** Entries below this place are covered by a checkpoint that this client has verified. */
  verifiedSize: z.number().int().min(0),
});
export type AuditExportWords = z.infer<typeof auditExportWordsSchema>;

/** The document type that a number's prefix names, the longest one that fits; null for what is no document. */
export function typeOfResource(resource: string): DocumentType | null {
  const [domain, number = ''] = resource.split('/');
  return documentTypes.filter((type) => documentTypeInfo[type].domain === domain && number.startsWith(documentTypeInfo[type].prefix)).toSorted((a, b) => documentTypeInfo[b].prefix.length - documentTypeInfo[a].prefix.length)[0] ?? null;
}

/**
 * How long an entry of the log has to be kept: as long as the document that it is about; where it is about none (rights, policies,
 * sign-ins) it describes the procedure and is kept like the books (§ 147 (1) no. 1 AO).
 * @param day of the entry, `YYYY-MM-DD`
 */
export function retentionOf(resource: string, day: string): { type: DocumentType | null; kind: RetentionClass; years: number; until: string | null } {
  const type = typeOfResource(resource);
  const isDocument = type !== null || /^(?:sales|purchase)\//.test(resource);
  const kind = type !== null ? retentionClassOf(type) : isDocument ? 'letter' : 'books';
  return { type, kind, years: retentionYears[kind], until: keptUntil(kind, day) };
}

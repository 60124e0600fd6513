import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { dateSchema, documentKeySchema, documentNumberSchema, documentTypeSchema } from '../../domain/document.ts';
import { draftContentSchema } from '../../domain/draft.ts';
import { jobSchema } from '../../domain/job.ts';
import { auditFilterSchema } from '../../domain/audit.ts';
import { auditExportFormats } from '../../domain/audit-export.ts';
import { exportFormats, exportQuerySchema, exportWordsSchema } from '../../domain/list-export.ts';
import { archiveEntrySchema, printedHashSchema, verifyResultSchema } from '../../domain/verify.ts';
import { paperWordsSchema } from '../../paper/words.ts';

/** Bytes of a dropped file that cross at all; the data host has the same limit. */
export const largestDrop = 20 * 1024 * 1024;

/** What goes on paper: a stored document, or what is being written. */
const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('document'), key: documentKeySchema }),
  z.object({ kind: z.literal('draft'), content: draftContentSchema }),
]);
export type PaperSource = z.infer<typeof sourceSchema>;

const paper = z.object({ source: sourceSchema, words: paperWordsSchema });
/** A file that was written where the person wanted it; null when they cancelled. */
const written = z.object({ path: z.string(), name: z.string() });
/** Long work that ends in a file. */
const writing = z.object({ job: jobSchema, path: z.string(), name: z.string() });

const asked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), number: documentNumberSchema, hash: printedHashSchema.nullable() }),
  z.object({ kind: z.literal('text'), text: z.string().trim().min(1).max(2000) }),
  z.object({ kind: z.literal('file'), name: z.string().max(255), bytes: z.custom<Uint8Array<ArrayBuffer>>((bytes) => bytes instanceof Uint8Array && bytes.byteLength > 0 && bytes.byteLength <= largestDrop) }),
]);
export type VerifyQuestion = z.infer<typeof asked>;

/** Print, archive, export and verify. */
export const paperCalls = {
  /** Lays the pages out for the screen; the address counts inside this window only, for a while. */
  'paper.preview': unlockedCall(paper, z.object({ address: z.string(), pages: z.number().int() })),
  /** Writes our own PDF. Nothing of it reaches the server's archive. */
  'paper.savePdf': unlockedCall(paper, written.nullable()),
  /** Prints our own pages through the system's dialog. */
  'paper.print': unlockedCall(paper, z.object({ printed: z.boolean() })),
  /** The server's PDF. Asks where to save first, because the server archives a copy with each request. */
  'paper.printOnServer': unlockedCall(documentKeySchema.extend({ name: z.string().max(200) }), written.extend({ sha256: z.string() }).nullable()),
  'paper.history': unlockedCall(documentKeySchema, z.object({ value: z.array(archiveEntrySchema), source: z.enum(['server', 'cache']), fetchedAt: z.number() })),
  /** Compares again, on the server and, where this computer has the bytes, here. */
  'paper.recheck': unlockedCall(documentKeySchema.extend({ path: z.string().max(500) }), archiveEntrySchema),
  /** Opens or shows a file that was written in this run, and no other. */
  'files.open': unlockedCall(z.object({ path: z.string().max(4096), how: z.enum(['open', 'reveal']) }), z.null()),
  /** Writes a list as it stands, from the cache. Excel's limit of rows is told before anything is written. */
  'export.list': unlockedCall(z.object({ query: exportQuerySchema, format: z.enum(exportFormats), words: exportWordsSchema, name: z.string().max(200) }), writing.nullable()),
  /** The cached audit log, or what a filter leaves of it. */
  'export.audit': unlockedCall(z.object({ filter: auditFilterSchema, format: z.enum(auditExportFormats), language: z.enum(['de', 'en']), name: z.string().max(200) }), writing.nullable()),
  /** A whole type between two days, as the server itself writes it. */
  'export.server': unlockedCall(z.object({ type: documentTypeSchema, from: dateSchema.nullable(), to: dateSchema.nullable(), format: z.enum(exportFormats), name: z.string().max(200) }), writing.nullable()),
  'verify.check': unlockedCall(asked, verifyResultSchema),
};

import { z } from 'zod';
import { jobSchema } from '../../../domain/job.ts';
import { findingFilterSchema, findingPageSchema, findingQuerySchema, findingSchema, findingSummarySchema, importSchema } from '../../../security/findings/finding.ts';
import { refusals } from '../../../security/findings/report.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
const ids = z.array(z.number().int()).min(1).max(10_000);
const changed = z.object({ changed: z.number().int() });
/** Bytes of a report in one call: a file comes in parts, so that no process is busy with all of it at once. */
export const reportPart = 512 * 1024;

/** Findings of scanners. A report is announced, sent in parts, then imported by a job; the history says what that did. */
export const findingsCalls = {
  'findings.begin': centreAct(z.object({ size: z.number().int().min(0) }), z.object({ id: z.uuid() })),
  'findings.part': centreAct(z.object({ id: z.uuid(), bytes: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array && bytes.length <= reportPart) }), z.object({ refused: z.enum(refusals).nullable() })),
  'findings.discard': centreAct(z.object({ id: z.uuid() }), z.null()),
  /** `target` is for reports that name none. */
  'findings.import': centreAct(z.object({ reports: z.array(z.object({ id: z.uuid(), file: z.string().max(255) })).min(1).max(8), target: z.string().trim().max(200) }), jobSchema),
  /** The server's own list, as one more report; it counts as the server's claim, whoever asks for it. */
  'findings.fetch': centreRead(nothing, jobSchema),
  'findings.features': centreRead(nothing, z.object({ server: z.boolean() })),
  'findings.list': centreRead(findingQuerySchema, findingPageSchema),
  'findings.get': centreRead(z.object({ id: z.number().int() }), findingSchema.nullable()),
  'findings.summary': centreRead(nothing, findingSummarySchema),
  'findings.imports': centreRead(z.object({ limit: z.number().int().min(1).max(1000) }), z.array(importSchema)),
  'findings.accept': centreAct(z.object({ ids, reason: z.string().trim().min(1).max(1000), until: z.number() }), changed),
  'findings.unaccept': centreAct(z.object({ ids }), changed),
  /** `words` are the heads of the columns and what the codes are called, in the language of the window. */
  'findings.export': centreRead(
    z.object({ filter: findingFilterSchema, language: z.enum(['de', 'en']), heads: z.array(z.string().max(80)).length(11), words: z.record(z.string(), z.string().max(80)), suggestedName: z.string().max(200) }),
    z.object({ path: z.string(), rows: z.number().int() }).nullable(),
  ),
};

import { z } from 'zod';
import { findingQuerySchema, findingFilterSchema, type Finding, type FindingPage, type FindingSummary, type ImportRecord } from '../../../shared/security/findings/finding.ts';
import type { Format, Refusal } from '../../../shared/security/findings/report.ts';
import { reportLimits } from './prescan.ts';

const id = z.uuid();
const ids = z.array(z.number().int()).min(1).max(10_000);
const name = z.string().max(200);

/** What the findings part of the host is asked. A report arrives in parts, is read in a worker, then taken into the database. */
export const findingsRequests = {
  'findings.begin': z.object({ id, size: z.number().int().min(0).max(2 ** 40) }),
  'findings.part': z.object({ id, bytes: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array && bytes.length <= 4 * 1024 * 1024) }),
  'findings.read': z.object({ id }),
  /** Takes what was read, in one transaction, and remembers the import; a refused one too. `continues`: belongs to the same run as the import before. */
  'findings.apply': z.object({ id, file: z.string().max(255), target: z.string().max(200).nullable(), by: name, now: z.number(), continues: z.boolean(), claimed: z.boolean() }),
  'findings.progress': z.object({ id }),
  /** Forgets a report; one that is being read or taken is stopped, and nothing of it stays. */
  'findings.drop': z.object({ id }),
  'findings.list': findingQuerySchema.extend({ now: z.number() }),
  'findings.ids': z.object({ filter: findingFilterSchema, now: z.number(), limit: z.number().int().min(1).max(10_000) }),
  'findings.get': z.object({ id: z.number().int() }),
  'findings.summary': z.object({ now: z.number() }),
  'findings.imports': z.object({ limit: z.number().int().min(1).max(1000) }),
  'findings.accept': z.object({ ids, reason: z.string().min(1).max(1000), until: z.number(), by: name, now: z.number() }),
  'findings.unaccept': z.object({ ids, by: name, now: z.number() }),
  /** Ends the acceptances whose day has come. */
  'findings.expire': z.object({ now: z.number() }),
} as const;

export type ReadAnswer = { format: Format | null; rows: number; unusable: number; refused: Refusal | null; parseMs: number };

export type FindingsAnswers = {
  'findings.begin': null;
  'findings.part': { refused: Refusal | null };
  'findings.read': ReadAnswer;
  'findings.apply': ImportRecord;
  'findings.progress': { done: number; total: number };
  'findings.drop': null;
  'findings.list': FindingPage;
  'findings.ids': number[];
  'findings.get': Finding | null;
  'findings.summary': FindingSummary;
  'findings.imports': ImportRecord[];
  'findings.accept': { changed: number };
  'findings.unaccept': { changed: number };
  'findings.expire': { changed: number };
};

export const findingsWrites = ['findings.apply', 'findings.accept', 'findings.unaccept', 'findings.expire'] as const;
export const largestReport = reportLimits.bytes;

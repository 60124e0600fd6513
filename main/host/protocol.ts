import { z } from 'zod';
import { auditRequests, auditWrites, type AuditAnswers } from './audit/protocol.ts';
import { appErrorSchema, type AppError } from '../../shared/ipc/errors.ts';
import type { SyncState } from '../../shared/domain/connection.ts';
import { documentTypes, domains, type Domain } from '../../shared/domain/document-types.ts';
import {
  documentKeySchema, documentNumberSchema, documentRecordSchema, trailEntrySchema, workflowInfoSchema,
  type DocumentKey, type DocumentRecord, type TrailEntry,
} from '../../shared/domain/document.ts';
import type { Flow } from '../../shared/domain/flow.ts';
import { listFilterSchema, listQuerySchema, selectionLimit, type ListPage } from '../../shared/domain/document-list.ts';
import { draftContentSchema, type DiscardedDraft, type Draft, type DraftContent, type DraftSummary, type DraftVersion } from '../../shared/domain/draft.ts';
import { pastAlertSchema } from '../../shared/policy/records.ts';
import type { AlertFacts, PastAlert, ReplayReport } from '../../shared/policy/replay.ts';
import { ruleSchema } from '../../shared/policy/rule.ts';
import { auditFilterSchema } from '../../shared/domain/audit.ts';
import { auditExportWordsSchema } from '../../shared/domain/audit-export.ts';
import { exportFormats, exportQuerySchema, exportWordsSchema } from '../../shared/domain/list-export.ts';
import { largestFile, type Inspection } from './files/findings.ts';
import { articleOfLineSchema, lookupItemSchema, lookupKindSchema } from '../../shared/domain/form-spec.ts';
import type { Decimal } from '../../shared/domain/money.ts';
import { decisionSchema, type Decision } from '../../shared/domain/outbox.ts';
import { mergeInputSchema, type Merged } from './merge.ts';
import { listParts, type FoundLookups } from './db/repos/lookups.ts';
import type { PageAnswer, PullStep } from './pull/pull-store.ts';
import { healthRequests, type HealthAnswers } from './health.ts';
import { personRequests, personWrites, type PersonAnswers } from './person.ts';
import { findingsRequests, findingsWrites, type FindingsAnswers } from './findings/protocol.ts';
import { recordRequests, recordWrites, type RecordAnswers } from './records.ts';
import { enqueueSchema, outboxChangeSchema, type CommandEntry, type StoredCommand } from './outbox.ts';

const nothing = z.undefined();
const factName = z.string().min(1).max(200);
const id = z.uuid();

/**
 * Large writes come in parts, so that neither process is busy with one message for long and lists are served in between.
 * The parts of one batch are one transaction, committed with the last one. Batch numbers only grow.
 */
const part = { batch: z.number().int(), first: z.boolean(), last: z.boolean() };

const filePath = z.string().min(1).max(4096);
const exportId = z.object({ id: z.number().int() });

/** What each request carries. Checked when it arrives in the host. */
export const requestSchemas = {
  /** The key is 32 bytes; the host overwrites its copy with zeros once SQLite has it. */
  open: z.object({ path: z.string().min(1), key: z.custom<Uint8Array>((key) => key instanceof Uint8Array && key.length === 32) }),
  close: nothing,
  clear: nothing,
  'documents.list': listQuerySchema,
  'documents.get': documentKeySchema,
  'documents.put': z.object({ ...part, records: z.array(documentRecordSchema).max(1000) }),
  'documents.setWorkflow': z.object({
    target: z.union([documentKeySchema, z.object({ domain: z.enum(domains), number: documentNumberSchema })]), workflow: workflowInfoSchema,
  }),
  'documents.remove': z.object({ ...part, keys: z.array(documentKeySchema).max(1000) }),
  'documents.keys': listFilterSchema.extend({ limit: z.number().int().min(1).max(selectionLimit) }),
  'documents.flow': documentKeySchema,
  'documents.pendingCount': nothing,
  'documents.count': nothing,
  'documents.findByNumber': z.object({ domain: z.enum(domains).nullable(), number: z.string().max(64) }),
  'trails.get': documentKeySchema,
  'trails.put': z.object({ key: documentKeySchema, entries: z.array(trailEntrySchema).max(100_000), fetchedAt: z.number() }),
  'facts.get': factName,
  'facts.put': z.object({ name: factName, value: z.unknown(), fetchedAt: z.number() }),
  'facts.remove': factName,
  'lookups.put': z.object({ ...part, kind: lookupKindSchema, items: z.array(lookupItemSchema).max(1000), fetchedAt: z.number(), part: z.enum(listParts).default('whole') }),
  'lookups.search': z.object({ kind: lookupKindSchema, text: z.string().max(200), limit: z.number().int().min(1).max(500) }),
  'lookups.vatRates': z.object({ articles: z.array(articleOfLineSchema).max(100) }),
  'drafts.list': nothing,
  'drafts.discarded': z.object({ now: z.number() }),
  'drafts.get': id,
  'drafts.ofDocument': documentKeySchema,
  'drafts.create': z.object({ id, content: draftContentSchema, base: documentRecordSchema.nullable(), now: z.number() }),
  'drafts.save': z.object({ id, version: z.number().int(), content: draftContentSchema, now: z.number() }),
  'drafts.versions': id,
  'drafts.version': z.object({ id, version: z.number().int() }),
  'drafts.discard': z.object({ id, now: z.number() }),
  'drafts.restore': id,
  /** Computes only; nothing is read or stored. */
  merge: mergeInputSchema,
  'outbox.enqueue': enqueueSchema,
  'outbox.list': z.object({ after: z.number().int(), limit: z.number().int().min(1).max(1000) }),
  'outbox.get': id,
  /** All or nothing: what happened to commands, their drafts, and the documents that came of it. */
  'outbox.commit': z.object({ changes: z.array(outboxChangeSchema).max(1000), records: z.array(documentRecordSchema).max(100) }),
  'decisions.list': nothing,
  'decisions.put': decisionSchema,
  'decisions.remove': id,
  ...auditRequests,
  ...recordRequests,
  ...healthRequests,
  ...personRequests,
  ...findingsRequests,
  'policy.putAlerts': z.object({ ...part, alerts: z.array(pastAlertSchema).max(1000) }),
  'policy.alertsInfo': nothing,
  'policy.alertFacts': nothing,
  'policy.alerts': z.object({ places: z.array(z.number().int().min(0)).max(200) }),
  'policy.replay': z.object({ before: z.array(ruleSchema), after: z.array(ruleSchema), timeZone: z.string().max(64) }),
  /** Begins to write the list into a file; `beside` is its name until it is whole. */
  'export.begin': z.object({ id: z.number().int(), query: exportQuerySchema, format: z.enum(exportFormats), words: exportWordsSchema, file: filePath, beside: filePath }),
  /** Writes the next rows; with the last ones the file appears under its name. */
  'export.beginAudit': z.object({ id: z.number().int(), filter: auditFilterSchema, format: z.enum(['csv', 'jsonl', 'gobd']), words: auditExportWordsSchema, file: filePath, beside: filePath }),
  'export.step': exportId,
  'export.discard': exportId,
  /** Looks into an untrusted file, in a worker of its own. */
  'files.inspect': z.object({ bytes: z.custom<Uint8Array>((bytes) => bytes instanceof Uint8Array && bytes.length <= largestFile) }),
  /** SHA-256 of a file of ours on disk; null when it is gone. */
  'files.digest': z.object({ path: filePath }),
  'pull.next': z.object({ type: z.enum(documentTypes), now: z.number() }),
  /** A page of the server as it came. */
  'pull.page': z.object({
    type: z.enum(documentTypes), body: z.custom<Uint8Array>((body) => body instanceof Uint8Array), correlationId: z.string(),
    size: z.number().int().positive(), skip: z.number().int().nonnegative(), now: z.number(),
  }),
  'pull.restart': z.object({ type: z.enum(documentTypes), how: z.enum(['same', 'again']), now: z.number() }),
  'pull.isComplete': z.object({ type: z.enum(documentTypes), total: z.number().int() }),
  'pull.finishedAt': nothing,
  'pull.unreadable': nothing,
  /** Ends a batch without storing anything of it. */
  cancelBatch: z.object({ batch: z.number().int() }),
  /** Resolves when everything that runs after opening (loading the list index) is done. For benchmarks and tests. */
  ready: nothing,
} as const;

export type Method = keyof typeof requestSchemas;
export type Params<M extends Method> = z.input<(typeof requestSchemas)[M]>;
export type ParsedParams<M extends Method> = z.output<(typeof requestSchemas)[M]>;

export type OpenAnswer = { created: boolean; migratedFrom: number | null; salvage: null | { keptAs: string; recovered: number } };
export type Changed = { changed: DocumentKey[] };

/** What each request answers. */
export type Answers = AuditAnswers & RecordAnswers & HealthAnswers & PersonAnswers & FindingsAnswers & {
  open: OpenAnswer;
  close: null;
  clear: null;
  'documents.list': ListPage;
  'documents.get': DocumentRecord | null;
  'documents.put': Changed;
  'documents.setWorkflow': Changed;
  'documents.remove': null;
  'documents.keys': { keys: DocumentKey[]; total: number };
  'documents.flow': Flow;
  'documents.pendingCount': Record<Domain, number>;
  'documents.count': number;
  'documents.findByNumber': DocumentKey[];
  'trails.get': { entries: TrailEntry[]; fetchedAt: number } | null;
  'trails.put': null;
  'facts.get': { value: unknown; fetchedAt: number } | null;
  'facts.put': null;
  'facts.remove': null;
  'lookups.put': null;
  'lookups.search': FoundLookups | null;
  'lookups.vatRates': (Decimal | null)[];
  'drafts.list': DraftSummary[];
  'drafts.discarded': DiscardedDraft[];
  'drafts.get': Draft | null;
  'drafts.ofDocument': Draft | null;
  'drafts.create': Draft;
  'drafts.save': { version: number; savedAt: number };
  'drafts.versions': DraftVersion[];
  'drafts.version': DraftContent | null;
  'drafts.discard': null;
  'drafts.restore': Draft;
  merge: Merged;
  'outbox.enqueue': CommandEntry[];
  'outbox.list': { entries: CommandEntry[]; next: number | null };
  'outbox.get': StoredCommand | null;
  'outbox.commit': Changed;
  'decisions.list': Decision[];
  'decisions.put': null;
  'decisions.remove': null;
  'policy.putAlerts': null;
  'policy.alertsInfo': { count: number; from: number | null; to: number | null };
  'policy.alertFacts': AlertFacts;
  'policy.alerts': PastAlert[];
  'policy.replay': ReplayReport;
  'export.begin': { total: number };
  'export.beginAudit': { total: number };
  'export.step': { done: number; finished: boolean };
  'export.discard': null;
  'files.inspect': Inspection;
  'files.digest': string | null;
  'pull.next': PullStep;
  'pull.page': PageAnswer;
  'pull.restart': null;
  'pull.isComplete': boolean;
  'pull.finishedAt': number | null;
  'pull.unreadable': SyncState['unreadable'];
  cancelBatch: null;
  ready: null;
};

/** Methods that wait while a batch of someone else is open. Everything else only reads, or ends the batch itself. */
export const writingMethods: ReadonlySet<Method> = new Set<Method>([
  'open', 'clear', 'documents.put', 'documents.setWorkflow', 'documents.remove', 'trails.put', 'facts.put', 'facts.remove', 'lookups.put', 'pull.page', 'pull.restart',
  'drafts.create', 'drafts.save', 'drafts.discard', 'drafts.restore', 'outbox.enqueue', 'outbox.commit', 'decisions.put', 'decisions.remove', 'policy.putAlerts',
  ...auditWrites, ...recordWrites, ...findingsWrites, ...personWrites,
]);

/** A request; its parameters are checked by the schema of its method. */
export const requestSchema = z.object({
  id: z.number().int(),
  method: z.enum(Object.keys(requestSchemas) as [Method, ...Method[]]),
  params: z.unknown(),
});
export type Request = z.infer<typeof requestSchema>;

export type Reply = { id: number; ok: true; value: unknown } | { id: number; ok: false; error: AppError };

export const replySchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), error: appErrorSchema }),
]);

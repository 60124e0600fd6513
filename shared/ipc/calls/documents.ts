import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { decimalSchema, documentKeySchema, documentNumberSchema, documentRecordSchema, documentTypeSchema, trailEntrySchema } from '../../domain/document.ts';
import { listPageSchema, listQuerySchema } from '../../domain/document-list.ts';
import { articleOfLineSchema, formSpecSchema, lookupItemSchema, lookupKindSchema } from '../../domain/form-spec.ts';
import { seenSchema } from '../../domain/seen.ts';
import { workflowActionSchema, workflowStateSchema } from '../../domain/workflow.ts';
import { syncStateSchema } from '../../domain/connection.ts';
import { domains } from '../../domain/document-types.ts';

const nothing = z.undefined();

/** Data with the moment this client read it; `source` says whether the server was asked just now. */
const aged = <T extends z.ZodType>(value: T) => z.object({ value, source: z.enum(['server', 'cache']), fetchedAt: z.number() });

export const documentCalls = {
  /** From the cache alone, so it answers within a frame; the cache follows the server by itself. */
  'documents.list': unlockedCall(listQuerySchema, listPageSchema),
  /** The cached record; null when this client has never read it. */
  'documents.cached': unlockedCall(documentKeySchema, documentRecordSchema.nullable()),
  /** Asks the server, updates the cache, answers with the record. */
  'documents.refresh': unlockedCall(documentKeySchema, documentRecordSchema),
  /** `provisional` is true when the server could not give a number and ours may be replaced. */
  'documents.nextNumber': unlockedCall(z.object({ type: documentTypeSchema }), z.object({ number: documentNumberSchema, provisional: z.boolean() })),
  /** A form that showed this number was left: if nothing bears it, it is offered again. */
  'documents.releaseNumber': unlockedCall(z.object({ type: documentTypeSchema, number: documentNumberSchema }), z.null()),
  'documents.formSpec': unlockedCall(z.object({ type: documentTypeSchema }), aged(formSpecSchema)),
  'documents.trail': unlockedCall(documentKeySchema, aged(z.array(trailEntrySchema))),
  /** `isPartial` when the answer comes from a cache that has only a part of the server's list. */
  'lookups.search': unlockedCall(z.object({ kind: lookupKindSchema, text: z.string().max(100) }), aged(z.array(lookupItemSchema)).extend({ isPartial: z.boolean() })),
  /** The VAT rate that each article had last in the documents of the cache; null where none is known. */
  'lookups.vatRates': unlockedCall(z.object({ articles: z.array(articleOfLineSchema).max(100) }), z.array(decimalSchema.nullable())),
  /** `seen` is the fingerprint of the document that the person decides about: where it is another one by now, nothing is sent. */
  'workflow.transition': unlockedCall(
    documentKeySchema.extend({ action: workflowActionSchema, reason: z.string().trim().max(1000).optional(), seen: seenSchema }),
    z.object({ state: workflowStateSchema }),
  ),
  /** How many documents wait for approval, by domain; from the cache. */
  'workflow.pendingCount': unlockedCall(nothing, z.record(z.enum(domains), z.number().int())),
  'sync.state': unlockedCall(nothing, syncStateSchema),
  'sync.pull': unlockedCall(nothing, z.null()),
  'sync.cancel': unlockedCall(nothing, z.null()),
};

import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { documentKeySchema, documentRecordSchema, documentSchema } from '../../domain/document.ts';
import { discardedDraftSchema, draftContentSchema, draftIdSchema, draftSchema, draftSummarySchema, draftVersionSchema } from '../../domain/draft.ts';
import { conflictSchema, decisionSchema, outboxCommandSchema, outboxStateSchema, sendOutcomeSchema } from '../../domain/outbox.ts';
import { workflowStateSchema } from '../../domain/workflow.ts';

const nothing = z.undefined();
const draftId = z.object({ id: draftIdSchema });
const commandId = z.object({ id: z.uuid() });

/** What is written here and not yet on the server. All of it works without a network. */
export const draftCalls = {
  /** Newest change first. */
  'drafts.list': unlockedCall(nothing, z.array(draftSummarySchema)),
  /** What `drafts.restore` brings back, the last one thrown away first. */
  'drafts.discarded': unlockedCall(nothing, z.array(discardedDraftSchema)),
  'drafts.get': unlockedCall(draftId, draftSchema.nullable()),
  /** The draft of changes to a stored document, if there is one. */
  'drafts.ofDocument': unlockedCall(documentKeySchema, draftSchema.nullable()),
  /**
   * Begins a draft. `id` is chosen by the caller, so that a repeated call makes one draft; `base` is the stored document as it was when the editing
   * began, ETag included: what the cache has by now may hold changes that `content` does not, and would be taken back.
   */
  'drafts.create': unlockedCall(z.object({ id: draftIdSchema, content: draftContentSchema, base: documentRecordSchema.nullable() }), draftSchema),
  /** Autosave. Resolves when the change is on disk. `version` is the one the change was made on; an older one is refused with `draft.changedElsewhere`. */
  'drafts.save': unlockedCall(z.object({ id: draftIdSchema, version: z.number().int(), content: draftContentSchema }), z.object({ version: z.number().int(), savedAt: z.number() })),
  'drafts.versions': unlockedCall(draftId, z.array(draftVersionSchema)),
  'drafts.version': unlockedCall(z.object({ id: draftIdSchema, version: z.number().int() }), draftContentSchema.nullable()),
  /** Thrown away; `drafts.restore` brings it back within 30 days, unless its document has another draft by then (`draft.exists`). */
  'drafts.discard': unlockedCall(draftId, z.null()),
  'drafts.restore': unlockedCall(draftId, draftSchema),
  /** Puts the draft into the outbox, in one transaction with its state, and tries at once when online. Settles within seconds: stored, or queued. */
  'drafts.send': unlockedCall(z.object({ id: draftIdSchema, submit: z.boolean() }), sendOutcomeSchema),
  /** In the order in which they will be sent. */
  'outbox.list': unlockedCall(nothing, z.array(outboxCommandSchema)),
  'outbox.state': unlockedCall(nothing, outboxStateSchema),
  /** Tries again now; without an id everything that waits. */
  'outbox.retry': unlockedCall(z.object({ id: z.uuid().nullable() }), z.null()),
  /** Takes a command back: its draft is open again. Refused while it is on its way. */
  'outbox.withdraw': unlockedCall(commandId, z.null()),
  /** Writes what waits into a file that the person chooses; null when they cancel. */
  'outbox.export': unlockedCall(nothing, z.object({ path: z.string() }).nullable()),
  'outbox.conflict': unlockedCall(commandId, conflictSchema.nullable()),
  /**
   * Sends `document` on top of what the server has now (`theirs` of the conflict, by its ETag or content). `lineIds` as a
   * draft names them whose base is theirs (`lineIdsOnTheirs` of the merge); without them equal lines count as the same.
   */
  'outbox.resolve': unlockedCall(z.object({ id: z.uuid(), document: documentSchema, lineIds: z.array(z.number().int()).optional() }), sendOutcomeSchema),
  /** Gives up mine: the draft stays as a discarded one, the server's document is untouched. */
  'outbox.takeTheirs': unlockedCall(commandId, z.null()),
  /** A document that was submitted cannot be changed: mine becomes a new draft. */
  'outbox.asNewDraft': unlockedCall(commandId, draftSchema),
  'decisions.list': unlockedCall(nothing, z.array(decisionSchema)),
  'decisions.add': unlockedCall(documentKeySchema.extend({ action: decisionSchema.shape.action, reason: z.string().trim().max(1000).nullable() }), decisionSchema),
  'decisions.remove': unlockedCall(commandId, z.null()),
  /** Carries one out now, against the state the person has just seen. */
  'decisions.confirm': unlockedCall(commandId, z.object({ state: workflowStateSchema })),
};

import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';
import { documentKeySchema, documentRecordSchema, documentSchema } from './document.ts';
import { draftIdSchema } from './draft.ts';
import { workflowActionSchema, workflowStateSchema } from './workflow.ts';

/** What a command does on the server. Approving, rejecting and posting never wait here: see {@link decisionSchema}. */
export const commandKinds = ['create', 'update', 'submit'] as const;

/**
 * `waiting`: its turn has not come (offline, an earlier command of the document, or later after a failure: `nextAttemptAt`).
 * `sending`: on its way. `rejected`: the server said no, and says why. `conflict`: the document changed there meanwhile.
 * `reconcile`: its answer was lost longer ago than the server remembers keys; compared with the server before anything is
 * sent again. A command that is done leaves the outbox.
 */
export const commandStates = ['waiting', 'sending', 'rejected', 'conflict', 'reconcile'] as const;

/** One thing that waits to happen on the server. */
export const outboxCommandSchema = z.object({
  id: z.uuid(),
  kind: z.enum(commandKinds),
  state: z.enum(commandStates),
  key: documentKeySchema,
  /** The draft it carries; null for a submit that follows. */
  draftId: draftIdSchema.nullable(),
  partnerName: z.string().nullable(),
  /** Epoch milliseconds. */
  queuedAt: z.number(),
  attempts: z.number().int().min(0),
  nextAttemptAt: z.number().nullable(),
  /** Why it is not done yet. */
  error: appErrorSchema.nullable(),
  /** The command of the same document that must be done first. */
  after: z.uuid().nullable(),
});
export type OutboxCommand = z.infer<typeof outboxCommandSchema>;

/** What the ⇅ in the title bar shows. */
export const outboxStateSchema = z.object({
  waiting: z.number().int(), sending: z.number().int(), rejected: z.number().int(), conflicts: z.number().int(),
  /** Decisions made offline that wait for a person's second look. */
  decisions: z.number().int(),
  /** Epoch milliseconds when the oldest command was queued. */
  oldestAt: z.number().nullable(),
});
export type OutboxState = z.infer<typeof outboxStateSchema>;

/** The three sides of a conflict. Who and when are as far as the server says it. */
export const conflictSchema = z.object({
  command: outboxCommandSchema,
  base: documentRecordSchema.nullable(),
  mine: documentSchema,
  /** Ids of the lines of `mine`, see draft.ts. */
  mineLineIds: z.array(z.number().int()),
  theirs: documentRecordSchema,
  theirsBy: z.string().nullable(),
  theirsAt: z.number().nullable(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/**
 * "Decide when back online": what a person wanted to decide without a network, with what they saw. Nothing is sent until
 * they confirm it against the state of that moment.
 */
export const decisionSchema = z.object({
  id: z.uuid(),
  key: documentKeySchema,
  action: workflowActionSchema.exclude(['submit']),
  reason: z.string().max(1000).nullable(),
  decidedAt: z.number(),
  /** What was on screen then. */
  seen: documentRecordSchema,
  /** What the server has now; null until it was read again. */
  current: documentRecordSchema.nullable(),
  /** True when something that matters for the decision differs between the two. */
  changed: z.boolean(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** What became of a draft that was sent: on the server, or safe in the outbox until it can be. */
export const sendOutcomeSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('stored'), record: documentRecordSchema, workflowState: workflowStateSchema.nullable() }),
  z.object({ status: z.literal('queued'), command: outboxCommandSchema }),
]);
export type SendOutcome = z.infer<typeof sendOutcomeSchema>;

import { z } from 'zod';
import { documentRecordSchema, documentSchema } from '../../shared/domain/document.ts';
import { draftContentSchema, draftSchema, draftStateSchema } from '../../shared/domain/draft.ts';
import { outboxCommandSchema } from '../../shared/domain/outbox.ts';

/** A command as it is stored, beside its documents: small, because every attempt writes it anew. */
export const commandEntrySchema = outboxCommandSchema.extend({
  /** Sent with every attempt at the same content; the server does the same key's work once. */
  idempotencyKey: z.uuid(),
  /** Epoch milliseconds when this key first went out; null while nothing of it can be on the server. */
  sentAt: z.number().nullable(),
  /** The number is ours and is replaced by the server's, where that can give one, before the first attempt. */
  numberProvisional: z.boolean(),
});
export type CommandEntry = z.infer<typeof commandEntrySchema>;

/** What a command carries. */
export const commandBodySchema = z.object({
  /** What shall be on the server; null for a submit. */
  document: documentSchema.nullable(),
  /** Ids of the lines of `document`, see draft.ts. */
  lineIds: z.array(z.number().int()),
  /** What the change began from: its ETag is the If-Match, its content what is compared where there is none. */
  base: documentRecordSchema.nullable(),
  /** Sent before by a command whose answer was lost and that was then taken back: if it is on the server, it is ours. */
  earlier: documentSchema.nullable(),
  /** The server's document of a conflict. */
  theirs: documentRecordSchema.nullable(),
  theirsBy: z.string().nullable(),
});
export type CommandBody = z.infer<typeof commandBodySchema>;

export type StoredCommand = { entry: CommandEntry; body: CommandBody };

/** One change to the outbox or to a draft behind it. All changes of one call are one transaction (law 6). */
export const outboxChangeSchema = z.discriminatedUnion('do', [
  /** Adds a command, or changes it; without a body the stored one stays. */
  z.object({ do: z.literal('put'), entry: commandEntrySchema, body: commandBodySchema.optional() }),
  z.object({ do: z.literal('remove'), id: z.uuid() }),
  z.object({
    do: z.literal('draft'), id: z.uuid(),
    state: draftStateSchema.optional(),
    number: z.object({ number: z.string().max(64), provisional: z.boolean() }).optional(),
    base: documentRecordSchema.optional(),
    /** A new version of what was typed, as after a merge. */
    content: z.object({ content: draftContentSchema, at: z.number() }).optional(),
    /** See {@link commandBodySchema}: remembered with the draft until it is sent again. */
    earlier: documentSchema.nullable().optional(),
  }),
  z.object({ do: z.literal('insertDraft'), draft: draftSchema }),
  z.object({ do: z.literal('discardDraft'), id: z.uuid(), at: z.number() }),
  z.object({ do: z.literal('removeDraft'), id: z.uuid() }),
]);
export type OutboxChange = z.infer<typeof outboxChangeSchema>;

/** What the caller chooses for commands that are made of a draft, so that a repeated call makes them once. */
export const enqueueSchema = z.object({
  draftId: z.uuid(),
  submit: z.boolean(),
  /** Of the create or update, and of the submit that follows it. */
  ids: z.tuple([z.uuid(), z.uuid()]),
  keys: z.tuple([z.uuid(), z.uuid()]),
  /** Takes the place of a missing number. */
  number: z.string().min(1).max(64),
  now: z.number(),
});
export type Enqueue = z.infer<typeof enqueueSchema>;

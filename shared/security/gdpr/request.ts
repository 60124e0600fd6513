import { z } from 'zod';
import { dateSchema } from '../../domain/document.ts';
import { daysBetween, dueDay, localDay } from './deadline.ts';

/** What a person can ask for, with the article of the GDPR. */
export const articles = { access: 15, rectification: 16, erasure: 17, restriction: 18, portability: 20, objection: 21 } as const;
export const requestKinds = ['access', 'portability', 'rectification', 'erasure', 'restriction', 'objection'] as const satisfies readonly (keyof typeof articles)[];
export type RequestKind = (typeof requestKinds)[number];

export const channels = ['mail', 'email', 'phone', 'inPerson', 'other'] as const;
export const answers = ['fulfilled', 'partly', 'refused'] as const;
export type Answer = (typeof answers)[number];

const by = { at: z.number(), by: z.string().max(200) };
const line = z.string().trim().min(1).max(300);
const words = z.string().trim().max(4000);
const counted = z.number().int().min(0);

export const retentionRowSchema = z.object({ kind: z.enum(['voucher', 'letter']), documents: counted, /** `YYYY-MM-DD`: the last of them can go after it; null when one has no date. */ until: z.string().nullable() });

/** What is stored about a person, here and on the server, at one moment. */
export const foundSchema = z.object({
  at: z.number(),
  here: z.object({ documents: counted, /** Discarded ones among them, which can be brought back. */ drafts: counted, /** Drafts that the outbox carries. */ waiting: counted.default(0), auditEntries: counted, journalEntries: counted }),
  /** Null when the server was not reached or cannot say. */
  server: z.object({ documents: counted, auditEntries: counted, archives: counted }).nullable(),
  /** Documents in the cache that the law keeps for some time yet. */
  kept: z.array(retentionRowSchema),
  /** There are more documents here than were looked at for `kept`. */
  isCut: z.boolean().default(false),
});
export type Found = z.infer<typeof foundSchema>;

export const stepKinds = ['opened', 'identified', 'found', 'exported', 'erased', 'extended', 'answered', 'reopened', 'note'] as const;

export const gdprRequestSchema = z.object({
  id: z.uuid(),
  kind: z.enum(requestKinds),
  /** Number of a business partner, or account of somebody who works with the ERP: as the server knows the person. */
  reference: z.string().trim().min(1).max(200),
  name: line,
  contact: words,
  channel: z.enum(channels),
  /** Day of the receipt; the deadline runs from it. */
  receivedOn: dateSchema,
  identified: z.object({ ...by, how: line }).nullable(),
  extended: z.object({ ...by, reason: line }).nullable(),
  found: foundSchema.nullable(),
  exported: z.object({ ...by, sha256: z.string(), documents: counted, auditEntries: counted, archives: counted }).nullable(),
  /** The server has erased, and what is here comes next: written down at once, so that a certificate can be made of it after a crash. */
  erasedThere: z.object({ ...by, /** As the server counts; null where it does not say. */ anonymized: counted.nullable() }).nullable().default(null),
  erased: z.object({ ...by, anonymized: counted.nullable(), draftsDiscarded: counted, documentsReread: counted, documentsDropped: counted.default(0), certificate: z.string() }).nullable(),
  /** The contact goes with the answer: nobody has to be written to any more. */
  answered: z.object({ ...by, answer: z.enum(answers), note: words }).nullable(),
  /** Everything that was done, in order; only ever added to. */
  steps: z.array(z.object({ ...by, what: z.enum(stepKinds), note: words })).max(1000),
});
export type GdprRequest = z.infer<typeof gdprRequestSchema>;

/** What a new request begins with. */
export const newRequestSchema = gdprRequestSchema.pick({ kind: true, reference: true, name: true, contact: true, channel: true, receivedOn: true });
export type NewRequest = z.infer<typeof newRequestSchema>;

/** What a person does with a request, besides what the server has part in. */
export const requestStepSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('identify'), how: line }),
  z.object({ what: z.literal('extend'), reason: line }),
  z.object({ what: z.literal('answer'), answer: z.enum(answers), note: words }),
  z.object({ what: z.literal('reopen'), reason: line }),
  z.object({ what: z.literal('note'), text: z.string().trim().min(1).max(4000) }),
]);
export type RequestStep = z.infer<typeof requestStepSchema>;

/** Where a request stands against its deadline. Days are counted in local time. */
export type Standing = { due: string; daysLeft: number; state: 'answered' | 'answeredLate' | 'overdue' | 'soon' | 'open' };

/** From how many days before the deadline it is pointed at. */
export const soonDays = 7;

export function standingOf({ receivedOn, extended, answered }: Pick<GdprRequest, 'receivedOn' | 'extended' | 'answered'>, now: number): Standing {
  const due = dueDay(receivedOn, extended !== null) ?? receivedOn;
  const daysLeft = daysBetween(localDay(answered?.at ?? now), due);
  if (answered !== null) return { due, daysLeft, state: daysLeft < 0 ? 'answeredLate' : 'answered' };
  return { due, daysLeft, state: daysLeft < 0 ? 'overdue' : daysLeft <= soonDays ? 'soon' : 'open' };
}

/** For how long an answered request is kept to account for it (Art. 5 (2)): the limitation period of fines and claims, milliseconds. */
export const answeredKeptMs = 3 * 366 * 86_400_000;

/** Whether this client has seen itself that the request was fulfilled: who asked was checked, and what was asked for was done here. */
export function isFulfilledHere({ kind, identified, exported, erased }: Pick<GdprRequest, 'kind' | 'identified' | 'exported' | 'erased'>): boolean {
  if (identified === null) return false;
  return kind === 'erasure' ? erased !== null : kind === 'access' || kind === 'portability' ? exported !== null : false;
}

/** What an answer lacks: a refusal needs its reason (Art. 12 (4)), and what was fulfilled elsewhere the word of a person. */
export const lackOfAnswer = (request: GdprRequest, { answer, note }: { answer: Answer; note: string }): 'reasonWanted' | 'elsewhereWanted' | null =>
  note.trim() !== '' ? null : answer !== 'fulfilled' ? 'reasonWanted' : isFulfilledHere(request) ? null : 'elsewhereWanted';

/** Why a request cannot be extended, answered, exported or erased now; null when it can. A key below `errors.gdpr.`. */
export function blockerOf(request: GdprRequest, what: RequestStep['what'] | 'export' | 'erase' | 'discard', now: number): 'answered' | 'notAnswered' | 'alreadyExtended' | 'tooLate' | 'notIdentified' | 'notErasure' | 'alreadyErased' | 'begun' | null {
  if (what === 'note') return null;
  if (what === 'reopen') return request.answered === null ? 'notAnswered' : null;
  if (request.answered !== null) return 'answered';
  if (what === 'discard') return request.steps.some((step) => step.what === 'exported' || step.what === 'erased') || request.erasedThere !== null ? 'begun' : null;
  // The person has to be told of the extension within the first month (Art. 12 (3)).
  if (what === 'extend') return request.extended !== null ? 'alreadyExtended' : standingOf(request, now).daysLeft < 0 ? 'tooLate' : null;
  // Handing data to a stranger would be the breach that the law wants to prevent (Art. 12 (6)).
  if ((what === 'export' || what === 'erase') && request.identified === null) return 'notIdentified';
  if (what === 'erase') return request.kind !== 'erasure' && request.kind !== 'objection' ? 'notErasure' : request.erased !== null ? 'alreadyErased' : null;
  return null;
}

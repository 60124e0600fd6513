import { documentSchema, type BusinessDocument } from '../../../../shared/domain/document.ts';
import { initialStatus } from '../../../../shared/domain/document-types.ts';
import { filledLines, toDocument } from '../../../../shared/domain/draft-document.ts';
import { decisionSchema, type Decision } from '../../../../shared/domain/outbox.ts';
import { failure } from '../../../../shared/ipc/errors.ts';
import { commandBodySchema, commandEntrySchema, type CommandBody, type CommandEntry, type Enqueue, type OutboxChange, type StoredCommand } from '../../outbox.ts';
import type { Reader, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';
import { changeDraft, earlierOf, getDraft, insertDraft, markDiscarded, removeDraft } from './drafts.ts';

type Row = { seq: number; entry: string; body: string };

/**
 * The commands behind `after` in the order of queueing, at most `limit` of them. `next` is where to go on; null at the
 * end.
 */
export function listCommands(reader: Reader, after: number, limit: number): { entries: CommandEntry[]; next: number | null } {
  const rows = reader.all<Pick<Row, 'seq' | 'entry'>>('SELECT seq, entry FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?', after, limit);
  return { entries: rows.map(({ entry }) => commandEntrySchema.parse(parseJson(entry))), next: rows.length < limit ? null : (rows.at(-1)?.seq ?? null) };
}

/** Null when it is done or was taken back. */
export function getCommand(reader: Reader, id: string): StoredCommand | null {
  const row = reader.one<Row>('SELECT seq, entry, body FROM outbox WHERE id = ?', id);
  return row === undefined ? null : { entry: commandEntrySchema.parse(parseJson(row.entry)), body: commandBodySchema.parse(parseJson(row.body)) };
}

function putCommand(writer: Writer, entry: CommandEntry, body: CommandBody | undefined): void {
  if (body === undefined) {
    writer.run('UPDATE outbox SET entry = ? WHERE id = ?', JSON.stringify(entry), entry.id);
    return;
  }
  writer.run(
    'INSERT INTO outbox (id, entry, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET entry = excluded.entry, body = excluded.body',
    entry.id, JSON.stringify(entry), JSON.stringify(body),
  );
}

/** Does all the changes. Call it inside a transaction: a command and its draft never disagree (law 6). */
export function applyChanges(writer: Writer, changes: readonly OutboxChange[]): void {
  for (const change of changes) {
    switch (change.do) {
      case 'put': putCommand(writer, change.entry, change.body); break;
      case 'remove': writer.run('DELETE FROM outbox WHERE id = ?', change.id); break;
      case 'draft': changeDraft(writer, change); break;
      case 'insertDraft': insertDraft(writer, change.draft); break;
      case 'discardDraft': markDiscarded(writer, change.id, change.at); break;
      case 'removeDraft': removeDraft(writer, change.id); break;
    }
  }
}

/** The document that a draft makes. @throws AppFailure input.invalid with what is wrong and where. */
function sendable(document: BusinessDocument): BusinessDocument {
  const checked = documentSchema.safeParse(document);
  if (checked.success) return checked.data;
  throw failure('input.invalid', {
    fieldErrors: checked.error.issues.map(({ path }) => ({ path: path.join('.'), messageKey: 'errors.field.invalid', params: {} })),
  });
}

/**
 * Puts a draft into the outbox: its state and its commands in one transaction, which the caller opens.
 * @returns the new commands, in their order; those of the first call when it is repeated.
 * @throws AppFailure draft.missing, draft.locked when it is on its way already, input.invalid.
 */
export function enqueueDraft(writer: Writer, { draftId, submit, ids, keys, number, now }: Enqueue): CommandEntry[] {
  const repeated = ids.map((id) => getCommand(writer, id)?.entry).filter((entry) => entry !== undefined);
  if (repeated.length > 0) return repeated;
  const draft = getDraft(writer, draftId);
  if (draft === null) throw failure('draft.missing');
  if (draft.state !== 'open') throw failure('draft.locked');
  const isNew = draft.base === null;
  const isNumbered = draft.content.number.trim() !== '';
  const content = isNumbered ? draft.content : { ...draft.content, number, numberProvisional: true };
  // A number names the document: editing never renames it.
  if (draft.base !== null && content.number !== draft.base.document.number) throw failure('input.invalid', { fieldErrors: [{ path: 'number', messageKey: 'errors.field.invalid', params: {} }] });
  const made = toDocument(content);
  const document = sendable(made.status === '' ? { ...made, status: initialStatus(made.type) } : made);
  const key = { type: document.type, number: document.number };
  const common = {
    state: 'waiting', key, partnerName: document.partnerName, queuedAt: now, attempts: 0, nextAttemptAt: null, error: null, sentAt: null,
    numberProvisional: isNew && content.numberProvisional,
  } as const;
  const entry: CommandEntry = { ...common, id: ids[0], kind: isNew ? 'create' : 'update', draftId, after: null, idempotencyKey: keys[0] };
  const body: CommandBody = { document, lineIds: filledLines(content).map(({ id }) => id), base: draft.base, earlier: earlierOf(writer, draftId), theirs: null, theirsBy: null };
  const follower: CommandEntry = { ...common, id: ids[1], kind: 'submit', draftId: null, after: ids[0], idempotencyKey: keys[1] };
  const changes: OutboxChange[] = [
    { do: 'put', entry, body },
    { do: 'draft', id: draftId, state: 'queued', earlier: null, ...(isNumbered ? {} : { number: { number, provisional: true } }) },
  ];
  if (submit) changes.push({ do: 'put', entry: follower, body: { ...body, document: null, lineIds: [], base: null, earlier: null } });
  applyChanges(writer, changes);
  return submit ? [entry, follower] : [entry];
}

export const listDecisions = (reader: Reader): Decision[] =>
  reader.values<string>('SELECT decision FROM decisions ORDER BY seq').flatMap((text) => {
    const decision = decisionSchema.safeParse(parseJson(text));
    return decision.success ? [decision.data] : [];
  });

export function putDecision(writer: Writer, decision: Decision): void {
  writer.run('INSERT INTO decisions (id, decision) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET decision = excluded.decision', decision.id, JSON.stringify(decision));
}

export function removeDecision(writer: Writer, id: string): void {
  writer.run('DELETE FROM decisions WHERE id = ?', id);
}

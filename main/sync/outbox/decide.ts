import { initialStatus } from '../../../shared/domain/document-types.ts';
import type { BusinessDocument } from '../../../shared/domain/document.ts';
import type { Draft } from '../../../shared/domain/draft.ts';
import { closedState } from '../../../shared/domain/merge.ts';
import type { Conflict } from '../../../shared/domain/outbox.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { OutboxChange, StoredCommand } from '../../host/outbox.ts';
import { contentWith, ontoTheirs } from './ends.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxPorts } from './ports.ts';
import { provisionalNumber } from './provisional-number.ts';

export type DecidePorts = Pick<OutboxPorts, 'store' | 'clock' | 'random' | 'uuid'> & { outbox: Outbox };

/** @throws AppFailure draft.missing when the command is done or was taken back meanwhile. */
async function need({ store }: DecidePorts, id: string): Promise<StoredCommand> {
  const command = await store.outbox.get(id);
  if (command === null) throw failure('draft.missing');
  return command;
}

/** Commands that build on this one go with it. */
const followers = ({ outbox }: DecidePorts, id: string): OutboxChange[] => outbox.entries().filter(({ after }) => after === id).map((entry) => ({ do: 'remove', id: entry.id }));

/** A draft for what a command carries, where its own is gone (a rescue may have lost it). */
function draftFor(ports: DecidePorts, { entry, body }: StoredCommand, id: string): Draft | null {
  if (body.document === null) return null;
  const now = ports.clock.now();
  return { id, state: 'open', content: { ...contentWith(body.document, body.lineIds), numberProvisional: entry.numberProvisional }, base: body.base, version: 1, createdAt: entry.queuedAt, savedAt: now };
}

/**
 * Takes a command back: its draft is open again. What was sent of it and never answered may be on the server all the same;
 * the draft remembers it until it is sent again. @throws AppFailure outbox.sending, draft.missing
 */
export async function withdraw(ports: DecidePorts, id: string): Promise<void> {
  const command = await need(ports, id);
  const { entry: { draftId }, body } = command;
  const lost = draftId !== null && (await ports.store.drafts.get(draftId)) === null ? draftFor(ports, command, draftId) : null;
  await ports.outbox.decide(id, ['waiting', 'reconcile', 'rejected', 'conflict'], ({ sentAt }) => {
    const changes: OutboxChange[] = [{ do: 'remove', id }, ...followers(ports, id)];
    if (lost !== null) changes.push({ do: 'insertDraft', draft: lost });
    if (draftId !== null) changes.push({ do: 'draft', id: draftId, state: 'open', earlier: sentAt === null ? body.earlier : body.document });
    return changes;
  });
}

/** The three sides of a conflict; null when there is none (any more). */
export async function conflictOf({ store }: DecidePorts, id: string): Promise<Conflict | null> {
  const command = await store.outbox.get(id);
  if (command === null || command.entry.state !== 'conflict') return null;
  const { entry, body: { document, lineIds, base, theirs, theirsBy } } = command;
  if (document === null || theirs === null) return null;
  return { command: entry, base, mine: document, mineLineIds: lineIds, theirs, theirsBy, theirsAt: theirs.changedAt };
}

async function needConflict(ports: DecidePorts, id: string): Promise<{ command: StoredCommand; theirs: NonNullable<StoredCommand['body']['theirs']> }> {
  const command = await need(ports, id);
  if (command.entry.state !== 'conflict' || command.body.theirs === null) throw failure('draft.missing');
  return { command, theirs: command.body.theirs };
}

/** Ids for lines whose origin nobody told: those equal to a line of `base` are that line, the others are new. */
function idsOn(base: BusinessDocument, document: BusinessDocument): number[] {
  const free = base.lines.map((line) => JSON.stringify(line));
  let next = base.lines.length;
  return document.lines.map((line) => {
    const index = free.indexOf(JSON.stringify(line));
    if (index < 0) return next++;
    free[index] = '';
    return index;
  });
}

/**
 * Sends the document that a person made of both sides, on top of the state of the server that they saw; whoever changed it
 * again since makes a new conflict. @throws AppFailure input.invalid for another document, or on one that was submitted
 */
export async function resolve(ports: DecidePorts, id: string, document: BusinessDocument, lineIds?: readonly number[]): Promise<void> {
  const { command, theirs } = await needConflict(ports, id);
  if (closedState(theirs) !== null || document.type !== command.entry.key.type || document.number !== command.entry.key.number) throw failure('input.invalid');
  const ids = lineIds?.length === document.lines.length ? [...lineIds] : idsOn(theirs.document, document);
  await ports.outbox.decide(id, ['conflict'], () => ontoTheirs(ports, command, document, ids, theirs), [theirs]);
}

/** Gives up mine: the draft can be brought back for a while, the server's document stays as it is. */
export async function takeTheirs(ports: DecidePorts, id: string): Promise<void> {
  const { command: { entry }, theirs } = await needConflict(ports, id);
  const at = ports.clock.now();
  const changes = (): OutboxChange[] => [{ do: 'remove', id }, ...followers(ports, id), ...(entry.draftId === null ? [] : [{ do: 'discardDraft', id: entry.draftId, at } as const])];
  await ports.outbox.decide(id, ['conflict'], changes, [theirs]);
}

/** Makes a new draft of mine, with a number of its own and the status that documents begin with. */
export async function asNewDraft(ports: DecidePorts, id: string): Promise<Draft> {
  const { command, theirs } = await needConflict(ports, id);
  const { entry } = command;
  const made = draftFor(ports, command, ports.uuid());
  if (made === null) throw failure('draft.missing');
  const now = ports.clock.now();
  const { type } = entry.key;
  const draft: Draft = {
    ...made, base: null, createdAt: now,
    content: { ...made.content, number: provisionalNumber(type, now, ports.random), numberProvisional: true, status: initialStatus(type) },
  };
  await ports.outbox.decide(id, ['conflict'], () => [
    { do: 'remove', id }, ...followers(ports, id), { do: 'insertDraft', draft }, ...(entry.draftId === null ? [] : [{ do: 'removeDraft', id: entry.draftId } as const]),
  ], [theirs]);
  return draft;
}

import type { BusinessDocument, DocumentRecord } from '../../../shared/domain/document.ts';
import { closedState } from '../../../shared/domain/merge.ts';
import { contentOf } from '../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../shared/domain/draft.ts';
import { appError } from '../../../shared/ipc/errors.ts';
import type { CommandEntry, OutboxChange, StoredCommand } from '../../host/outbox.ts';
import { holds } from './content.ts';
import type { Outcome, OutboxPorts } from './ports.ts';

type End = { changes: OutboxChange[]; records: DocumentRecord[] };

/** A command is done: it leaves, and with it the draft that it carried. */
export function afterDone({ entry }: StoredCommand, { record }: Outcome & { kind: 'done' }, entries: readonly CommandEntry[]): End {
  const changes: OutboxChange[] = [{ do: 'remove', id: entry.id }];
  if (entry.draftId !== null) changes.push({ do: 'removeDraft', id: entry.draftId });
  for (const follower of entries) if (follower.after === entry.id) changes.push({ do: 'put', entry: { ...follower, after: null } });
  return { changes, records: record === null ? [] : [record] };
}

/** What a document looks like in its form, with the lines keeping their ids. */
export function contentWith(document: BusinessDocument, lineIds: readonly number[]): DraftContent {
  const content = contentOf(document);
  const nextLineId = Math.max(-1, ...lineIds, ...content.lines.map(({ id }) => id)) + 1;
  let added = nextLineId;
  const lines = content.lines.map((line, index) => ({ ...line, id: lineIds[index] ?? added++ }));
  return { ...content, lines, nextLineId: added };
}

/** A command whose document shall now go on top of `theirs`: a new content, so a new key. */
export function ontoTheirs(ports: Pick<OutboxPorts, 'uuid' | 'clock'>, { entry, body }: StoredCommand, document: BusinessDocument, lineIds: number[], theirs: DocumentRecord): OutboxChange[] {
  const next: CommandEntry = { ...entry, kind: 'update', state: 'waiting', idempotencyKey: ports.uuid(), sentAt: null, nextAttemptAt: null, error: null, numberProvisional: false };
  return [
    { do: 'put', entry: next, body: { ...body, document, lineIds, base: theirs, earlier: null, theirs: null, theirsBy: null } },
    ...(entry.draftId === null ? [] : [{ do: 'draft', id: entry.draftId, state: 'queued', base: theirs, content: { content: contentWith(document, lineIds), at: ports.clock.now() } } as const]),
  ];
}

/**
 * The document changed on the server too. Changes of different things are merged and sent on top of theirs; the same thing
 * changed twice, and a document that was submitted, are for a person to decide.
 */
export async function afterConflict(ports: OutboxPorts, command: StoredCommand, { theirs, theirsBy }: Outcome & { kind: 'conflict' }): Promise<End & { next: 'done' | 'again' | 'decide'; taken: string[] }> {
  const { entry, body } = command;
  const { document, lineIds, base } = body;
  if (document !== null && base !== null && closedState(theirs) === null) {
    const merged = await ports.store.merge({ base: base.document, mine: document, mineLineIds: lineIds, theirs: theirs.document });
    if (merged.document !== null) {
      ports.log.info('merged with what changed on the server', { taken: merged.taken.length, attempts: entry.attempts });
      if (holds(theirs.document, merged.document)) {
        return { next: 'done', taken: merged.taken, changes: [{ do: 'remove', id: entry.id }, ...(entry.draftId === null ? [] : [{ do: 'removeDraft', id: entry.draftId } as const])], records: [theirs] };
      }
      return { next: 'again', taken: merged.taken, changes: ontoTheirs(ports, command, merged.document, merged.lineIds, theirs), records: [theirs] };
    }
  }
  const error = appError('server.conflict');
  return {
    next: 'decide', taken: [], records: [theirs],
    changes: [
      { do: 'put', entry: { ...entry, state: 'conflict', attempts: entry.attempts + 1, nextAttemptAt: null, error }, body: { ...body, theirs, theirsBy } },
      ...(entry.draftId === null ? [] : [{ do: 'draft', id: entry.draftId, state: 'conflict' } as const]),
    ],
  };
}

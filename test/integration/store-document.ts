import { randomUUID } from 'node:crypto';
import type { BusinessDocument, DocumentRecord } from '../../shared/domain/document.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import { AppFailure, appError } from '../../shared/ipc/errors.ts';
import type { Workspace } from '../../main/workspace.ts';

/** Stores a document as people do: a draft that is sent. @param base what it changes; null for a new one @throws AppFailure what keeps it in the outbox */
export async function storeDocument(workspace: Workspace, document: BusinessDocument, base: DocumentRecord | null = null): Promise<DocumentRecord> {
  const draft = await workspace.offline.drafts.create(randomUUID(), contentOf(document), base);
  const outcome = await workspace.offline.drafts.send(draft.id, false);
  if (outcome.status === 'stored') return outcome.record;
  throw new AppFailure(outcome.command.error ?? appError('app.internal'));
}

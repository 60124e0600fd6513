import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import type { BusinessDocument, DocumentKey, DocumentRecord, WorkflowInfo } from '../../../shared/domain/document.ts';
import { closedState } from '../../../shared/domain/merge.ts';
import { AppFailure, failure, type ErrorCode } from '../../../shared/ipc/errors.ts';
import { isKeyExpired } from './outcome.ts';
import type { Attempt, Outcome } from './ports.ts';
import { holds } from './content.ts';

export const hasCode = (error: unknown, ...codes: ErrorCode[]): error is AppFailure => error instanceof AppFailure && codes.includes(error.error.code);

/** What the server has under this number; null when it has nothing. */
export async function current({ ports, call, server }: Attempt, key: DocumentKey): Promise<DocumentRecord | null> {
  try {
    const record = await ports.erp.documents.get(key, call);
    if (record.etag !== null) server.versions = true;
    return record;
  } catch (error) {
    if (hasCode(error, 'server.notFound')) return null;
    throw error;
  }
}

/** True when an earlier attempt may have had its effect although nobody was told. */
export const wasSent = ({ entry }: Attempt): boolean => entry.sentAt !== null;

/** A key that the server may have forgotten is worth no more than a new one. */
export const isOverdue = ({ ports, entry }: Attempt): boolean => entry.sentAt !== null && isKeyExpired(entry.sentAt, ports.clock.now());

/** To be stored before the first byte goes out: from then on the server may know of it. A new key starts the time anew. */
export async function aboutToSend(attempt: Attempt, { newKey = false } = {}): Promise<Attempt> {
  const { ports, entry } = attempt;
  if (entry.sentAt !== null && !newKey) return attempt;
  return attempt.remember({ entry: { state: 'sending', sentAt: ports.clock.now(), ...(newKey ? { idempotencyKey: ports.uuid() } : {}) } });
}

/** What the workflow says of a document that it has never heard of (ERP-API section 4). */
const unsubmitted: WorkflowInfo = { state: 'draft', version: null, submittedBy: null, submittedAt: null };

/**
 * The document as it is stored now. A server that names the new version has stored it; others have been seen to say "ok"
 * and store nothing (ERP-API section 3), so there only what was read back counts. It is read back as well where a person
 * waits, and after a repetition: that is answered as the first time, and others may have gone on from there since.
 * @param attempt as it was before this sending
 * @throws AppFailure server.notStored
 */
export async function stored(attempt: Attempt, document: BusinessDocument, etag: string | null, before: DocumentRecord | null): Promise<Outcome> {
  const { ports, server, call } = attempt;
  if (etag !== null) server.versions = true;
  if (etag !== null && call.priority === 'background' && !wasSent(attempt)) {
    const now = ports.clock.now();
    return { kind: 'done', workflow: null, record: { document, workflow: before?.workflow ?? unsubmitted, etag, changedAt: null, fetchedAt: now } };
  }
  const record = await current(attempt, document);
  // A version was named, so it was stored: whatever is there now came after.
  if (etag !== null) return { kind: 'done', workflow: null, record: record === null ? null : { ...record, workflow: record.workflow ?? before?.workflow ?? (wasSent(attempt) ? null : unsubmitted) } };
  const isUntouched = record !== null && before !== null && !holds(record.document, document) && holds(record.document, before.document);
  if (record === null || isUntouched) throw failure('server.notStored', { params: { number: document.number } });
  return { kind: 'done', record, workflow: null };
}

/** The other side of a conflict, with what the workflow says: one that was submitted is not merged with anything. */
export async function conflictWith(attempt: Attempt, theirs: DocumentRecord): Promise<Outcome> {
  const { ports, call } = attempt;
  const { type, number } = theirs.document;
  const { domain } = documentTypeInfo[type];
  const workflow = theirs.workflow ?? (await ports.erp.workflow.state(domain, number, call));
  // Only the workflow knows people; who edited a document is in no answer of the server.
  const by = closedState({ ...theirs, workflow }) !== null ? (await ports.erp.workflow.trail(domain, number, call).catch(() => [])).findLast(({ accepted }) => accepted)?.user ?? null : null;
  return { kind: 'conflict', theirs: { ...theirs, workflow }, theirsBy: by };
}

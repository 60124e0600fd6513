import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import type { DocumentRecord, WorkflowInfo } from '../../../shared/domain/document.ts';
import { closedState } from '../../../shared/domain/merge.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { aboutToSend, conflictWith, current, hasCode, isOverdue, stored } from './on-server.ts';
import type { Attempt, Outcome } from './ports.ts';
import { holds, isSameContent } from './content.ts';

/** Another change between our reading and our writing is met by reading again; somebody who changes faster is a conflict. */
const readings = 3;

/**
 * One attempt at changing a stored document, never over somebody else's change, and never one that was submitted: what is
 * approved is what was seen. The server does not know that rule and approving leaves the document's ETag as it is, so the
 * workflow is asked right before each writing. @throws AppFailure as the server refused, `server.notFound` when it was deleted there
 */
export async function attemptUpdate(attempt: Attempt): Promise<Outcome> {
  const { ports, entry, body, call } = attempt;
  const { document, base } = body;
  if (document === null || base === null) throw failure('app.internal');
  const workflowNow = (): Promise<WorkflowInfo> => ports.erp.workflow.state(documentTypeInfo[entry.key.type].domain, entry.key.number, call);
  if (base.etag !== null && !isOverdue(attempt)) {
    const onto = { ...base, workflow: await workflowNow() };
    const outcome = closedState(onto) === null ? await put(attempt, onto) : null;
    if (outcome !== null) return outcome;
  }
  for (let reading = 0; reading < readings; reading++) {
    const read = await found(attempt);
    const theirs = { ...read, workflow: await workflowNow() };
    if (holds(theirs.document, document)) return { kind: 'done', record: theirs, workflow: null };
    const isOursToChange = isSameContent(theirs.document, base.document) || (body.earlier !== null && holds(theirs.document, body.earlier));
    if (!isOursToChange || closedState(theirs) !== null) return conflictWith(attempt, theirs);
    const outcome = await put(attempt, theirs);
    if (outcome !== null) return outcome;
  }
  return conflictWith(attempt, await found(attempt));
}

/** Changes what is known to be ours already into what it shall be: from here on the command is an update, with a key of its own. */
export async function updateOnto(attempt: Attempt, ours: DocumentRecord): Promise<Outcome> {
  const { entry, ports, body } = attempt;
  return attemptUpdate(await attempt.remember({
    entry: { kind: 'update', idempotencyKey: ports.uuid(), sentAt: null, numberProvisional: false },
    body: { ...body, base: ours, earlier: null },
    also: entry.draftId === null ? [] : [{ do: 'draft', id: entry.draftId, base: ours }],
  }));
}

/** Writes on top of this state of the document. Null when the server has another one by now. */
async function put(attempt: Attempt, onto: DocumentRecord): Promise<Outcome | null> {
  const ready = await aboutToSend(attempt, { newKey: isOverdue(attempt) });
  const { ports, entry, body, call } = ready;
  if (body.document === null || body.base === null) throw failure('app.internal');
  // What it began from and what may have arrived of it, not what was read just now: a repeated key needs the same body again.
  const changedFrom = [body.base.document, ...(body.earlier === null ? [] : [body.earlier])];
  let etag: string | null;
  try {
    ({ etag } = await ports.erp.documents.update(body.document, { ...call, idempotencyKey: entry.idempotencyKey, etag: onto.etag, retries: 0, changedFrom }));
  } catch (error) {
    if (hasCode(error, 'server.preconditionFailed', 'server.conflict')) return null;
    throw error;
  }
  return stored(attempt, body.document, etag, onto);
}

async function found(attempt: Attempt): Promise<DocumentRecord> {
  const theirs = await current(attempt, attempt.entry.key);
  if (theirs === null) throw failure('server.notFound');
  return theirs;
}

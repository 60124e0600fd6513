import type { BusinessDocument, DocumentRecord } from '../../../shared/domain/document.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import { verdictOf } from './outcome.ts';
import { aboutToSend, conflictWith, current, hasCode, isOverdue, stored, wasSent } from './on-server.ts';
import type { Attempt, Outcome } from './ports.ts';
import { holds } from './content.ts';
import { provisionalNumber } from './provisional-number.ts';
import { updateOnto } from './update.ts';

/** Key of the text for a number that somebody else's document has. */
export const numberTaken = 'errors.document.numberTaken';
const taken = (number: string) => failure('server.conflict', { messageKey: numberTaken, params: { number }, fieldErrors: [{ path: 'number', messageKey: numberTaken, params: { number } }] });

const documentOf = ({ body }: Attempt): BusinessDocument => {
  if (body.document === null) throw failure('app.internal');
  return body.document;
};

/** One attempt at storing a new document exactly once. @throws AppFailure as the server refused, `server.conflict` for a number that is taken */
export async function attemptCreate(first: Attempt): Promise<Outcome> {
  const former = await formerOne(first);
  if (former !== null) return former;
  let attempt = first.entry.numberProvisional && !wasSent(first) ? await takeNumber(first) : first;
  if (isOverdue(attempt)) {
    const found = await current(attempt, attempt.entry.key);
    return found === null ? send(attempt, { newKey: true }) : settleFound(attempt, found, { mayBeOurs: true });
  }
  // With versions the server itself refuses to overwrite, and answers a repeated key as it did the first time.
  if (attempt.server.versions) return send(attempt);
  const found = await current(attempt, attempt.entry.key);
  if (found === null) return send(attempt);
  if (wasSent(attempt) && found.etag !== null) return send(attempt);
  if (!wasSent(attempt) && attempt.body.earlier === null && attempt.entry.numberProvisional) {
    attempt = await renumber(attempt, provisionalNumber(attempt.entry.key.type, attempt.ports.clock.now(), attempt.ports.random), true);
    return send(attempt);
  }
  return settleFound(attempt, found, { mayBeOurs: wasSent(attempt) });
}

/** Taken back after its answer was lost, and then given another number: if it is on the server, it keeps the number it has there. */
async function formerOne(attempt: Attempt): Promise<Outcome | null> {
  const { entry, body: { earlier } } = attempt;
  if (earlier === null || earlier.number === entry.key.number) return null;
  const found = await current(attempt, earlier);
  return found !== null && holds(found.document, earlier) ? updateOnto(await renumber(attempt, earlier.number, false), found) : null;
}

async function send(attempt: Attempt, options?: { newKey: boolean }): Promise<Outcome> {
  const ready = await aboutToSend(attempt, options);
  const { ports, entry, call } = ready;
  const document = documentOf(ready);
  let etag: string | null;
  try {
    ({ etag } = await ports.erp.documents.create(document, { ...call, idempotencyKey: entry.idempotencyKey, refuseTaken: true, retries: 0 }));
  } catch (error) {
    if (!hasCode(error, 'server.conflict', 'server.preconditionFailed', 'server.refused', 'server.badRequest')) throw error;
    const found = await current(ready, entry.key);
    if (found === null) throw error;
    return settleFound(ready, found, { mayBeOurs: found.etag === null || wasSent(attempt) });
  }
  return stored(attempt, document, etag, null);
}

/** The number is taken: by this very document, by its earlier form, or by somebody else's. */
async function settleFound(attempt: Attempt, found: DocumentRecord, { mayBeOurs }: { mayBeOurs: boolean }): Promise<Outcome> {
  const document = documentOf(attempt);
  if ((mayBeOurs || attempt.body.earlier !== null) && holds(found.document, document)) return { kind: 'done', record: found, workflow: null };
  if (attempt.body.earlier !== null && holds(found.document, attempt.body.earlier)) return updateOnto(attempt, found);
  // Ours and changed since, or never ours: only a person can tell.
  if (mayBeOurs || attempt.body.earlier !== null) return conflictWith(attempt, found);
  throw taken(document.number);
}

/**
 * Replaces our number by one of the server's range, where it can give one. It is stored before it is used, so that a crash
 * costs a number at worst and never makes two documents.
 */
async function takeNumber(attempt: Attempt): Promise<Attempt> {
  const { ports, entry, call, body } = attempt;
  if (body.earlier !== null) return attempt;
  let number: string;
  try {
    number = await ports.erp.numbering.next(entry.key.type, { ...call, tenantId: ports.account().tenantId });
  } catch (error) {
    // The shipped server answers 500 to every such call: ours stays then. What passes is waited for.
    const isPassing = error instanceof AppFailure && error.error.code !== 'server.failed' && verdictOf(error.error) !== 'rejected';
    if (isPassing || !(error instanceof AppFailure)) throw error;
    ports.log.info('no number from the server, the provisional one stays', { type: entry.key.type, code: error.error.code });
    return attempt;
  }
  return renumber(attempt, number, false);
}

function renumber(attempt: Attempt, number: string, provisional: boolean): Promise<Attempt> {
  const { entry, body } = attempt;
  return attempt.remember({
    entry: { key: { ...entry.key, number }, numberProvisional: provisional },
    body: { ...body, document: { ...documentOf(attempt), number } },
    also: entry.draftId === null ? [] : [{ do: 'draft', id: entry.draftId, number: { number, provisional } }],
  });
}

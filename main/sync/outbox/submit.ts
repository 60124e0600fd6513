import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import type { WorkflowInfo } from '../../../shared/domain/document.ts';
import { aboutToSend, current, hasCode, isOverdue, wasSent } from './on-server.ts';
import type { Attempt, Outcome } from './ports.ts';
import { failure } from '../../../shared/ipc/errors.ts';

/**
 * One attempt at submitting. A lost answer is looked up before anything is sent again: a document that has left the draft
 * state was submitted, and one that is a draft (again, after a server lost its workflow) is submitted now.
 * @throws AppFailure as the server refused
 */
export async function attemptSubmit(attempt: Attempt): Promise<Outcome> {
  const { ports, entry, call } = attempt;
  const { domain } = documentTypeInfo[entry.key.type];
  const { number } = entry.key;
  const submitted = (workflow: WorkflowInfo): Outcome => ({ kind: 'done', record: null, workflow });
  let version: string | null = null;
  if (wasSent(attempt)) {
    const workflow = await ports.erp.workflow.state(domain, number, call);
    if (workflow.state !== 'draft') return submitted(workflow);
    ({ version } = workflow);
  }
  const record = (await ports.store.documents.get(entry.key)) ?? (await current(attempt, entry.key));
  if (record === null) throw failure('server.notFound');
  const ready = await aboutToSend(attempt, { newKey: isOverdue(attempt) });
  const { userName, roles } = ports.account();
  const { totals, lines } = record.document;
  try {
    const { state, version: next } = await ports.erp.workflow.transition(
      { domain, number, action: 'submit', total: totals.net, lines, roles, userName, version, idempotencyKey: ready.entry.idempotencyKey }, call,
    );
    return submitted({ state, version: next, submittedBy: userName, submittedAt: ports.clock.now() });
  } catch (error) {
    if (!hasCode(error, 'server.conflict', 'server.preconditionFailed', 'guard.failed')) throw error;
    const workflow = await ports.erp.workflow.state(domain, number, call);
    if (workflow.state !== 'draft') return submitted(workflow);
    throw error;
  }
}

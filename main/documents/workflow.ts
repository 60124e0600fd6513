import { randomUUID } from 'node:crypto';
import { documentTypeInfo } from '../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import { changedSinceSeen, seenOf, type Seen } from '../../shared/domain/seen.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { Account } from '../../shared/domain/session.ts';
import { checkGuards, scopeFor, transitions, type WorkflowAction, type WorkflowState } from '../../shared/domain/workflow.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { decide } from '../../shared/rbac/access.ts';
import { journaled, type Journal } from '../audit/journal.ts';
import type { CallOptions, Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { DocumentsService } from './documents.ts';

export type WorkflowPorts = { erp: Erp; host: DataHost; documents: DocumentsService; account: () => Account; journal: Journal; now: () => number };

export type TransitionOptions = CallOptions & {
  /** The same for each repetition of one wish; a fresh one unless given. */
  idempotencyKey?: string;
  /** False where the caller reads what changed for many documents at once. Default true. */
  readsBack?: boolean;
  /** What the person saw when they decided. Nothing is sent when the document is another one by now; unless given, whatever is there counts. */
  seen?: Seen | undefined;
  /** Whether a cached record is known to be what the server has; one read a moment ago is, unless given. */
  isCurrent?: (record: DocumentRecord) => boolean;
};

/** Milliseconds for which a record that was read counts as what the server has. Shorter than the time in which a decision is taken back: a change in that is noticed. */
const currentFor = 2_000;

/** The four workflow actions, with the guards run here first: an action that the server would refuse is not sent. */
export class WorkflowService {
  readonly #ports: WorkflowPorts;

  constructor(ports: WorkflowPorts) {
    this.#ports = ports;
  }

  /**
   * Sends one transition against the state that the person saw (If-Match where the server has it) and reads the document
   * back, also after a refusal, because then somebody else was faster and the screen must show it.
   * @throws AppFailure access.missingScope, guard.failed, server.forbidden, server.conflict, network.*
   */
  transition(key: DocumentKey, action: WorkflowAction, reason: string | undefined, options: TransitionOptions = {}): Promise<{ state: WorkflowState }> {
    return journaled(this.#ports.journal, { action, resource: `${documentTypeInfo[key.type].domain}/${key.number}` }, () => this.#transition(key, action, reason, options));
  }

  async #transition(key: DocumentKey, action: WorkflowAction, reason: string | undefined, { idempotencyKey = randomUUID(), readsBack = true, seen, isCurrent, ...call }: TransitionOptions): Promise<{ state: WorkflowState }> {
    const { erp, host } = this.#ports;
    const account = this.#ports.account();
    const { domain } = documentTypeInfo[key.type];
    const scope = scopeFor(domain, action);
    const access = decide({ roles: account.roles, scopes: account.scopes, source: account.scopeSource }, { allOf: [scope] });
    if (!access.allowed) throw failure('access.missingScope', { params: { scopes: access.missing.join(', '), roles: access.heldBy.join(', ') } });
    const record = await this.#decidedOn(key, seen, isCurrent, call);
    const workflow = record.workflow ?? (await erp.workflow.state(domain, key.number, call));
    const [finding] = checkGuards(action, {
      domain, state: workflow.state, total: record.document.totals.net, lines: record.document.lines, roles: account.roles, reason,
    });
    if (finding !== undefined) throw failure('guard.failed', { messageKey: finding.messageKey, params: finding.params });
    try {
      const { state, version } = await erp.workflow.transition({
        domain, number: key.number, action, reason, version: workflow.version, total: record.document.totals.net, lines: record.document.lines,
        roles: account.roles, userName: account.userName, idempotencyKey,
      }, call);
      const isSubmit = action === 'submit';
      await host.documents.setWorkflow(key, {
        state, version,
        submittedBy: isSubmit ? account.userName : workflow.submittedBy,
        submittedAt: isSubmit ? this.#ports.now() : workflow.submittedAt,
      });
      if (readsBack) await this.#readAgain(key, call);
      return { state };
    } catch (error) {
      if (error instanceof AppFailure && ['server.conflict', 'server.preconditionFailed', 'guard.failed'].includes(error.error.code)) await this.#readAgain(key, call);
      throw error;
    }
  }

  /**
   * The record that an action is about. A change of the document raises no version of the workflow, so If-Match does not
   * notice one: what was seen is compared with what the cache holds, and that is read again where it may be old.
   * @throws AppFailure server.conflict when it is not what was seen
   */
  async #decidedOn(key: DocumentKey, seen: Seen | undefined, isCurrent: TransitionOptions['isCurrent'], call: CallOptions): Promise<DocumentRecord> {
    const { host, documents, now } = this.#ports;
    const isSeen = (record: DocumentRecord): boolean => seen === undefined || seenOf(record) === seen;
    const cached = await host.documents.get(key);
    // What differs already needs no server to say so.
    const isEnough = (record: DocumentRecord): boolean => seen === undefined || !isSeen(record) || (isCurrent?.(record) ?? now() - record.fetchedAt <= currentFor);
    const record = cached?.workflow && isEnough(cached) ? cached : await documents.refresh(key, call);
    if (!isSeen(record)) throw failure('server.conflict', { messageKey: changedSinceSeen });
    return record;
  }

  /**
   * Whether the document is where the action leads already: asked before a wish is repeated whose answer got lost.
   * @throws AppFailure network.*, server.*
   */
  async settled(key: DocumentKey, action: WorkflowAction, call: CallOptions): Promise<boolean> {
    const workflow = await this.#ports.erp.workflow.state(documentTypeInfo[key.type].domain, key.number, call);
    await this.#ports.host.documents.setWorkflow(key, workflow);
    return workflow.state === transitions[action].to;
  }

  /** The outcome of the transition stands whether or not this read succeeds; the next event or pull repeats it. */
  async #readAgain(key: DocumentKey, call: CallOptions): Promise<void> {
    await this.#ports.documents.reread(key, call).catch(() => undefined);
  }
}

import { documentTypeInfo } from '../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../shared/domain/document.ts';
import type { Decision } from '../../shared/domain/outbox.ts';
import { compare } from '../../shared/domain/money.ts';
import type { WorkflowState } from '../../shared/domain/workflow.ts';
import { seenOf } from '../../shared/domain/seen.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { Journal } from '../audit/journal.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import { isSameContent } from '../sync/outbox/content.ts';
import type { DocumentsService } from './documents.ts';
import type { WorkflowService } from './workflow.ts';

export type DecisionsPorts = {
  host: Pick<DataHost, 'decisions' | 'documents'>;
  documents: Pick<DocumentsService, 'reread'>;
  workflow: Pick<WorkflowService, 'transition'>;
  journal: Journal;
  uuid: () => string;
  now: () => number;
  log: Log;
};

/**
 * What people decided without a network. Nothing of it is ever sent by itself (law 7): back online the documents are read
 * again, and each decision waits for a second look at the state of that moment.
 */
export class DecisionsService {
  readonly changed = new Emitter<void>();
  readonly #ports: DecisionsPorts;
  #count = 0;

  constructor(ports: DecisionsPorts) {
    this.#ports = ports;
  }

  /** How many wait, as far as the last look at the store. */
  count(): number {
    return this.#count;
  }

  async list(): Promise<Decision[]> {
    const decisions = await this.#ports.host.decisions.list();
    this.#count = decisions.length;
    return decisions;
  }

  /** Notes a decision with what was on screen; a second one on the same document replaces the first. @throws AppFailure server.notFound when nothing was ever read of it. */
  async add(key: DocumentKey, action: Decision['action'], reason: string | null): Promise<Decision> {
    const { host, uuid, now } = this.#ports;
    const seen = await host.documents.get(key);
    if (seen === null) throw failure('server.notFound');
    const former = (await this.list()).find((one) => isSameKey(one.key, key));
    const decision: Decision = { id: former?.id ?? uuid(), key: { type: key.type, number: key.number }, action, reason, decidedAt: now(), seen, current: null, changed: false };
    await host.decisions.put(decision);
    this.#ports.journal.note({ action: `decide.${action}`, resource: `${documentTypeInfo[key.type].domain}/${key.number}`, outcome: 'offline', correlationId: null, detail: reason });
    await this.#told();
    return decision;
  }

  async remove(id: string): Promise<void> {
    await this.#ports.host.decisions.remove(id);
    await this.#told();
  }

  /** Back online: what the server has now beside what was seen. Never throws. */
  async look(): Promise<void> {
    const { documents, log } = this.#ports;
    try {
      for (const decision of await this.list()) {
        const current = await documents.reread(decision.key).catch((error: unknown) => {
          log.info('a document of a decision was not read', { err: error });
          return null;
        });
        if (current !== null) await this.#see(decision, current);
      }
      await this.#told();
    } catch (error) {
      log.info('decisions were not compared', { err: error });
    }
  }

  /**
   * Carries a decision out against what the person has just seen. It is gone when the server has confirmed it, and stays,
   * with the state read again, when it has not. @throws AppFailure as WorkflowService.transition; draft.missing
   */
  async confirm(id: string): Promise<{ state: WorkflowState }> {
    const { workflow, documents } = this.#ports;
    const decision = (await this.list()).find((one) => one.id === id);
    if (decision === undefined) throw failure('draft.missing');
    try {
      const done = await workflow.transition(decision.key, decision.action, decision.reason ?? undefined, { seen: seenOf(decision.current ?? decision.seen) });
      await this.remove(id);
      return done;
    } catch (error) {
      await documents.reread(decision.key).then((current) => this.#see(decision, current), () => undefined);
      await this.#told();
      throw error;
    }
  }

  async #see(decision: Decision, current: DocumentRecord): Promise<void> {
    await this.#ports.host.decisions.put({ ...decision, current, changed: isChanged(decision.seen, current) });
  }

  async #told(): Promise<void> {
    await this.list();
    this.changed.emit();
  }
}

const isSameKey = (a: DocumentKey, b: DocumentKey): boolean => a.number === b.number && documentTypeInfo[a.type].domain === documentTypeInfo[b.type].domain;

/** Whether something differs that the decision was based on. */
function isChanged(seen: DocumentRecord, current: DocumentRecord): boolean {
  return seen.workflow?.state !== current.workflow?.state || compare(seen.document.totals.gross, current.document.totals.gross) !== 0 || !isSameContent(seen.document, current.document);
}

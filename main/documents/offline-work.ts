import { randomUUID } from 'node:crypto';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { OutboxState } from '../../shared/domain/outbox.ts';
import type { Account } from '../../shared/domain/session.ts';
import { Emitter } from '../emitter.ts';
import type { Journal } from '../audit/journal.ts';
import type { Clock } from '../erp/ports.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import type { DecidePorts } from '../sync/outbox/decide.ts';
import { Outbox } from '../sync/outbox/outbox.ts';
import { countStates } from '../sync/outbox/plan.ts';
import { DecisionsService } from './decisions.ts';
import type { DocumentsService } from './documents.ts';
import { DraftsService } from './drafts.ts';
import type { WorkflowService } from './workflow.ts';

export type OfflineWorkPorts = {
  erp: Erp;
  host: Pick<DataHost, 'drafts' | 'outbox' | 'decisions' | 'documents' | 'merge'>;
  documents: DocumentsService;
  workflow: WorkflowService;
  /** Told after the cache has committed. */
  documentsChanged: Emitter<DocumentKey[] | null>;
  isOnline: () => boolean;
  /** @throws AppFailure session.required */
  account: () => Account;
  journal: Journal;
  clock: Clock;
  log: Log;
  /** 0 ≤ n < 1; Math.random unless given. */
  random?: () => number;
  /** crypto.randomUUID unless given. */
  uuid?: () => string;
};

/** Milliseconds between two tellings of what the outbox holds. */
const toldEvery = 100;

/** What people do without a network, and what becomes of it with one: drafts, the outbox, decisions for later. */
export class OfflineWork {
  readonly outbox: Outbox;
  readonly drafts: DraftsService;
  readonly decisions: DecisionsService;
  /** What people's decisions about commands work with; see sync/outbox/decide.ts. */
  readonly deciding: DecidePorts;
  readonly draftsChanged = new Emitter<string[]>();
  /** Told a few times a second at most, however fast the outbox drains. */
  readonly outboxChanged = new Emitter<OutboxState>();
  readonly #clock: Clock;
  #tells = false;

  constructor({ erp, host, documents, workflow, documentsChanged, isOnline, account, journal, clock, log, random = Math.random, uuid = randomUUID }: OfflineWorkPorts) {
    this.#clock = clock;
    const common = { clock, random, uuid, isOnline };
    this.outbox = new Outbox({ ...common, erp, store: host, account, journal, log: log.child('outbox') });
    this.deciding = { ...common, store: host, outbox: this.outbox };
    this.drafts = new DraftsService({ ...common, host, outbox: this.outbox, numbers: documents.numbers });
    this.decisions = new DecisionsService({ host, documents, workflow, journal, uuid, now: clock.now, log: log.child('decisions') });
    this.outbox.documentsChanged.on((keys) => documentsChanged.emit(keys));
    this.outbox.draftsChanged.on((ids) => this.draftsChanged.emit(ids));
    this.drafts.changed.on((ids) => this.draftsChanged.emit(ids));
    this.outbox.changed.on(() => this.#tell());
    this.decisions.changed.on(() => this.#tell());
  }

  state(): OutboxState {
    return countStates(this.outbox.entries(), this.decisions.count());
  }

  /** The cache is open: what the last run left is taken up. */
  async start(): Promise<void> {
    await this.decisions.list();
    await this.outbox.start();
  }

  /** Resolves when what is being stored is stored and nothing is sent any more. */
  async stop(): Promise<void> {
    await this.drafts.settled();
    await this.outbox.stop();
  }

  /** The server can be reached again. */
  back(): void {
    this.outbox.kick();
    void this.decisions.look();
  }

  #tell(): void {
    if (this.#tells) return;
    this.#tells = true;
    this.#clock.after(toldEvery, () => {
      this.#tells = false;
      this.outboxChanged.emit(this.state());
    });
  }
}

import { documentTypeInfo, type Domain } from '../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { ListQuery } from '../../shared/domain/document-list.ts';
import { lookupKinds, type LookupKind } from '../../shared/domain/form-spec.ts';
import type { Clock } from '../erp/ports.ts';
import type { Capabilities, Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import type { ConnectionMonitor } from './connection-monitor.ts';
import { followEvents } from './live.ts';
import { PullEngine } from './pull.ts';

export type OnlinePorts = {
  erp: Erp;
  host: DataHost;
  monitor: ConnectionMonitor;
  reread: (key: DocumentKey) => Promise<unknown>;
  isOurs: (domain: Domain, number: string) => boolean;
  lookup: (kind: LookupKind) => Promise<unknown>;
  mayRead: (domain: Domain) => boolean;
  clock: Clock;
  log: Log;
};

/** Safety net behind the event stream: a delta at least this often while online. */
const deltaEvery = 5 * 60_000;
const startAgainAfter = 15_000;
/** Documents read one by one after a gap, on servers that cannot list: those that can still move, the latest changed first. */
const watched: ListQuery = { workflow: ['pending', 'approved', 'draft'], sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 200 };

/** What goes on in the background while the cache is open and the server answers: capabilities, pull, events, deltas. */
export class OnlineWork {
  readonly pull: PullEngine;
  readonly #ports: OnlinePorts;
  #canList = true;
  /** Counts starts and stops, so that what began before a stop does not go on after it. */
  #generation = 0;
  #stopLive: () => Promise<void> = () => Promise.resolve();
  #stopTimer: () => void = () => undefined;

  constructor(ports: OnlinePorts) {
    this.#ports = ports;
    const { erp, host, clock, log, mayRead } = ports;
    this.pull = new PullEngine({
      now: clock.now,
      log,
      canList: () => this.#canList,
      mayRead: (type) => mayRead(documentTypeInfo[type].domain),
      fetchPage: (type, { updatedSince, cursor, limit, signal }) =>
        erp.documents.page(type, { limit, signal, priority: 'background', ...(cursor === null ? {} : { cursor }), ...(updatedSince === null ? {} : { updatedSince }) }),
      fetchTotal: async (type, signal) => (await erp.documents.list(type, { limit: 1, signal, priority: 'background' })).total,
      store: host.pull,
      count: () => host.documents.count(),
    });
  }

  /** Finds out what the server offers, reads what has changed, and follows its events from then on. Never throws. */
  async start(): Promise<void> {
    const { erp, monitor, log } = this.#ports;
    await this.stop();
    const generation = this.#generation;
    try {
      const capabilities = await erp.capabilities({ priority: 'background', refresh: true });
      if (generation !== this.#generation) return;
      this.#canList = capabilities.has('documents.list');
      monitor.setMissingCapabilities(capabilities.missing());
      if (capabilities.has('events')) this.#stopLive = this.#follow();
      this.#repeatDelta();
      await this.pull.pull();
      // Some servers list the route and then fail on every call: what counts is what it does.
      if (this.#canList && this.pull.state().status === 'unsupported') monitor.setMissingCapabilities([...capabilities.missing(), 'documents.list']);
      await this.#readMasterData(capabilities, generation);
    } catch (error) {
      log.info('working from the cache', { err: error });
      // Not only the ERP can be away: without the identity provider there is no token, and nothing else would try again.
      if (generation === this.#generation) this.#stopTimer = this.#ports.clock.after(startAgainAfter, () => void this.start());
    }
  }

  /**
   * Reads what has changed: a delta where the server can list, else the given documents one by one, or those that can still
   * move. A pass that was already running may have begun before the change, so another follows it.
   */
  async catchUp(keys?: readonly DocumentKey[]): Promise<void> {
    const canList = this.#canList && this.pull.state().status !== 'unsupported';
    if (canList) {
      if (this.pull.state().status === 'pulling') await this.pull.pull();
      return this.pull.pull();
    }
    const generation = this.#generation;
    for (const key of keys ?? (await this.#ports.host.documents.list(watched)).rows) {
      if (generation !== this.#generation) return;
      await this.#ports.reread({ type: key.type, number: key.number }).catch((error: unknown) => this.#ports.log.info('a watched document could not be read', { type: key.type, err: error }));
    }
  }

  /** Reads what has changed until now, where the server can list it. @returns whether the cache has followed */
  async follow(): Promise<boolean> {
    const { status, finishedAt } = this.pull.state();
    // The first pass reads everything, and nobody waits for that.
    if (!this.#canList || status === 'unsupported' || finishedAt === null) return false;
    await this.catchUp();
    return this.pull.state().status === 'idle';
  }

  async stop(): Promise<void> {
    this.#generation += 1;
    this.#stopTimer();
    const stopLive = this.#stopLive;
    this.#stopLive = () => Promise.resolve();
    await stopLive();
    await this.pull.cancel();
  }

  /** Customers, suppliers and articles for the type-ahead, also without a network. */
  async #readMasterData(capabilities: Capabilities, generation: number): Promise<void> {
    for (const kind of lookupKinds) {
      if (generation !== this.#generation || !capabilities.has(`lookups.${kind}`)) continue;
      await this.#ports.lookup(kind).catch((error: unknown) => this.#ports.log.info('master data not read', { kind, err: error }));
    }
  }

  #follow(): () => Promise<void> {
    const { erp, host, clock, log, monitor, reread, mayRead, isOurs } = this.#ports;
    return followEvents({ erp, host, clock, log, reread, mayRead, isOurs, catchUp: () => this.catchUp(), onStatus: ({ live }) => monitor.setLive(live) });
  }

  #repeatDelta(): void {
    this.#stopTimer();
    this.#stopTimer = this.#ports.clock.after(deltaEvery, () => {
      if (this.#ports.monitor.state().status === 'online') void this.pull.pull();
      this.#repeatDelta();
    });
  }
}

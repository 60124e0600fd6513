import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SyncState } from '../shared/domain/connection.ts';
import type { DocumentKey } from '../shared/domain/document.ts';
import type { ConnectionProfile } from '../shared/domain/profile.ts';
import type { Account, Persistence, SessionState } from '../shared/domain/session.ts';
import { AppFailure, appError, failure, type AppError } from '../shared/ipc/errors.ts';
import type { Session } from './auth/ports.ts';
import { createSession } from './auth/session.ts';
import { DocumentsService } from './documents/documents.ts';
import { WorkflowService } from './documents/workflow.ts';
import { Emitter } from './emitter.ts';
import { createErp } from './erp/index.ts';
import type { Clock, HttpFetch } from './erp/ports.ts';
import type { Erp } from './erp/types.ts';
import type { DataHost } from './host/client.ts';
import type { Log } from './log/log.ts';
import { databaseKey, storeSlot } from './secrets/database-key.ts';
import type { SecretStore } from './secrets/store.ts';
import { ConnectionMonitor } from './sync/connection-monitor.ts';
import { followEvents } from './sync/live.ts';
import { observedFetch, probeErp } from './sync/observe.ts';
import { PullEngine } from './sync/pull.ts';

export type WorkspacePorts = {
  profile: ConnectionProfile;
  folder: string;
  store: SecretStore;
  persistence: Persistence;
  fetch: HttpFetch;
  openBrowser: (url: string) => Promise<void>;
  host: DataHost;
  clock: Clock;
  log: Log;
  notice: (error: AppError) => void;
};

/** Safety net behind the event stream: a delta at least this often while online. */
const deltaEvery = 5 * 60_000;

/**
 * Everything that belongs to one profile: its session, its view of the server, and, while somebody is signed in, the
 * open cache with the services on it. Switching the profile disposes one workspace and builds another.
 */
export class Workspace {
  readonly profile: ConnectionProfile;
  readonly monitor: ConnectionMonitor;
  readonly session: Session;
  readonly documents: DocumentsService;
  readonly workflow: WorkflowService;
  readonly pull: PullEngine;
  readonly documentsChanged = new Emitter<DocumentKey[] | null>();
  readonly sessionChanged = new Emitter<SessionState>();
  readonly syncChanged = new Emitter<SyncState>();
  readonly #ports: WorkspacePorts;
  readonly #erp: Erp;
  #openFor: string | null = null;
  #canList = true;
  #changing: Promise<void> = Promise.resolve();
  #stopLive: () => Promise<void> = () => Promise.resolve();
  #stopDelta: () => void = () => undefined;

  constructor(ports: WorkspacePorts) {
    const { profile, clock, host, log, store, persistence, openBrowser } = ports;
    this.#ports = ports;
    this.profile = profile;
    this.monitor = new ConnectionMonitor({ clock, probe: (signal) => probeErp(ports.fetch, profile.erpUrl, signal) });
    this.session = createSession({
      profile, secrets: store, persistence, openBrowser, clock, log: log.child('auth'), fetch: observedFetch(ports.fetch, (outcome) => this.monitor.observe('identityProvider', outcome)),
    });
    this.#erp = createErp({
      baseUrl: profile.erpUrl, tokens: this.session, clock, log: log.child('erp'), fetch: observedFetch(ports.fetch, (outcome) => this.monitor.observe('erp', outcome)),
    });
    const isOnline = (): boolean => this.monitor.state().status !== 'offline';
    this.documents = new DocumentsService({ erp: this.#erp, host, changed: this.documentsChanged, isOnline, now: clock.now, log: log.child('documents') });
    this.workflow = new WorkflowService({ erp: this.#erp, host, documents: this.documents, account: () => this.account(), now: clock.now });
    this.pull = new PullEngine({
      now: clock.now,
      log: log.child('sync'),
      canList: () => this.#canList,
      fetchPage: async (type, { updatedSince, cursor, limit, signal }) => {
        const page = await this.#erp.documents.list(type, { limit, signal, priority: 'background', ...(cursor === null ? {} : { cursor }), ...(updatedSince === null ? {} : { updatedSince }) });
        return { records: page.records, removed: page.deleted.map(({ number }) => number), nextCursor: page.nextCursor, total: page.total ?? 0 };
      },
      store: {
        put: (records) => host.documents.put(records),
        remove: (keys) => host.documents.remove(keys),
        count: () => host.documents.count(),
        readFact: (name) => host.facts.get(name),
        writeFact: (name, value, at) => host.facts.put(name, value, at),
      },
    });
    this.pull.changed.on((state) => this.syncChanged.emit(state));
    this.pull.documentsChanged.on((keys) => this.documentsChanged.emit(keys));
    this.session.on((state) => {
      this.#changing = this.#changing.then(() => this.#follow(state)).catch((error: unknown) => this.#report(error)).then(() => this.sessionChanged.emit(this.session.state()));
    });
    let wasOffline = false;
    this.monitor.changed.on(({ status }) => {
      if (status === 'offline') wasOffline = true;
      if (status === 'online' && wasOffline) {
        wasOffline = false;
        void this.#startOnline();
      }
    });
  }

  /** Takes up the last session; with one, the cache is open when this resolves, and the server is asked behind it. */
  async restore(): Promise<void> {
    await this.session.restore();
    await this.settled();
  }

  /** Resolves when the cache has followed the last change of the session. */
  async settled(): Promise<void> {
    await this.#changing;
  }

  isUnlocked(): boolean {
    return this.#openFor !== null;
  }

  /** @throws AppFailure session.required while nobody is signed in. */
  account(): Account {
    const state = this.session.state();
    if (state.status !== 'signedIn') throw failure('session.required');
    return state.account;
  }

  async dispose(): Promise<void> {
    this.session.dispose();
    this.monitor.dispose();
    await this.settled();
    await this.#close();
  }

  async #follow(state: SessionState): Promise<void> {
    const account = state.status === 'signedIn' ? state.account : null;
    if (account === null) {
      if (state.status === 'signedOut') await this.#close();
      return;
    }
    if (this.#openFor !== account.id) {
      await this.#close();
      await this.#open(account.id);
      void this.#startOnline();
    }
  }

  async #open(accountId: string): Promise<void> {
    const { store, folder, host, persistence } = this.#ports;
    await mkdir(path.join(folder, 'cache'), { recursive: true, mode: 0o700 });
    // Without a keychain the key dies with this process, so the file is a throw-away one beside the lasting cache.
    const name = persistence.kind === 'keychain' ? `${accountId}.db` : `${accountId}.session.db`;
    const file = path.join(folder, 'cache', name);
    if (persistence.kind === 'memory') await removeDatabase(file);
    const open = async (): Promise<void> => {
      const { key } = await databaseKey({ accountId, slots: [storeSlot(store)], mayCreate: !existsSync(file) });
      const { salvage } = await host.open({ path: file, key });
      if (salvage !== null) this.#ports.notice(appError('database.damaged', { params: { recovered: String(salvage.recovered) } }));
    };
    try {
      await open();
    } catch (error) {
      if (!isKeyLost(error)) throw error;
      // The cache can be read again from the server, so a lost key costs time, not data. The old file is kept for whoever
      // finds the key again.
      const keptAs = `${file}.${this.#ports.clock.now()}.unreadable`;
      await rename(file, keptAs);
      this.#ports.notice(appError('database.locked', { params: { file: path.basename(keptAs) } }));
      await open();
    }
    this.#openFor = accountId;
    await this.pull.restore();
  }

  async #close(): Promise<void> {
    this.#stopDelta();
    await this.#stopLive();
    this.#stopLive = () => Promise.resolve();
    await this.pull.cancel();
    if (this.#openFor === null) return;
    const file = path.join(this.#ports.folder, 'cache', `${this.#openFor}.session.db`);
    this.#openFor = null;
    await this.#ports.host.close();
    await removeDatabase(file);
  }

  /** Finds out what the server offers, reads what has changed, and follows its events from then on. */
  async #startOnline(): Promise<void> {
    const opened = this.#openFor;
    try {
      const capabilities = await this.#erp.capabilities({ priority: 'background', refresh: true });
      if (opened === null || this.#openFor !== opened) return;
      this.#canList = capabilities.has('documents.list');
      this.monitor.setMissingCapabilities(capabilities.missing());
      await this.#stopLive();
      this.#stopLive = capabilities.has('events') ? this.#followEvents() : () => Promise.resolve();
      this.#repeatDelta();
      await this.pull.pull();
      // Some servers list the route and then fail on every call: what counts is what it does.
      if (this.pull.state().status === 'unsupported' && this.#canList) this.monitor.setMissingCapabilities([...capabilities.missing(), 'documents.list']);
    } catch (error) {
      this.#ports.log.info('working from the cache', { err: error });
    }
  }

  #followEvents(): () => Promise<void> {
    const { host, clock, log } = this.#ports;
    return followEvents({
      erp: this.#erp, host, clock, log: log.child('events'),
      refresh: (key) => this.documents.refresh(key),
      pull: () => this.pull.pull(),
      onStatus: ({ live }) => this.monitor.setLive(live),
    });
  }

  #repeatDelta(): void {
    this.#stopDelta();
    this.#stopDelta = this.#ports.clock.after(deltaEvery, () => {
      if (this.monitor.state().status === 'online') void this.pull.pull();
      this.#repeatDelta();
    });
  }

  #report(error: unknown): void {
    this.#ports.log.error('the cache could not follow the session', { err: error });
    this.#ports.notice(error instanceof AppFailure ? error.error : appError('app.internal'));
  }
}

/** No slot has the key, or the key that is there does not open the file. */
const isKeyLost = (error: unknown): boolean => error instanceof AppFailure && ['keychain.failed', 'database.locked'].includes(error.error.code);

const removeDatabase = async (file: string): Promise<void> => {
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });
};

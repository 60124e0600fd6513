import path from 'node:path';
import type { DocumentKey } from '../shared/domain/document.ts';
import type { ConnectionProfile } from '../shared/domain/profile.ts';
import type { Account, SessionState } from '../shared/domain/session.ts';
import { AppFailure, appError, failure } from '../shared/ipc/errors.ts';
import type { AuditService } from './audit/audit.ts';
import type { Session } from './auth/ports.ts';
import { createFileLock } from './auth/session-lock.ts';
import { createSession } from './auth/session.ts';
import { AccountCache } from './documents/account-cache.ts';
import type { BulkService } from './documents/bulk.ts';
import type { DocumentsService } from './documents/documents.ts';
import type { FlowService } from './documents/flow.ts';
import type { OfflineWork } from './documents/offline-work.ts';
import type { WorkflowService } from './documents/workflow.ts';
import { Emitter } from './emitter.ts';
import { createErp } from './erp/index.ts';
import type { Capabilities, Erp, SessionsApi, WaitingInfo } from './erp/types.ts';
import type { OpenAnswer } from './host/client.ts';
import { OfflineGrace } from './lock/grace.ts';
import type { PolicyChangeFiles } from './policy/change-files.ts';
import type { PolicyHistory } from './policy/history.ts';
import type { PolicyService } from './policy/policy.ts';
import type { WipeOptions, WipeResult } from './secrets/wipe.ts';
import type { SecurityCentre } from './security/index.ts';
import type { LaterSecurityCentre } from './security/later.ts';
import { createServices } from './services.ts';
import { ConnectionMonitor } from './sync/connection-monitor.ts';
import { confirmingFetch, observedFetch, probeErp } from './sync/observe.ts';
import type { OnlineWork } from './sync/online.ts';
import type { CacheOpening, WorkspacePorts } from './workspace-ports.ts';

/** How long after the start a cache that was left shut opens by itself when a server confirms the account. */
const openByItselfMs = 2 * 60_000;

/**
 * Everything that belongs to one profile: its session, its view of the server, and, while somebody is signed in, the
 * open cache with the services on it. Switching the profile disposes one workspace and builds another.
 */
export class Workspace {
  profile: ConnectionProfile;
  readonly monitor: ConnectionMonitor;
  readonly session: Session;
  /** The server, for the services that are built on a workspace from outside. */
  readonly erp: Erp;
  /** How long the cache may be opened without a server. */
  readonly grace: OfflineGrace;
  /** Where else the account is signed in. */
  readonly signIns: SessionsApi;
  /** What this server can do. */
  readonly capabilities: () => Promise<Capabilities>;
  readonly cache: AccountCache;
  readonly documents: DocumentsService;
  readonly flow: FlowService;
  readonly workflow: WorkflowService;
  readonly bulk: BulkService;
  readonly online: OnlineWork;
  readonly offline: OfflineWork;
  readonly policy: PolicyService;
  readonly policyChanges: PolicyChangeFiles;
  readonly audit: AuditService;
  readonly policyHistory: PolicyHistory;
  readonly securityCentre: LaterSecurityCentre;
  readonly documentsChanged = new Emitter<DocumentKey[] | null>();
  /** Told when cache and services have followed the session, not before. */
  readonly sessionChanged = new Emitter<SessionState>();
  readonly requestsWaiting = new Emitter<WaitingInfo>();
  readonly #ports: WorkspacePorts;
  #following: Promise<void> = Promise.resolve();
  #locked = false;
  /** A person is signing in; the cache that opens then opens for that, and says so in the journal. */
  #isSigningIn = false;
  /** When the cache was left shut at the start because the offline time was over; null when that is not what keeps it shut. */
  #shutAt: number | null = null;

  constructor(ports: WorkspacePorts) {
    const { profile, clock, host, log, store, persistence, openBrowser, fetch, notice } = ports;
    this.#ports = ports;
    this.profile = profile;
    this.monitor = new ConnectionMonitor({ clock, probe: (signal) => probeErp(fetch, profile.erpUrl, signal) });
    this.session = createSession({
      profile, secrets: store, persistence, openBrowser, clock, log: log.child('auth'), fetch: observedFetch(fetch, (outcome) => this.monitor.observe('identityProvider', outcome)),
      // What two processes share is the keychain; a session in memory is this process's alone.
      ...(persistence.kind === 'keychain' ? { lock: createFileLock({ file: path.join(ports.folder, 'locks', profile.id), clock }) } : {}),
    });
    this.grace = new OfflineGrace({ store, profileId: profile.id, graceMs: ports.graceMs, clock, log: log.child('grace') });
    const erp = createErp({
      baseUrl: profile.erpUrl, tokens: this.session, clock, log: log.child('erp'), fetch: observedFetch(confirmingFetch(fetch, () => this.grace.contact()), (outcome) => this.monitor.observe('erp', outcome), () => this.monitor.doubt()),
      onWaiting: (info) => this.requestsWaiting.emit(info),
    });
    [this.erp, this.signIns] = [erp, erp.sessions];
    this.capabilities = () => erp.capabilities();
    this.cache = new AccountCache({ folder: path.join(ports.folder, 'cache'), host, store, persistence: () => (persistence.kind === 'keychain' ? persistence : this.session.state().persistence), clock, notice, ...(ports.keyStored === undefined ? {} : { keyStored: ports.keyStored }), ...(ports.throwAway === undefined ? {} : { throwAway: ports.throwAway }) });
    const services = createServices({ profile, host, jobs: ports.jobs, store, clock, log, fetch, notice, session: this.session, erp, monitor: this.monitor, documentsChanged: this.documentsChanged, account: () => this.account() });
    ({
      documents: this.documents, flow: this.flow, workflow: this.workflow, policy: this.policy, audit: this.audit, policyChanges: this.policyChanges, policyHistory: this.policyHistory,
      securityCentre: this.securityCentre, bulk: this.bulk, online: this.online, offline: this.offline,
    } = services);
    // What the background has sent is in the cache as it was sent; the server's view of it, its time of change above all, comes with a delta.
    this.offline.outbox.attempted.on(() => { if (this.offline.outbox.hasSentUnread()) void this.online.pull.pull(); });
    this.online.pull.documentsChanged.on((keys) => this.documentsChanged.emit(keys));
    this.session.on((state) => {
      if (state.status === 'signingIn') this.#isSigningIn = true;
      if (state.status === 'signedIn' && this.isUnlocked()) this.offline.outbox.kick();
      this.#following = this.#following
        .then(() => this.#follow(state))
        .catch((error: unknown) => this.#report(error))
        .then(() => this.sessionChanged.emit(this.session.state()));
    });
    let wasOffline = false;
    this.monitor.changed.on(({ status }) => {
      const isBack = wasOffline && status === 'online';
      wasOffline = status === 'offline' || (wasOffline && !isBack);
      if (!isBack || !this.isUnlocked()) return;
      this.offline.back();
      this.securityCentre.reconnected();
      void this.online.start();
    });
  }

  /** A person wants it now: asks first whether the server is there, so that nothing fails only because nobody looked. */
  async retry(id: string | null): Promise<void> {
    await this.monitor.retry();
    await this.offline.outbox.again(id);
  }

  /** Takes up the last session; with one, the cache is open when this resolves, and the server is asked behind it. */
  async restore(): Promise<void> {
    await this.cache.wiper.finishAll();
    await this.session.restore(this.#ports.calm);
    await this.settled();
  }

  /** Resolves when the cache has followed the last change of the session. */
  async settled(): Promise<void> {
    await this.#following;
  }

  /** The security centre. @throws Error until `securityCentre.open()` was awaited. */
  get security(): SecurityCentre {
    return this.securityCentre.opened;
  }

  isUnlocked(): boolean {
    return this.cache.accountId !== null;
  }

  /** Closes the cache and wipes its key; what the session does meanwhile does not open it again, only {@link openCache} does. */
  async lock(): Promise<void> {
    this.#locked = true;
    this.session.lock();
    void this.grace.flush();
    const closed = this.#following.then(() => this.#close({ isLocking: true, keepsKey: true }));
    this.#following = closed.catch((error: unknown) => this.#report(error));
    await closed;
  }

  /**
   * Has the identity provider confirm the account, after the offline time was over; where it wants a login, the person is asked.
   * @throws AppFailure session.graceOver when it cannot be reached, login.* when nothing came of the login.
   */
  async confirm(): Promise<void> {
    this.#shutAt = null;
    try {
      await this.session.confirm();
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      if (error.error.code !== 'session.expired') throw failure('session.graceOver', { params: { cause: 'offline' } }, error);
      await this.session.signIn();
    }
    await this.settled();
  }

  /** @throws AppFailure as AccountCache; session.graceOver; session.required while nobody is signed in. The cache is closed then. */
  async openCache(by: CacheOpening): Promise<void> {
    const opened = this.#following.then(() => this.#openCache(by));
    this.#following = opened.catch(() => undefined);
    await opened;
    this.sessionChanged.emit(this.session.state());
  }

  /**
   * Removes the cache of whoever is signed in from this computer, keys first, and signs out. Needs no network.
   * @throws AppFailure as the session's signOut; the keys are destroyed by then.
   */
  async wipe(options: WipeOptions): Promise<WipeResult> {
    const { id } = this.account();
    this.#locked = true;
    const wiped = this.#following.then(async () => {
      await Promise.all([this.bulk.stop(), this.offline.stop(), this.online.stop()]);
      return this.cache.wipe(id, options);
    });
    this.#following = wiped.then(() => undefined, (error: unknown) => this.#report(error));
    const result = await wiped.catch((error: unknown) => {
      this.#locked = false;
      throw error;
    });
    await this.session.signOut();
    await this.settled();
    return result;
  }

  /** The id of the account that is signed in. */
  signedInAs(): string | null {
    const state = this.session.state();
    return state.status === 'signedIn' ? state.account.id : null;
  }

  /** @throws AppFailure session.required while nobody is signed in. */
  account(): Account {
    const state = this.session.state();
    if (state.status !== 'signedIn') throw failure('session.required');
    return state.account;
  }

  /** The data host is back after a crash: what was on screen may be older than what is stored. */
  hostReopened(answer: OpenAnswer): void {
    this.cache.tellSalvage(answer);
    void this.offline.stop().then(() => this.offline.start()).catch((error: unknown) => this.#report(error));
    this.documentsChanged.emit(null);
  }

  async dispose(): Promise<void> {
    this.session.dispose();
    this.monitor.dispose();
    await this.settled();
    await this.#close({ keepsKey: true });
    await this.grace.dispose();
  }

  async #follow(state: SessionState): Promise<void> {
    if (state.status === 'signedOut') {
      this.#isSigningIn = false;
      if (this.isUnlocked()) this.#note('signOut');
      this.#locked = false;
      await this.#close();
      this.bulk.forget();
      await this.grace.forget();
    }
    if (state.status !== 'signedIn') return;
    const { status: grace } = await this.grace.begin(state.account.id, state.confirmedAt);
    if (grace !== 'over' && this.#shutAt !== null) {
      // Who has just started the app need not ask twice; later nobody may be there.
      if (this.#ports.clock.now() - this.#shutAt < openByItselfMs) this.#locked = false;
      this.#shutAt = null;
    }
    if (this.#locked || this.cache.accountId === state.account.id) return;
    // Asked once: a person decides how to go on, not the next renewal of the session.
    if (this.cache.recoveryNeeded?.accountId === state.account.id) return;
    if (grace === 'over') {
      this.#shutAt = this.#ports.clock.now();
      this.#locked = true;
      this.session.lock();
      this.session.confirm().catch((error: unknown) => this.#ports.log.info('the cache stays shut without a server', { error }));
      return;
    }
    await this.#openCache({ kind: 'keychain' });
  }

  async #openCache(by: CacheOpening): Promise<void> {
    const { id } = this.account();
    const grace = this.grace.state();
    if (grace.status === 'over') throw failure('session.graceOver', { params: { cause: grace.cause } });
    await Promise.all([this.bulk.stop(), this.offline.stop(), this.online.stop()]);
    if (by.kind === 'keychain') await this.cache.open(id);
    else await (by.kind === 'fresh' ? this.cache.startFresh(id) : this.cache.openWithRecoveryKey(id, by.text));
    this.#note(this.#isSigningIn ? 'signIn' : this.#locked ? 'unlock' : 'resume', by.kind);
    this.#isSigningIn = false;
    this.#locked = false;
    this.session.unlock();
    await this.online.pull.restore();
    await this.offline.start();
    void (this.#ports.calm ?? Promise.resolve()).then(() => {
      if (this.cache.accountId !== id) return;
      void this.online.start();
      this.audit.look();
      this.securityCentre.start();
      // Asked apart from the start above, which needs a token first: without the identity provider it never gets to the server.
      void this.monitor.retry();
    });
  }

  /** @param keepsKey the same account's cache may be opened again in this run; else it closes for good */
  async #close({ isLocking = false, keepsKey = false } = {}): Promise<void> {
    await Promise.all([this.bulk.stop(), this.offline.stop(), this.online.stop(), this.securityCentre.stop()]);
    if (isLocking && this.isUnlocked()) this.#note('lock');
    // The journal is in the cache that closes now.
    await this.audit.notes.settled();
    await (keepsKey ? this.cache.pause() : this.cache.close());
  }

  #note(action: 'signIn' | 'signOut' | 'resume' | 'lock' | 'unlock', detail: string | null = null): void {
    this.audit.notes.note({ action, resource: 'session', outcome: 'local', correlationId: null, detail });
  }

  #report(error: unknown): void {
    this.#ports.log.error('the cache could not follow the session', { err: error });
    this.#ports.notice(error instanceof AppFailure ? error.error : appError('app.internal'));
  }
}

import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ConnectionProfile } from '../shared/domain/profile.ts';
import { graceMsOf, lockPolicyOf } from '../shared/domain/app-policy.ts';
import type { Persistence } from '../shared/domain/session.ts';
import { AppFailure, appError, failure, type AppError } from '../shared/ipc/errors.ts';
import type { EventName, EventPayload } from '../shared/ipc/contract.ts';
import type { LoginTest } from './auth/login-test.ts';
import { ManagedSettings } from './config/managed-settings.ts';
import { sessionEntry } from './auth/stored-session.ts';
import { ProfileSetup } from './config/profile-setup.ts';
import { openProfiles } from './config/profiles.ts';
import { openSettings } from './config/settings.ts';
import { systemClock, type HttpFetch } from './erp/ports.ts';
import { ThrowAwayCaches } from './documents/throw-away.ts';
import type { Paper } from './documents/paper/index.ts';
import type { PaperPorts } from './documents/paper/ports.ts';
import type { FilePorts } from './files/ports.ts';
import { createDiagnostics } from './diagnostics/index.ts';
import { createDataHost, type HostPort } from './host/client.ts';
import { auditHandlers } from './ipc/handlers/audit.ts';
import { appHandlers } from './ipc/handlers/app.ts';
import { bulkHandlers } from './ipc/handlers/bulk.ts';
import { diagnosticsHandlers } from './ipc/handlers/diagnostics.ts';
import { documentHandlers } from './ipc/handlers/documents.ts';
import { draftHandlers } from './ipc/handlers/drafts.ts';
import { flowHandlers } from './ipc/handlers/flow.ts';
import { jobHandlers } from './ipc/handlers/jobs.ts';
import { policyHandlers } from './ipc/handlers/policy.ts';
import { paperHandlers } from './ipc/handlers/paper.ts';
import { securityHandlers } from './ipc/handlers/security.ts';
import { sessionHandlers } from './ipc/handlers/session.ts';
import type { CallPart, CoreHandlers, DispatcherOptions } from './ipc/dispatcher.ts';
import { Jobs } from './jobs.ts';
import { Later } from './later.ts';
import { WindowDrain } from './lock/window-drain.ts';
import { createWorkspaceLock } from './lock/workspace-lock.ts';
import type { Log } from './log/log.ts';
import { QuitQuestion } from './quit-question.ts';
import type { Keytar } from './secrets/keychain.ts';
import { KeychainMark, machineId } from './secrets/keychain-mark.ts';
import { openSecrets, type OpenSecrets } from './secrets/open.ts';
import { checkMonitoring } from './security/monitoring-check.ts';
import { StartCalm } from './start-calm.ts';
import { Workspace } from './workspace.ts';

/** What only Electron can do, as far as the services need it. */
export type Platform = FilePorts & PaperPorts & {
  version: string;
  electron: string;
  os: 'linux' | 'darwin' | 'win32';
  systemLanguage: 'de' | 'en';
  userData: string;
  /** Where the administration puts its settings. */
  managedSettings: string;
  /** Fetch over the operating system's trust store and proxies, with what a profile says about trust. */
  fetchFor: (profile: ConnectionProfile | null) => HttpFetch;
  /** What the operating system says about proxies for an address, as `PROXY host:port; DIRECT`. */
  resolveProxy: (url: string) => Promise<string>;
  spawnHost: () => HostPort;
  loadKeytar: () => Promise<Keytar>;
  openBrowser: (url: string) => Promise<void>;
  copyText: (text: string) => void;
  chooseProfileFile: () => Promise<string | null>;
  quit: (how: { isForced: boolean }) => void;
};

/** The door to the renderer; made by main/electron from the handlers. */
export type Door = {
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** Whether there is anybody to tell. */
  hasWindow(): boolean;
  dispose(): void;
};

export type AppOptions = {
  platform: Platform;
  /** A profile named on the command line; it counts for this start. */
  givenProfile: ConnectionProfile | null;
  /** What went wrong before the services were there, for example a profile file that cannot be read. */
  earlyNotices: AppError[];
  log: Log;
  openDoor: (handlers: CoreHandlers, options: DispatcherOptions) => Door;
};

/**
 * The composition root: builds every service by hand, top to bottom, and ties their events to the renderer.
 * `start` takes up the last session; `dispose` ends everything in the reverse order.
 */
export function createApp({ platform, givenProfile, earlyNotices, log, openDoor }: AppOptions) {
  const clock = systemClock;
  const notices: AppError[] = [...earlyNotices];

  const settings = openSettings(platform.userData);
  const profiles = openProfiles(platform.userData, givenProfile);
  for (const [name, store] of Object.entries({ settings, profiles })) {
    if (store.wasReset) notices.push(appError('app.internal', { messageKey: 'errors.settings.reset', params: { file: name } }));
  }

  const policy = new ManagedSettings({ file: platform.managedSettings, choice: () => settings.read().policy, clock });
  const aboutPolicy = policy.state().notice;
  if (aboutPolicy !== null) notices.push(aboutPolicy);
  settings.changed.on(() => policy.tell());

  let workspace: Workspace | null = null;
  const host = createDataHost({
    spawn: platform.spawnHost,
    log: log.child('host'),
    onReopen: async () => (await workspace?.cache.reopenParams()) ?? null,
    onReopened: (answer) => workspace?.hostReopened(answer),
  });
  const throwAway = new ThrowAwayCaches({ folder: path.join(platform.userData, 'cache'), host, clock });
  const quitting = new QuitQuestion({ clock, isNeeded: () => throwAway.isInUse, ask: () => door.emit('quit.asked', null), quit: platform.quit });
  // Two installations of one person, say test and production side by side, must not share entries.
  const installation = createHash('sha256').update(platform.userData).digest('hex').slice(0, 8);
  const service = `VALEO NeuroERP Admin ${installation}`;
  let opening: Promise<OpenSecrets> | null = null;
  const secrets = (): Promise<OpenSecrets> => {
    const active = profiles.active();
    return opening ??= openSecrets({
      loadKeytar: platform.loadKeytar, service, log: log.child('secrets'), ...(active === null ? {} : { provenBy: sessionEntry(active) }),
      lost: (persistence) => workspace?.session.setPersistence(persistence),
    });
  };
  const calm = new StartCalm(clock);
  // No system says which keychain answers or who signed the program; what can be known is the computer and the folder.
  const mark = new KeychainMark(path.join(platform.userData, 'cache'), async () => ({ machine: await machineId(), home: service, backend: null, signature: null }));

  const jobs = new Jobs({ now: clock.now, after: clock.after, log: log.child('jobs') });

  let begin: () => void = () => undefined;
  // Calls of the window wait for the start: before it nobody knows whether somebody is signed in.
  let building = new Promise<void>((resolve) => { begin = resolve; });
  const settled = async (): Promise<void> => {
    for (let last = building; ; last = building) {
      await last;
      if (last === building) return;
    }
  };
  let paper: Later<Paper> | null = null;
  const current = async (): Promise<Workspace | null> => {
    await settled();
    return workspace;
  };
  const signedIn = async (): Promise<Workspace> => {
    const here = await current();
    if (here === null) throw failure('session.required');
    return here;
  };

  const lock = createWorkspaceLock({ workspace: () => workspace, policy: () => lockPolicyOf(policy.state().values), clock, log: log.child('lock') });
  const windowDrain = new WindowDrain(() => door.hasWindow());
  lock.beforeLock(() => windowDrain.wait());

  const build = async (profile: ConnectionProfile): Promise<void> => {
    await workspace?.dispose();
    workspace = null;
    const { store, persistence } = await secrets();
    const next = new Workspace({
      profile, store, persistence, host, throwAway, jobs, clock, log, notice, folder: platform.userData, fetch: platform.fetchFor(profile), openBrowser: platform.openBrowser,
      keyStored: () => mark.renew(store), graceMs: () => graceMsOf(policy.state().values), calm: calm.reached,
    });
    next.sessionChanged.on((state) => door.emit('session.changed', state));
    next.monitor.changed.on((state) => door.emit('connection.changed', state));
    next.online.pull.changed.on((state) => door.emit('sync.changed', state));
    next.grace.changed.on((state) => door.emit('grace.changed', state));
    next.requestsWaiting.on((info) => door.emit('requests.waiting', info));
    next.offline.draftsChanged.on((ids) => door.emit('drafts.changed', { ids }));
    next.offline.outboxChanged.on((state) => door.emit('outbox.changed', state));
    next.audit.changed.on((status) => door.emit('audit.changed', status));
    next.securityCentre.changed.on((areas) => door.emit('security.changed', { areas }));
    next.bulk.changed.on((change) => door.emit('bulk.changed', change));
    next.documentsChanged.on((keys) => door.emit('documents.changed', { keys }));
    workspace = next;
    paper = new Later(async () => (await import('./documents/paper/index.ts')).createPaper({
      profile, erp: next.erp, host, documents: next.documents, journal: next.audit.notes, files: platform, paper: platform, jobs, isOnline: () => next.monitor.state().status !== 'offline', now: clock.now, log: log.child('paper'),
    }));
    lock.follow(next);
    await next.restore();
    // A connection where nobody is signed in changes nothing of its own session, and the window still shows the one before.
    door.emit('session.changed', next.session.state());
  };
  /** One profile at a time: a switch waits for the one before it. */
  const activate = (profile: ConnectionProfile): Promise<void> => {
    const built = building.then(() => build(profile));
    building = built.catch((error: unknown) => {
      log.error('the profile could not be activated', { err: error });
      notice(error instanceof AppFailure ? error.error : appError('app.internal'));
    });
    return built;
  };

  /** A keychain that was locked at the start may be open now: with it come the last session and the cache. */
  const askKeychain = async (): Promise<Persistence> => {
    const before = (await secrets()).persistence;
    const now = await (await secrets()).reprobe();
    const here = workspace;
    here?.session.setPersistence(now);
    if (before.kind === 'keychain' || now.kind === 'memory' || here === null) return now;
    // What it holds belongs to whoever was signed in before; somebody who signed in meanwhile goes on.
    if (here.session.state().status === 'signedOut') await activate(here.profile);
    else if (here.cache.recoveryNeeded !== null) await here.openCache({ kind: 'keychain' }).catch((error: unknown) => log.info('the keychain is back and does not open the cache', { error }));
    return now;
  };

  const loginTest = new Later<LoginTest>(async () => new (await import('./auth/login-test.ts')).LoginTest({ fetchFor: platform.fetchFor, openBrowser: platform.openBrowser, clock, log: log.child('test-login') }));
  const setup = new ProfileSetup({
    store: profiles,
    check: async (input) => (await import('./config/profile-check.ts')).checkProfile(platform.fetchFor(null), input, clock.now),
    checkMonitoring: (monitoring, erpUrl, profile) => checkMonitoring(monitoring, { fetch: platform.fetchFor(profile), clock, erpUrl }),
    chooseFile: platform.chooseProfileFile,
    loginTest: { run: async (profile) => (await loginTest.get()).run(profile), cancel: () => void loginTest.get().then((test) => test.cancel(), () => undefined) },
    activated: activate,
    // Building anew would close the cache under what is open.
    async watchersChanged(profile) {
      const here = await current();
      if (here !== null) here.profile = profile;
      here?.securityCentre.watchers(profile);
    },
  });

  const desk = createDiagnostics({
    about: { version: platform.version, electron: platform.electron, platform: platform.os }, profile: () => profiles.active(), workspace: () => workspace, secrets, mark, settings: () => settings.read(), policy: () => policy.state(),
    fetchFor: platform.fetchFor, resolveProxy: platform.resolveProxy, folder: platform.userData, host, files: platform, clock, log: log.child('diagnostics'),
  });

  const handlers: CoreHandlers = {
    ...appHandlers({
      version: platform.version, electron: platform.electron, platform: platform.os, systemLanguage: platform.systemLanguage,
      notices: () => notices, settings, policy, setup, copyText: platform.copyText, quitting,
    }),
    ...sessionHandlers({ workspace: current, persistence: async (): Promise<Persistence> => (await secrets()).persistence, copyText: platform.copyText, policy: () => policy.state().values, showDeviceCode: (code) => door.emit('session.deviceCode', code), now: clock.now, throwAway }),
    ...securityHandlers({ workspace: current, secrets, mark, lock, windowDrain, askKeychain, policy: () => policy.state().values }),
    ...documentHandlers({ host, workspace: current, listed: () => calm.listed() }),
    ...bulkHandlers(current),
    ...flowHandlers({ host, workspace: current }),
    ...draftHandlers({ host, workspace: current, files: platform, now: clock.now }),
    ...diagnosticsHandlers(desk),
    ...jobHandlers(jobs),
    ...policyHandlers({ workspace: current, files: platform }),
    ...auditHandlers({ host, workspace: current, files: platform }),
    ...paperHandlers(async () => ((await current()) === null ? null : (await paper?.get()) ?? null)),
  };
  const centreCalls = new Later<CallPart>(async () => (await import('./ipc/handlers/security/part.ts')).securityCentrePart({ security: async () => (await signedIn()).securityCentre.open(), files: platform, paper: platform }));
  const door = openDoor(handlers, { later: () => centreCalls.get(), log: log.child('ipc'), isUnlocked: async () => (await current())?.isUnlocked() ?? false, account: async () => (await signedIn()).account() });

  desk.diagnostics.changed.on((report) => door.emit('diagnostics.changed', report));
  jobs.changed.on((job) => door.emit('job.changed', job));
  lock.changed.on((state) => {
    if (state.status === 'locked') paper?.made?.print.forget();
    door.emit('lock.changed', state);
  });
  settings.changed.on((value) => door.emit('settings.changed', value));
  policy.changed.on((state) => door.emit('policy.changed', state));
  policy.changed.on(() => workspace?.grace.look());
  policy.noticed.on(notice);

  function notice(error: AppError): void {
    notices.push(error);
    door.emit('notice', error);
  }

  return {
    settings,
    /** Locks with the computer, and asks before the window closes: main/electron tells when it sleeps, wakes, or is to close. */
    lock, quitting,
    /** Resolves when the last session, if there was one, is taken up and its cache is open. */
    async start(): Promise<void> {
      // The process loads while the keychain is asked for the key.
      host.start();
      void secrets();
      policy.follow();
      const active = profiles.active();
      log.info('started', { version: platform.version, electron: platform.electron, hasProfile: active !== null, userData: path.basename(platform.userData) });
      begin();
      if (active !== null) await activate(active).catch(() => undefined);
    },
    /** The computer's lock screen is gone, and with it most keychains' lock. */
    async screenUnlocked(): Promise<void> {
      const { persistence } = await secrets();
      if (persistence.kind === 'memory' && persistence.cause === 'locked') await askKeychain();
    },
    async dispose(): Promise<void> {
      begin();
      await settled();
      await Promise.all([jobs.dispose(), desk.diagnostics.cancel()]);
      paper?.made?.print.forget();
      policy.dispose();
      lock.dispose();
      await workspace?.dispose();
      await throwAway.dropAll();
      await host.dispose();
      door.dispose();
      log.info('ended');
    },
  };
}

export type App = ReturnType<typeof createApp>;

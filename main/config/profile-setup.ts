import type { z } from 'zod';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import type { checkInputSchema, checkStepSchema } from '../../shared/ipc/calls/app.ts';
import type { CallInput, CallOutput } from '../../shared/ipc/contract.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { readAddress, watcherFields, watcherIds, type Monitoring, type WatcherAnswer } from '../../shared/domain/monitoring.ts';
import type { LoginTestReport } from '../../shared/domain/login-test.ts';
import type { LoginTest } from '../auth/login-test.ts';
import { parseProfile, profileIdFrom, readProfileFile, type ProfileStore } from './profiles.ts';

export type CheckInput = z.infer<typeof checkInputSchema>;
export type CheckStep = z.infer<typeof checkStepSchema>;
export type ProfileOverview = CallOutput<'profiles.list'>;

export type SetupPorts = {
  store: ProfileStore;
  /** Checks address, certificate and identity provider against the real servers. */
  check: (input: CheckInput) => Promise<CheckStep[]>;
  /** Asks servers beside the ERP who they are; with the certificates of a profile where there is one. */
  checkMonitoring: (monitoring: Monitoring, erpUrl: string, profile: ConnectionProfile | null) => Promise<WatcherAnswer[]>;
  /** The system's file dialog; null when closed without a choice. */
  chooseFile: () => Promise<string | null>;
  /** Signs in once to see what comes of it. */
  loginTest: Pick<LoginTest, 'run' | 'cancel'>;
  /** Rebuilds everything that belongs to a profile. */
  activated: (profile: ConnectionProfile) => Promise<void>;
  /** The profile in use names other servers beside the ERP; all else about it is as before. */
  watchersChanged: (profile: ConnectionProfile) => Promise<void>;
};

/** Setting up and switching connection profiles. */
export class ProfileSetup {
  readonly #ports: SetupPorts;

  constructor(ports: SetupPorts) {
    this.#ports = ports;
  }

  list(): ProfileOverview {
    return this.#ports.store.list();
  }

  check(input: CheckInput): Promise<CheckStep[]> {
    return this.#ports.check(input);
  }

  checkMonitoring({ profileId, erpUrl, monitoring }: CallInput<'profiles.checkMonitoring'>): Promise<WatcherAnswer[]> {
    const profile = this.list().profiles.find(({ id }) => id === profileId) ?? null;
    return this.#ports.checkMonitoring(monitoring, profile?.erpUrl ?? erpUrl, profile);
  }

  /** @throws AppFailure profile.missing, profile.invalid */
  async testLogin(given: CallInput<'profiles.testLogin'>['profile']): Promise<LoginTestReport> {
    const profile = given === null ? this.#ports.store.active() : parseProfile({ id: 'test', name: 'Test', environment: 'test', ...given }, '');
    if (profile === null) throw failure('profile.missing', { params: { file: '' } });
    return this.#ports.loginTest.run(profile);
  }

  cancelTestLogin(): void {
    this.#ports.loginTest.cancel();
  }

  /**
   * Adds a profile, or changes the one of the same server and name; what the form does not ask for, its certificates and keys say, stays.
   * @throws AppFailure profile.invalid
   */
  async save({ monitoring, ...input }: CallInput<'profiles.save'>): Promise<ProfileOverview> {
    const known = this.list().profiles;
    const same = known.find((profile) => profile.name === input.name && profile.erpUrl === input.erpUrl.replace(/\/+$/, ''));
    let id = same?.id ?? profileIdFrom(input.name);
    for (let suffix = 2; same === undefined && known.some((profile) => profile.id === id); suffix += 1) id = `${profileIdFrom(input.name).slice(0, 36)}-${suffix}`;
    const { demoAccounts, ...kept } = same ?? {};
    return this.#adopt(parseProfile({ ...kept, ...(input.environment === 'demo' ? { demoAccounts } : {}), ...input, ...named(monitoring), id }, input.name));
  }

  /** @throws AppFailure profile.missing, profile.invalid */
  async setMonitoring(id: string, monitoring: Monitoring): Promise<ProfileOverview> {
    const known = this.list().profiles.find((profile) => profile.id === id);
    if (known === undefined) throw failure('profile.missing', { params: { file: id } });
    const { prometheusUrl: _, alertmanagerUrl: __, lokiUrl: ___, ...rest } = known;
    const changed = parseProfile({ ...rest, ...named(monitoring) }, known.name);
    await this.#ports.store.change(changed);
    if (this.list().activeId === id) await this.#ports.watchersChanged(changed);
    return this.list();
  }

  /** Takes a profile from a file that the person chooses. @throws AppFailure profile.missing, profile.invalid */
  async importFile(): Promise<ProfileOverview | null> {
    const file = await this.#ports.chooseFile();
    return file === null ? null : this.#adopt(readProfileFile(file));
  }

  async activate(id: string): Promise<ProfileOverview> {
    await this.#ports.store.activate(id);
    const active = this.#ports.store.active();
    if (active !== null) await this.#ports.activated(active);
    return this.list();
  }

  async #adopt(profile: ConnectionProfile): Promise<ProfileOverview> {
    await this.#ports.store.save(connectionProfileSchema.parse(profile));
    await this.#ports.activated(profile);
    return this.list();
  }
}

/** The addresses that are filled in, as a profile holds them. @throws AppFailure profile.invalid naming those that cannot be read */
function named(monitoring: Monitoring): Partial<Monitoring> {
  const read = watcherIds.map((id) => ({ field: watcherFields[id], ...readAddress(id, monitoring[watcherFields[id]]) }));
  const wrong = read.filter(({ problem }) => problem !== null).map(({ field }) => field);
  if (wrong.length > 0) throw failure('profile.invalid', { params: { file: '', fields: wrong.join(', ') } });
  return Object.fromEntries(read.flatMap(({ field, address }) => (address === '' ? [] : [[field, address]])));
}

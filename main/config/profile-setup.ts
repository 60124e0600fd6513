import type { z } from 'zod';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import type { checkInputSchema, checkStepSchema } from '../../shared/ipc/calls/app.ts';
import type { CallInput, CallOutput } from '../../shared/ipc/contract.ts';
import { failure } from '../../shared/ipc/errors.ts';
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
  /** The system's file dialog; null when closed without a choice. */
  chooseFile: () => Promise<string | null>;
  /** Signs in once to see what comes of it. */
  loginTest: Pick<LoginTest, 'run' | 'cancel'>;
  /** Rebuilds everything that belongs to a profile. */
  activated: (profile: ConnectionProfile) => Promise<void>;
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

  /** @throws AppFailure profile.missing, profile.invalid */
  async testLogin(given: CallInput<'profiles.testLogin'>['profile']): Promise<LoginTestReport> {
    const profile = given === null ? this.#ports.store.active() : parseProfile({ id: 'test', name: 'Test', environment: 'test', ...given }, '');
    if (profile === null) throw failure('profile.missing', { params: { file: '' } });
    return this.#ports.loginTest.run(profile);
  }

  cancelTestLogin(): void {
    this.#ports.loginTest.cancel();
  }

  /** Adds a profile, or replaces the one of the same server and name. @throws AppFailure profile.invalid */
  async save(input: CallInput<'profiles.save'>): Promise<ProfileOverview> {
    const known = this.list().profiles;
    const same = known.find((profile) => profile.name === input.name && profile.erpUrl === input.erpUrl.replace(/\/+$/, ''));
    let id = same?.id ?? profileIdFrom(input.name);
    for (let suffix = 2; same === undefined && known.some((profile) => profile.id === id); suffix += 1) id = `${profileIdFrom(input.name).slice(0, 36)}-${suffix}`;
    return this.#adopt(parseProfile({ ...input, id }, input.name));
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

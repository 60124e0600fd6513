import type { SecurityArea } from '../../shared/security/areas.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { Emitter } from '../emitter.ts';
import { Later } from '../later.ts';
import type { Background, SecurityPorts } from './ports.ts';
import type { SecurityCentre } from './index.ts';

/** The security centre of a workspace before anybody has looked at it: a quarter of the code of the main process. */
export class LaterSecurityCentre implements Background {
  readonly changed = new Emitter<SecurityArea[]>();
  readonly #centre: Later<SecurityCentre>;
  readonly #log: SecurityPorts['log'];
  #isWanted = false;
  /** The profile with other servers beside the ERP, since they were exchanged; null until then. */
  #exchanged: ConnectionProfile | null = null;

  constructor(ports: Omit<SecurityPorts, 'evidence' | 'changed'>) {
    this.#log = ports.log;
    this.#centre = new Later(async () => {
      const { createSecurityCentre } = await import('./index.ts');
      const centre = createSecurityCentre(ports);
      if (this.#exchanged !== null) centre.watchers(this.#exchanged);
      centre.changed.on((areas) => this.changed.emit(areas));
      return centre;
    });
  }

  open(): Promise<SecurityCentre> {
    return this.#centre.get();
  }

  /** @throws Error before it was opened. */
  get opened(): SecurityCentre {
    if (this.#centre.made === null) throw new Error('the security centre was not opened');
    return this.#centre.made;
  }

  /** The cache is open and the first screen painted. */
  start(): void {
    this.#isWanted = true;
    if (this.#centre.made !== null) return this.#centre.made.start();
    this.open().then((centre) => { if (this.#isWanted) centre.start(); }, (error: unknown) => this.#log.error('the security centre could not be read', { err: error }));
  }

  /** The servers beside the ERP are others from now on, also for a centre that is opened later. */
  watchers(profile: ConnectionProfile): void {
    this.#exchanged = profile;
    this.#centre.made?.watchers(profile);
  }

  /** The server is back. One that was not opened yet looks by itself when it is. */
  reconnected(): void {
    this.#centre.made?.reconnected();
  }

  /** Resolves when nothing writes any more. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#centre.made?.stop();
  }
}

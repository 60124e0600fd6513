import type { DoctorReport } from '../../shared/domain/keychain.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { StepOutcome } from '../../shared/domain/diagnostics.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';

/** Whoever is signed in, as far as diagnosing goes. */
export type DiagnosedWork = {
  isUnlocked: boolean;
  /** The event stream is open; null where the server has none or nobody is signed in. */
  live: boolean | null;
  /** Epoch milliseconds of the last whole pull. */
  pulledAt: number | null;
  /** False where the server cannot list documents: then there will never be a whole pull. */
  canPull: boolean;
  /** Asks the ERP with the token. Null while there is none to ask with. @throws AppFailure */
  ping: ((signal: AbortSignal) => Promise<void>) | null;
};

export type DiagnosticPorts = {
  profile: () => ConnectionProfile | null;
  fetchFor: (profile: ConnectionProfile | null) => HttpFetch;
  /** What the operating system says for this address, as `PROXY host:port; DIRECT`. */
  resolveProxy: (url: string) => Promise<string>;
  /** Folder of the app's data. */
  folder: string;
  work: () => DiagnosedWork;
  examineKeychain: () => Promise<DoctorReport>;
  host: Pick<DataHost, 'health'>;
  clock: Clock;
  log: Log;
};

/** What a step works with; `signal` ends it. */
export type StepContext = DiagnosticPorts & {
  signal: AbortSignal;
  /** What other steps have found, by then. */
  found: ReadonlyMap<string, StepOutcome>;
  proxy: ProxyChoice;
};

export type ProxyChoice = { kind: 'direct' } | { kind: 'http' | 'socks'; host: string; port: number };

export const outcome = (status: StepOutcome['status'], cause: StepOutcome['cause'] = null, facts: StepOutcome['facts'] = {}): StepOutcome =>
  ({ status, cause, facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value.slice(0, 300)])) });

import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Session } from '../auth/ports.ts';
import type { Clock } from '../erp/ports.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Log } from '../log/log.ts';
import type { SecretStore } from '../secrets/store.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { canRead, mustAct } from '../security/rights.ts';
import { AuditService } from './audit.ts';

export type AuditOptions = { profile: ConnectionProfile; session: Session; erp: Erp; host: DataHost; jobs: Jobs; store: SecretStore; clock: Clock; log: Log };

/** The audit service of a workspace, for whoever is signed in there. */
export function createAudit({ profile, session, erp, host, jobs, store, clock, log }: AuditOptions): AuditService {
  const account = () => {
    const state = session.state();
    return state.status === 'signedIn' ? state.account : null;
  };
  /** Also when they have just signed out: that too is noted. */
  let last: string | null = null;
  return new AuditService({
    erp, host, jobs, store, server: new URL(profile.erpUrl).host, pinnedKey: profile.auditKey ?? null, now: clock.now, random: Math.random, log: log.child('audit'),
    actor: () => { last = account()?.userName ?? last; return last; },
    confirm: async () => {
      const who = account();
      if (who === null) throw failure('session.required');
      mustAct(who);
      await session.stepUp({ acrValues: [], maxAge: 0, claims: null }, { since: clock.now() });
    },
    // Only whether asking is worth a request: the server decides, and writes down every refusal.
    mayRead: () => {
      const who = account();
      return who !== null && canRead(who);
    },
  });
}

import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Account } from '../../shared/domain/session.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import type { SecurityArea } from '../../shared/security/areas.ts';
import type { AuditService } from '../audit/audit.ts';
import type { Session } from '../auth/ports.ts';
import type { DocumentsService } from '../documents/documents.ts';
import type { DraftsService } from '../documents/drafts.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Log } from '../log/log.ts';
import type { PolicyHistory } from '../policy/history.ts';
import type { PolicyService } from '../policy/policy.ts';
import type { EvidenceBook } from './evidence-book.ts';

/** What each area of the security centre is built on. */
export type SecurityPorts = {
  profile: ConnectionProfile;
  erp: Erp;
  session: Session;
  host: DataHost;
  jobs: Jobs;
  clock: Clock;
  log: Log;
  /** Without a token, over the operating system's trust store and proxies: for probes and for other servers than the ERP. */
  fetch: HttpFetch;
  /** @throws AppFailure session.required */
  account: () => Account;
  isOnline: () => boolean;
  audit: AuditService;
  policy: PolicyService;
  policyHistory: PolicyHistory;
  documents: DocumentsService;
  drafts: DraftsService;
  evidence: EvidenceBook;
  /** Something that a person should know and did not ask for: it stands in the overview until it was read. */
  notice: (error: AppError) => void;
  /** Tells the window which areas have something new; after the commit, never before. */
  changed: (...areas: SecurityArea[]) => void;
};

/** What runs by itself while the cache is open: a schedule, a sampler, a reminder. */
export type Background = { start: () => void; stop: () => Promise<void> };

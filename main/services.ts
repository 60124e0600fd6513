import type { DocumentKey } from '../shared/domain/document.ts';
import type { Domain } from '../shared/domain/document-types.ts';
import type { Account } from '../shared/domain/session.ts';
import { decide } from '../shared/rbac/access.ts';
import { createAudit } from './audit/index.ts';
import type { Session } from './auth/ports.ts';
import { BulkService } from './documents/bulk.ts';
import { DocumentsService } from './documents/documents.ts';
import { FlowService } from './documents/flow.ts';
import { OfflineWork } from './documents/offline-work.ts';
import { WorkflowService } from './documents/workflow.ts';
import type { Emitter } from './emitter.ts';
import type { Erp } from './erp/types.ts';
import { PolicyChangeFiles } from './policy/change-files.ts';
import { PolicyHistory } from './policy/history.ts';
import { PolicyService } from './policy/policy.ts';
import type { ConnectionMonitor } from './sync/connection-monitor.ts';
import { LaterSecurityCentre } from './security/later.ts';
import { OnlineWork } from './sync/online.ts';
import type { WorkspacePorts } from './workspace-ports.ts';

export type ServicePorts = Pick<WorkspacePorts, 'profile' | 'host' | 'jobs' | 'store' | 'clock' | 'log' | 'fetch' | 'notice'> & {
  session: Session;
  erp: Erp;
  monitor: ConnectionMonitor;
  documentsChanged: Emitter<DocumentKey[] | null>;
  /** @throws AppFailure session.required */
  account: () => Account;
};

/** The services that work on the open cache of a workspace, each with what it needs. */
export function createServices({ profile, host, jobs, store, clock, log, fetch, session, erp, monitor, documentsChanged, account, notice }: ServicePorts) {
  const { now } = clock;
  const isOnline = (): boolean => monitor.state().status !== 'offline';
  const mayRead = (domain: Domain): boolean => {
    const { roles, scopes, scopeSource: source } = account();
    return decide({ roles, scopes, source }, { anyOf: [`${domain}:read`, 'docs:read'] }).allowed;
  };
  const audit = createAudit({ profile, session, erp, host, jobs, store, clock, log });
  const journal = audit.notes;
  const documents = new DocumentsService({ erp, host, changed: documentsChanged, isOnline, tenantId: () => account().tenantId, now, after: clock.after, log: log.child('documents') });
  const flow = new FlowService({ erp, host, documents, isOnline, now, log: log.child('flow') });
  const workflow = new WorkflowService({ erp, host, documents, account, journal, now });
  const policy = new PolicyService({ erp, host, journal, isOnline, origin: () => ({ server: new URL(profile.erpUrl).host, tenant: account().tenantId }), now, log: log.child('policy') });
  const policyChanges = new PolicyChangeFiles({ policy, facts: host.facts, deviceKey: () => audit.deviceKey(), account, server: new URL(profile.erpUrl).host, now });
  const policyHistory = new PolicyHistory({ erp, host, jobs, now });
  const bulk: BulkService = new BulkService({ host, workflow, jobs, account, isOnline, catchUp: (keys) => online.catchUp(keys), follow: () => online.follow(), now, log: log.child('bulk') });
  const online = new OnlineWork({
    erp, host, clock, monitor, log: log.child('sync'),
    reread: (key) => documents.reread(key, { priority: 'background' }), isOurs: (domain, number) => bulk.isOurs(domain, number),
    lookup: (kind) => documents.lookup(kind, ''), mayRead,
  });
  const offline = new OfflineWork({ erp, host, clock, log, documents, workflow, documentsChanged, isOnline, account, journal });
  const securityCentre = new LaterSecurityCentre({ profile, erp, session, host, jobs, clock, log: log.child('security'), fetch, account, isOnline, audit, policy, policyHistory, documents, drafts: offline.drafts, notice });
  return { documents, flow, workflow, policy, audit, policyChanges, policyHistory, securityCentre, bulk, online, offline };
}

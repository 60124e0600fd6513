import { z } from 'zod';
import { appCalls } from './calls/app.ts';
import { auditCalls } from './calls/audit.ts';
import { bulkCalls } from './calls/bulk.ts';
import { diagnosticsCalls } from './calls/diagnostics.ts';
import { documentCalls } from './calls/documents.ts';
import { draftCalls } from './calls/drafts.ts';
import { flowCalls } from './calls/flow.ts';
import { jobCalls } from './calls/jobs.ts';
import { policyCalls } from './calls/policy.ts';
import { paperCalls } from './calls/paper.ts';
import { securityCalls } from './calls/security.ts';
import { deviceCodeSchema, sessionCalls } from './calls/session.ts';
import { connectionStateSchema, syncStateSchema } from '../domain/connection.ts';
import { auditStatusSchema } from '../domain/audit.ts';
import { appPolicyStateSchema } from '../domain/app-policy.ts';
import { bulkRowSchema } from '../domain/bulk.ts';
import { diagnosticReportSchema } from '../domain/diagnostics.ts';
import { documentKeySchema } from '../domain/document.ts';
import { draftIdSchema } from '../domain/draft.ts';
import { graceStateSchema } from '../domain/grace.ts';
import { jobSchema } from '../domain/job.ts';
import { lockStateSchema } from '../domain/lock.ts';
import { outboxStateSchema } from '../domain/outbox.ts';
import { sessionStateSchema } from '../domain/session.ts';
import { settingsSchema } from '../domain/settings.ts';
import { securityAreas } from '../security/areas.ts';
import { appErrorSchema } from './errors.ts';

/** The calls that the main process knows from its first moment on: all but the security centre's, which come with its code. */
export const coreCalls = { ...appCalls, ...sessionCalls, ...securityCalls, ...documentCalls, ...draftCalls, ...flowCalls, ...bulkCalls, ...jobCalls, ...policyCalls, ...paperCalls, ...auditCalls, ...diagnosticsCalls } as const;

/** Everything main tells the renderer without being asked. Sent only after the change is committed. */
export const events = {
  'session.changed': sessionStateSchema,
  /** What to type on the other device while a sign-in there runs; null when it is over. */
  'session.deviceCode': deviceCodeSchema.nullable(),
  'connection.changed': connectionStateSchema,
  'lock.changed': lockStateSchema,
  /** How long the cache may be opened without a server. */
  'grace.changed': graceStateSchema,
  'sync.changed': syncStateSchema,
  'settings.changed': settingsSchema,
  'policy.changed': appPolicyStateSchema,
  /** `keys` is null when too much changed to name it: read everything again. */
  'documents.changed': z.object({ keys: z.array(documentKeySchema).nullable() }),
  /** Drafts that were written, sent or brought back, by id. */
  'drafts.changed': z.object({ ids: z.array(draftIdSchema) }),
  'outbox.changed': outboxStateSchema,
  'job.changed': jobSchema,
  /** After a visit, a check or an alarm: lists of the log are read again. */
  'audit.changed': auditStatusSchema,
  /** Areas of the security centre that have something new. */
  'security.changed': z.object({ areas: z.array(z.enum(securityAreas)) }),
  /** Rows of an action on many documents, by their place. */
  'bulk.changed': z.object({ id: z.uuid(), rows: z.array(z.object({ index: z.number().int(), row: bulkRowSchema })) }),
  /** How many requests wait for their turn under the server's rate limit, and when (epoch milliseconds) the next may go. */
  'requests.waiting': z.object({ waiting: z.number().int(), until: z.number().nullable() }),
  /** Somebody wants to close the window, and with it would go what is on this computer only: the window asks, or calls `quit.now`. */
  'quit.asked': z.null(),
  'diagnostics.changed': diagnosticReportSchema,
  /** Something a person should know that no call of theirs asked for. */
  notice: appErrorSchema,
} as const;

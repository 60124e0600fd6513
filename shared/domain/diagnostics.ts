import { z } from 'zod';

/** What is looked at, in the order in which a connection is made, then this computer. */
export const diagnosticStepIds = ['network', 'proxy', 'tls', 'erp', 'identityProvider', 'clock', 'events', 'monitoring', 'keychain', 'database', 'disk'] as const;
export type DiagnosticStepId = (typeof diagnosticStepIds)[number];

/**
 * What can be wrong. To each belong two texts in the namespace `diagnostics`: `cause.<cause>`, what it is in plain words, and
 * `todo.<cause>`, what to do about it. `skipped` ones only say why nothing was looked at.
 */
export const diagnosticCauses = [
  'noProfile', 'notSignedIn', 'notBefore', 'stopped', 'crashed',
  'noNetwork', 'nameUnknown', 'serverRefuses', 'serverSilent', 'connectionBroken',
  'proxyUnreachable', 'proxySignIn', 'proxyRefuses', 'proxySilent',
  'loopbackOnly', 'certificateExpired', 'certificateOtherName', 'certificateUntrusted', 'certificatePinned', 'certificateSoon', 'tlsFailed',
  'erpDown', 'erpFailing', 'erpNotErp', 'erpRefusesAccount',
  'providerDown', 'providerFailing', 'providerOther',
  'clockOff', 'clockUntold',
  'eventsClosed', 'eventsUnsupported',
  'noMonitoring', 'watcherSilent', 'watcherRefuses', 'watcherOther', 'watcherBlind',
  'keychainLocked', 'keychainAbsent', 'keychainTrouble',
  'cacheClosed', 'databaseDamaged', 'databaseFailing', 'neverPulled', 'pullUnsupported', 'pulledLongAgo',
  'diskFull', 'diskLow', 'diskUnwritable',
] as const;
export type DiagnosticCause = (typeof diagnosticCauses)[number];

/** What was measured: the texts are `fact.<name>`. `size` and `free` in bytes, those of the servers beside the ERP their version or a finding, skews in seconds, `pulled` in ISO 8601. */
export const diagnosticFacts = [
  'host', 'addresses', 'interfaces', 'proxy', 'direct', 'milliseconds', 'tls', 'certificate', 'status', 'issuer', 'skewErp', 'skewProvider', 'keychain', 'size', 'documents', 'integrity', 'pulled', 'free', 'code', 'prometheus', 'alertmanager', 'loki',
] as const;

export const diagnosticStepSchema = z.object({
  id: z.enum(diagnosticStepIds),
  status: z.enum(['waiting', 'running', 'ok', 'warning', 'failed', 'skipped']),
  cause: z.enum(diagnosticCauses).nullable(),
  /** Values for the texts of the cause, and facts for the administration; never a secret, a name of a person or a document. */
  facts: z.partialRecord(z.enum(diagnosticFacts), z.string().max(300)),
});
export type DiagnosticStep = z.infer<typeof diagnosticStepSchema>;
export type StepOutcome = Omit<DiagnosticStep, 'id'>;

export const diagnosticReportSchema = z.object({
  /** Epoch milliseconds; both null before the first run. */
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  steps: z.array(diagnosticStepSchema),
});
export type DiagnosticReport = z.infer<typeof diagnosticReportSchema>;

export const freshReport: DiagnosticReport = { startedAt: null, endedAt: null, steps: diagnosticStepIds.map((id) => ({ id, status: 'waiting', cause: null, facts: {} })) };

import { z } from 'zod';
import { policyAct, policyPropose, unlockedCall } from '../call.ts';
import { jobSchema } from '../../domain/job.ts';
import { backupSchema, decisionSchema, openedChangeSchema, pastAlertSchema, proposalSchema, replayReportSchema, ruleChangeSchema, ruleRecordSchema, ruleVersionSchema, scenarioSchema, workingSetSchema } from '../../policy/records.ts';
import { rulesOriginSchema } from '../../policy/backup-file.ts';
import { largestChangeFile } from '../../policy/change-file.ts';
import { alertSchema, ruleSchema } from '../../policy/rule.ts';

const nothing = z.undefined();
const aged = <T extends z.ZodType>(value: T) => z.object({ value, source: z.enum(['server', 'cache']), fetchedAt: z.number() });
const alertsInfo = z.object({ count: z.number().int(), from: z.number().nullable(), to: z.number().nullable(), fetchedAt: z.number().nullable(), isGenerated: z.boolean(), unreadable: z.number().int() });
const reason = z.string().trim().max(2000);
/** Where nobody else looks at it, there is always one. */
const needed = reason.min(1);
/** The verdict on new automation that the person has read, see `verdictOf`: main works it out anew and refuses another. */
const confirmed = z.string().regex(/^(none|[0-9a-f]{64})$/);

/** The rules that the person has seen replaced, see `fingerprintOf`. */
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** Policies: read and tried out offline too; sent only online, against what the server has then. */
export const policyCalls = {
  /** All rules, in no order that matters. `features` says what of it this server can do. */
  'policy.rules': unlockedCall(nothing, aged(z.array(ruleRecordSchema))),
  'policy.features': unlockedCall(nothing, z.object({ versions: z.boolean(), drafts: z.boolean(), backups: z.boolean(), alerts: z.boolean(), timeZone: z.string() })),
  /** The edit in work; null when there is none. */
  'policy.working': unlockedCall(nothing, workingSetSchema.nullable()),
  'policy.saveWorking': unlockedCall(workingSetSchema.omit({ savedAt: true }).nullable(), z.object({ savedAt: z.number() })),
  'policy.scenarios': unlockedCall(nothing, z.array(scenarioSchema)),
  'policy.saveScenarios': unlockedCall(z.array(scenarioSchema).max(1000), z.null()),
  /**
   * Makes the changes active at once. Each is compared with what the server has now; one that somebody else changed stops
   * all of them with `server.preconditionFailed` before anything is sent, and so does automation beside the rules of now
   * that was not confirmed. One person does it alone: the reason stands in the journal, as an exception from four eyes.
   */
  'policy.apply': policyAct(z.object({ changes: z.array(ruleChangeSchema).min(1).max(10_000), reason: needed, confirmed }), aged(z.array(ruleRecordSchema))),
  /** Asks for a second person. `activateAt` in epoch milliseconds. */
  'policy.propose': policyPropose(z.object({ changes: z.array(ruleChangeSchema).min(1).max(10_000), reason: needed, activateAt: z.number().nullable() }), z.object({ id: z.string() })),
  'policy.proposals': unlockedCall(nothing, aged(z.array(proposalSchema))),
  'policy.decide': policyAct(z.object({ id: z.string(), verdict: z.enum(['approve', 'reject']), confirmed, reason: reason.optional() }), z.object({ state: proposalSchema.shape.state })),
  /**
   * Signs a change with the key of this computer and writes it into a file that the person chooses, for a second one to
   * apply; null when they cancel. `base` are the rules it was made on.
   */
  'policy.saveChange': policyPropose(z.object({ suggestedName: z.string().max(200), changes: z.array(ruleChangeSchema).min(1).max(10_000), reason: needed, base: z.array(ruleSchema).max(10_000) }), z.object({ path: z.string() }).nullable()),
  /** Reads such a file: whose it is, whether it is whole, and what it meets here. Changes nothing. */
  'policy.openChange': unlockedCall(z.object({ text: z.string().max(largestChangeFile + 1) }), openedChangeSchema),
  /** Applies such a file as `policy.apply` does. `isCompared`: the person has compared a key that was not known with its author. */
  'policy.applyChange': policyAct(z.object({ text: z.string().max(largestChangeFile), isCompared: z.boolean(), confirmed }), aged(z.array(ruleRecordSchema))),
  'policy.versions': unlockedCall(nothing, aged(z.array(ruleVersionSchema))),
  /** The server's own decision on an alert, by the rules that it has now. */
  'policy.test': unlockedCall(z.object({ alert: alertSchema, roles: z.array(z.string().max(64)).max(20) }), decisionSchema),
  /** Reads the alerts of the past into the cache, as a job. */
  'policy.pullAlerts': unlockedCall(nothing, jobSchema),
  'policy.alertsInfo': unlockedCall(nothing, alertsInfo),
  /** What recorded alerts tell a linter; null where there are none. */
  'policy.alertFacts': unlockedCall(nothing, z.object({ kpis: z.array(z.string()), withDelta: z.array(z.string()), roles: z.array(z.string()) }).nullable()),
  /** Makes up alerts over everything the rules can be asked, for servers that keep none. */
  'policy.generateAlerts': unlockedCall(z.object({ rules: z.array(ruleSchema).max(10_000) }), alertsInfo),
  /** Runs two rule sets over the alerts in the cache. */
  'policy.replay': unlockedCall(z.object({ before: z.array(ruleSchema).max(10_000), after: z.array(ruleSchema).max(10_000) }), replayReportSchema),
  /** Alerts by their place in the replay, for a closer look. */
  'policy.alerts': unlockedCall(z.object({ places: z.array(z.number().int().min(0)).max(200) }), z.array(pastAlertSchema)),
  'policy.backups': unlockedCall(nothing, aged(z.array(backupSchema))),
  'policy.createBackup': policyAct(nothing, z.object({ file: z.string() })),
  /** Where the rules here come from, for files of them. */
  'policy.origin': unlockedCall(nothing, rulesOriginSchema),
  /** Replaces every rule; those of a file only where they come from. A safety copy is made first; on servers that keep none it is the one of `policy.saveCopy`. Rules of a file are refused where those of now are others than `seen`, or automation was not confirmed. An exception from four eyes, as `policy.apply`. */
  'policy.restore': policyAct(z.union([z.object({ file: z.string(), reason: needed }), z.object({ rules: z.array(ruleSchema).min(1).max(10_000), origin: rulesOriginSchema.nullable(), reason: needed, seen: fingerprint, confirmed })]), z.object({ rules: z.array(ruleRecordSchema), safetyBackup: z.string().nullable() })),
  /** Writes the rules that the server has now into a file that the person chooses, as the copy before a restore; `of` says which they are. Null when they cancel. */
  'policy.saveCopy': unlockedCall(z.object({ suggestedName: z.string().max(200) }), z.object({ path: z.string(), of: fingerprint }).nullable()),
  /** Writes rules into a file that the person chooses; null when they cancel. */
  'policy.saveFile': unlockedCall(z.object({ suggestedName: z.string().max(200), text: z.string().max(20_000_000) }), z.object({ path: z.string() }).nullable()),
};

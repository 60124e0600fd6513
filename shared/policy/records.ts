import { z } from 'zod';
import { alertSchema, approverRoles, policyActions, ruleIdSchema, ruleSchema, severities } from './rule.ts';
import { changeKinds } from './compare.ts';

/** What the journal calls it when one person alone made rules active: the exception from four eyes. */
export const aloneAction = 'policy.alone';

/** A rule as the server holds it, with the version for If-Match where the server has one. */
export const ruleRecordSchema = z.object({ rule: ruleSchema, version: z.string().nullable() });
export type RuleRecord = z.infer<typeof ruleRecordSchema>;

/** One step of an edit. `base` is the rule it was made on: null for a new one. */
export const ruleChangeSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('upsert'), rule: ruleSchema, base: ruleRecordSchema.nullable() }),
  z.object({ op: z.literal('delete'), base: ruleRecordSchema }),
]);
export type RuleChange = z.infer<typeof ruleChangeSchema>;

export const decisionSchema = z.object({
  type: z.enum(['allow', 'deny']), reason: z.string(), execute: z.boolean(), needsApproval: z.boolean(), approverRoles: z.array(z.enum(approverRoles)), ruleId: z.string().nullable(),
  resolvedParams: z.record(z.string(), z.json()),
});

/** One version of one rule in the server's history; `rule` is null where it was deleted. Times in epoch milliseconds. */
export const ruleVersionSchema = z.object({ ruleId: z.string(), version: z.string(), author: z.string(), at: z.number(), reason: z.string().nullable(), rule: ruleSchema.nullable() });
export type RuleVersion = z.infer<typeof ruleVersionSchema>;

/**
 * A change file as it was opened here. `trust` is about the key that signed it: of this computer, compared before with its
 * author, compared before with somebody else, or never seen.
 */
export const openedChangeSchema = z.object({
  author: z.string(), at: z.number(), reason: z.string(), changes: z.array(ruleChangeSchema),
  key: z.object({ name: z.string(), trust: z.enum(['own', 'known', 'otherAuthor', 'unknown']), comparedWith: z.string().nullable() }),
  /** Made by the person who opened it: a second one must apply it. */
  isOwn: z.boolean(),
  /** Whether the rules are still exactly those that the author saw, and which of the changed ones are not. */
  isBaseSame: z.boolean(), stale: z.array(z.string()),
});
export type OpenedChange = z.infer<typeof openedChangeSchema>;

/** A change that waits for a second person. */
export const proposalSchema = z.object({
  id: z.string(), author: z.string(), at: z.number(), reason: z.string().nullable(),
  state: z.enum(['open', 'scheduled', 'approved', 'rejected', 'stale']),
  changes: z.array(z.discriminatedUnion('op', [z.object({ op: z.literal('upsert'), rule: ruleSchema }), z.object({ op: z.literal('delete'), id: ruleIdSchema })])),
  activateAt: z.number().nullable(), decidedBy: z.string().nullable(), decidedAt: z.number().nullable(), decisionReason: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

export const backupSchema = z.object({ file: z.string(), at: z.number().nullable(), rules: z.number().int().nullable() });
export type Backup = z.infer<typeof backupSchema>;

/** An alert of the past with the decision that was taken then. */
export const pastAlertSchema = z.object({ alert: alertSchema, at: z.number(), roles: z.array(z.string()), decided: decisionSchema.nullable() });

const count = z.number().int();
export const replayReportSchema = z.object({
  alerts: count, changed: count, counts: z.record(z.enum(changeKinds), count),
  groups: z.array(z.object({ kind: z.enum(changeKinds), kpiId: z.string(), before: z.string().nullable(), after: z.string().nullable(), count, examples: z.array(count) })),
  neverUsed: z.array(z.string()), drifted: z.array(count),
});

/** The edit that a person is working on, kept in the encrypted cache: it survives the window, the lock and the network. */
export const workingSetSchema = z.object({
  /** The server's rules that the edit began from. */
  base: z.array(ruleRecordSchema).max(10_000),
  rules: z.array(ruleSchema).max(10_000),
  reason: z.string().max(2000),
  savedAt: z.number(),
});
export type WorkingSet = z.infer<typeof workingSetSchema>;

/** One line of the table of expectations that is kept beside the rules and run on every change. */
export const scenarioSchema = z.object({
  id: z.uuid(), name: z.string().max(200), kpiId: z.string().max(200), severity: z.enum(severities), delta: z.number().nullable(), roles: z.array(z.string().max(64)).max(20),
  day: z.number().int().min(0).max(6), minute: z.number().int().min(0).max(1439),
  expected: z.object({ type: z.enum(['allow', 'deny']), execute: z.boolean(), ruleId: z.string().nullable(), action: z.enum(policyActions).nullable() }),
});
export type Scenario = z.infer<typeof scenarioSchema>;

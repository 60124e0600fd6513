import { randomUUID } from 'node:crypto';
import { idOfChange } from '../../shared/policy/change-file.ts';
import type { RuleChange, RuleRecord } from '../../shared/policy/records.ts';
import { isSameRule } from '../../shared/policy/rule.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { PolicyApi } from '../erp/types.ts';

export type SendPorts = {
  api: Pick<PolicyApi, 'put' | 'putAll' | 'remove'>;
  /** The rules as the server has them now. */
  fresh: () => Promise<readonly RuleRecord[]>;
  /** Does something and says in the journal what became of it. */
  noted: <T>(action: string, resource: string, work: () => Promise<T>) => Promise<T>;
  /** For the history of servers that keep one; others would store it as a part of the rule. */
  reason: string | null;
};

type Upsert = Extract<RuleChange, { op: 'upsert' }>;
type Step = { changes: readonly RuleChange[]; send: () => Promise<unknown> };

/** Marks the reason of a step that takes back, in a history that people of any language read. */
const takenBack = '↶';
/** How many rules a message names. */
const named = 20;

/**
 * Sends changes so that all of them are active afterwards, or none: where a step fails, those before it are taken back in
 * reverse order, and so is that one itself where only its answer was lost. New and changed rules go before deleted ones, so that
 * a renamed rule is never missing; where the server knows no versions they go in one request.
 * @throws AppFailure of the step that failed, when nothing of the change is active; of the same code but naming what is active, or
 *   may be, when that could not be achieved
 */
export async function sendChanges(changes: readonly RuleChange[], ports: SendPorts): Promise<void> {
  const done: RuleChange[] = [];
  for (const step of stepsOf(changes, ports)) {
    try {
      await step.send();
    } catch (error) {
      await takeBack(isUnsure(error) ? [...done, ...step.changes] : done, error, ports);
      throw error;
    }
    done.push(...step.changes);
  }
}

/** Whether the server may have done it all the same: no answer, or one of somebody who broke down over it. */
const isUnsure = (error: unknown): boolean => !(error instanceof AppFailure) || /^network\.|^server\.(failed|unavailable|unexpected|notJson)$/.test(error.error.code);

/**
 * Takes back what of the changes is active. Only that is touched: what somebody else has written meanwhile stays.
 * @throws AppFailure with the code of `error`, naming what is active or may be; returns when nothing of it is
 */
export async function takeBack(changes: readonly RuleChange[], error: unknown, ports: SendPorts): Promise<void> {
  const real = changes.filter((change) => change.op === 'delete' || change.base === null || !isSameRule(change.base.rule, change.rule));
  if (real.length === 0) return;
  const now = await readOrBlame(real, error, ports);
  const standing = real.toReversed().filter((change) => stands(change, now));
  for (const change of standing) {
    // One that cannot be taken back does not keep the others: what is left is read afterwards.
    await undo(change, now, ports).catch(() => undefined);
  }
  if (standing.length === 0) return;
  const after = await readOrBlame(standing, error, ports);
  const left = standing.filter((change) => stands(change, after));
  if (left.length > 0) throw told(error, 'halfApplied', left);
}

function stepsOf(changes: readonly RuleChange[], { api, noted, reason }: SendPorts): Step[] {
  const upserts = changes.filter((change): change is Upsert => change.op === 'upsert');
  const removed = changes.filter((change) => change.op === 'delete');
  const put = (change: Upsert): Step => ({
    changes: [change],
    send: () => noted('policy.upsert', `policy/${change.rule.id}`, () => api.put(change.rule, { version: change.base?.version ?? null, isNew: change.base === null, reason, idempotencyKey: randomUUID() })),
  });
  // The journal names each rule, however many go in one request.
  const putAll: Step = {
    changes: upserts,
    send: () => {
      let sent: Promise<void> | null = null;
      return Promise.all(upserts.map(({ rule }) => noted('policy.upsert', `policy/${rule.id}`, () => (sent ??= api.putAll(upserts.map((one) => one.rule), { idempotencyKey: randomUUID() })))));
    },
  };
  return [
    ...(reason !== null ? upserts.map(put) : upserts.length === 0 ? [] : [putAll]),
    ...removed.map((change): Step => ({
      changes: [change],
      send: () => noted('policy.delete', `policy/${change.base.rule.id}`, () => api.remove(change.base.rule.id, { version: change.base.version, reason, idempotencyKey: randomUUID() })),
    })),
  ];
}

const recordOf = (change: RuleChange, now: readonly RuleRecord[]): RuleRecord | undefined => now.find(({ rule }) => rule.id === idOfChange(change));

function stands(change: RuleChange, now: readonly RuleRecord[]): boolean {
  const current = recordOf(change, now);
  return change.op === 'delete' ? current === undefined : current !== undefined && isSameRule(current.rule, change.rule);
}

function undo(change: RuleChange, now: readonly RuleRecord[], { api, noted, reason }: SendPorts): Promise<void> {
  const id = idOfChange(change);
  const version = recordOf(change, now)?.version ?? null;
  const how = { version, reason: reason === null ? null : `${takenBack} ${reason}`, idempotencyKey: randomUUID() };
  const { base } = change;
  if (base === null) return noted('policy.delete', `policy/${id}`, () => api.remove(id, how));
  return noted('policy.upsert', `policy/${id}`, () => api.put(base.rule, { ...how, isNew: change.op === 'delete' }));
}

async function readOrBlame(changes: readonly RuleChange[], error: unknown, { fresh }: SendPorts): Promise<readonly RuleRecord[]> {
  try {
    return await fresh();
  } catch {
    throw told(error, 'maybeApplied', changes);
  }
}

function told(error: unknown, how: 'halfApplied' | 'maybeApplied', changes: readonly RuleChange[]): AppFailure {
  const ids = changes.map(idOfChange);
  const rules = `${ids.slice(0, named).join(', ')}${ids.length > named ? ` … (${ids.length})` : ''}`;
  const known = error instanceof AppFailure ? error.error : null;
  return failure(known?.code ?? 'app.internal', { ...known, messageKey: `errors.policy.${how}`, params: { rules } }, error);
}

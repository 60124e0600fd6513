import type { Api, Effect, Server } from './server.ts';

/** The header fields that people change in this world; `ref` names the draft that a document was made of. */
export const fields = ['a', 'b', 'c'] as const;
export type FieldName = (typeof fields)[number];

/** One piece of work of a person: a new document, or one change of a stored one. */
export type Work = {
  token: string; computer: string; draftId: string; isNew: boolean;
  field: FieldName;
  /** Every value that was typed into the field for this work. */
  values: Set<string>;
  /** What the person saw in the field before changing it. */
  seen: Set<string>;
  /** What the store has confirmed last, and what may have been stored without an answer. */
  acked: string; attempted: string;
  state: 'writing' | 'sent' | 'over';
  /** The person has knowingly put it over something else: it may be written again. */
  isDecided: boolean;
};

/** The longest time between being told the workflow and a writing that relies on it: limits and a new token lie between. */
const freshFor = 5 * 60_000;

export class Violation extends Error {}

const text = (wire: Record<string, unknown> | null, field: string): string => (typeof wire?.[field] === 'string' ? wire[field] : '');

/** What must hold whatever happens, watched while it happens. */
export class Watch {
  readonly works: Work[] = [];
  /** How often somebody confirmed an approval, by computer and number. */
  readonly confirms = new Map<string, number>();
  readonly #api: Api;
  readonly #server: Server;
  #broken: Violation | null = null;

  constructor(api: Api, server: Server) {
    this.#api = api;
    this.#server = server;
    server.onEffect = (effect) => { this.#judge(effect); };
  }

  /** @throws Violation the first one that was seen */
  check(): void {
    if (this.#broken !== null) throw this.#broken;
  }

  fail(what: string): void {
    this.#broken ??= new Violation(what);
  }

  #judge(effect: Effect): void {
    const server = this.#server;
    const name = `${effect.kind} of ${effect.number} by ${effect.client}`;
    if (effect.kind === 'create') {
      const ref = text(effect.after, 'ref');
      if (server.effects.some((former) => former.kind === 'create' && text(former.after, 'ref') === ref)) this.fail(`exactly one effect: ${ref} was created twice, now as ${effect.number}`);
    }
    if (effect.kind === 'update') this.#judgeUpdate(effect, name);
    if (effect.kind === 'transition') this.#judgeTransition(effect);
  }

  #judgeUpdate({ client, number, before, after, workflowSeenAt }: Effect, name: string): void {
    const { state, at } = this.#server.flow(number);
    // No server of this world refuses it, so what happens between being told and writing is excepted, and only that.
    if (state !== 'draft' && at !== null && (workflowSeenAt === null || at < workflowSeenAt || this.#server.now - workflowSeenAt > freshFor)) this.fail(`what is approved is what was seen: the ${name} changed it when it was ${state}`);
    for (const field of ['ref', ...fields]) {
      const [old, now] = [text(before, field), text(after, field)];
      if (old === now) continue;
      if (this.#api === 'shipped' && this.#isRace(client, number, field, old)) continue;
      const work = this.works.find((one) => one.computer === client && one.field === field && one.values.has(now));
      if (work === undefined) this.fail(`no silent overwrite: the ${name} took ${field} back from "${old}" to "${now}"`);
      else if (!work.seen.has(old) && !work.values.has(old)) this.fail(`no silent overwrite: the ${name} put ${now} over ${field} = "${old}", which nobody there has seen`);
      else if (!work.isDecided && this.#isRepeated(number, field, old, now)) this.fail(`exactly one effect: ${now} was written twice into ${number}`);
    }
  }

  /**
   * Without preconditions nobody can know that the same field was changed between reading and writing. That one moment is
   * excepted, and only that: whoever lost it may write again.
   */
  #isRace(client: string, number: string, field: string, lost: string): boolean {
    const change = this.#server.effects.findLast((former) => former.number === number && former.kind !== 'transition' && text(former.before, field) !== text(former.after, field));
    if (change === undefined || change.at < (this.#server.lastRead.get(`${client}/${number}`) ?? 0)) return false;
    for (const work of this.works) if (work.values.has(lost)) work.isDecided = true;
    return true;
  }

  /**
   * Whether this value was written before. Without versions it may be written again where somebody has put back what was
   * there at first: to its writer, who never got an answer, that looks as if nothing had happened.
   */
  #isRepeated(number: string, field: string, old: string, now: string): boolean {
    const changes = this.#server.effects.filter((former) => former.number === number && former.kind !== 'transition' && text(former.before, field) !== text(former.after, field));
    const first = changes.findIndex(({ after }) => text(after, field) === now);
    if (first < 0) return false;
    return this.#api === 'security' || text(changes[first]?.before ?? null, field) !== old;
  }

  #judgeTransition({ client, number, action, after }: Effect): void {
    if (after === null) this.fail(`order per document: ${String(action)} of ${number} before it was stored`);
    if (action !== 'approve') return;
    const name = `${client}/${number}`;
    const done = this.#server.effects.filter((former) => former.client === client && former.number === number && former.action === 'approve').length + 1;
    if (done > (this.confirms.get(name) ?? 0)) this.fail(`approvals never doubled: ${number} approved ${done} times, confirmed ${this.confirms.get(name) ?? 0} times`);
  }

  /** A draft that its person was told is stored must be in the store, or its effect on the server. */
  judgeDraft(work: Work, stored: string | null): void {
    if (work.state === 'over') return;
    const isOnServer = this.#server.effects.some(({ kind, after }) => kind !== 'transition' && (work.isNew ? text(after, 'ref') === work.token : work.values.has(text(after, work.field))));
    if (stored === null && !(work.state === 'sent' && isOnServer)) this.fail(`no acknowledged draft lost: ${work.token} is neither in the store of ${work.computer} nor on the server`);
    if (stored !== null && work.state === 'writing' && stored !== work.acked && stored !== work.attempted) this.fail(`no acknowledged draft lost: ${work.token} says "${stored}" instead of "${work.acked}"`);
  }
}

import { everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { workingHours } from '../../../shared/domain/working-hours.ts';
import { keptEntries, reviewRules, type Found, type FindingKind } from '../../../shared/security/review/finding.ts';

/** The log by column: times ascending, the rest as numbers of texts. */
export type LogFacts = {
  at: Float64Array;
  actor: Uint32Array;
  action: Uint32Array;
  resource: Uint32Array;
  outcome: Uint32Array;
  text: (code: number) => string;
  codeOf: (text: string) => number;
};
export type ReviewAnalysis = { entries: number; actors: number; found: Found[] };

const [minute, hour, day, quarterHour] = [60_000, 3_600_000, 86_400_000, 900_000];
/** What is done with rights that few have. */
const privileged = /^(?:policy\.(?!list|read|export|versions)|restore|backup\.restore|secret\.|gdpr\.|session\.endOthers)/;
/** What nobody does in bulk: a sign-in is not an action on anything. */
const single = /^(?:login|signIn|session\.)/;

function firstAt(at: Float64Array, moment: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] as number) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Day of the week and hour by local time, asked for once a quarter of an hour of the log. */
function localTime(): (at: number) => { weekday: number; hours: number } {
  let until = -1;
  let known = { weekday: 0, hours: 0 };
  return (at) => {
    if (at >= until || at < until - quarterHour) {
      const moment = new Date(at);
      known = { weekday: moment.getDay(), hours: moment.getHours() };
      until = (Math.floor(at / quarterHour) + 1) * quarterHour;
    }
    return known;
  };
}

/** Gathers the places of one finding after the other. */
class Gathered {
  readonly #facts: LogFacts;
  readonly #places = new Map<string, { actor: number; about: number; places: number[]; count: number; first: number; last: number }>();

  constructor(facts: LogFacts) {
    this.#facts = facts;
  }

  add(index: number, about: number): void {
    const actor = this.#facts.actor[index] as number;
    const name = `${actor} ${about}`;
    const at = this.#facts.at[index] as number;
    let entry = this.#places.get(name);
    if (entry === undefined) this.#places.set(name, entry = { actor, about, places: [], count: 0, first: at, last: at });
    entry.count += 1;
    entry.last = at;
    if (entry.places.length < keptEntries) entry.places.push(index);
  }

  found(kind: FindingKind, least: number, filter: (actor: string, about: string) => Partial<AuditFilter>): Found[] {
    return [...this.#places.values()].filter(({ count }) => count >= least).map(({ actor, about, places, count, first, last }) => {
      const [who, what] = [this.#facts.text(actor), this.#facts.text(about)];
      return { kind, actor: who, subject: what, count, first, last, indexes: places, filter: { ...everything, actor: who, from: first, to: last, ...filter(who, what) } };
    }).toSorted((a, b) => b.count - a.count || a.first - b.first);
  }
}

/**
 * What stands out in a period of the log: pure counting over its columns, so that a million entries take well under a second.
 * @param from epoch milliseconds, both included
 * @param readAt how far the log is known to have been read, so that silence at its end shows; null where that is not known
 */
export function analyse(facts: LogFacts, from: number, to: number, readAt: number | null = null): ReviewAnalysis {
  const [first, end] = [firstAt(facts.at, from), firstAt(facts.at, to + 1)];
  const actors = new Set(facts.actor.subarray(first, end));
  actors.delete(0);
  return {
    entries: end - first, actors: actors.size,
    found: [...silences(facts, first, end), ...trailingSilence(facts, end, readAt === null ? -Infinity : Math.min(to, readAt)), ...selfApprovals(facts, first, end), ...privilegeUse(facts, first, end), ...failures(facts, first, end), ...bulkActions(facts, first, end), ...unusualHours(facts, first, end, from)],
  };
}

function silences({ at }: LogFacts, first: number, end: number): Found[] {
  const found: Found[] = [];
  for (let index = Math.max(1, first); index < end; index++) {
    const [before, after] = [at[index - 1] as number, at[index] as number];
    if (after - before < reviewRules.silenceHours * hour) continue;
    found.push({ kind: 'silence', actor: '', subject: String(index), count: Math.round((after - before) / hour), first: before, last: after, indexes: [index - 1, index], filter: { ...everything, from: before, to: after } });
  }
  return found;
}

/** From the last entry until the end of the period, or until the log was read: a server that stopped writing down has no later entry to show it. */
function trailingSilence({ at }: LogFacts, end: number, until: number): Found[] {
  const last = at[end - 1];
  if (last === undefined || until - last < reviewRules.silenceHours * hour) return [];
  return [{ kind: 'silence', actor: '', subject: String(end), count: Math.round((until - last) / hour), first: last, last: until, indexes: [end - 1], filter: { ...everything, from: last, to: until } }];
}

/** Who approves what they have submitted last themselves, with a reason or without. A submission may lie before the period. */
function selfApprovals(facts: LogFacts, first: number, end: number): Found[] {
  const { actor, action, resource, outcome, codeOf } = facts;
  const [submit, approve, accepted] = [codeOf('submit'), codeOf('approve'), codeOf('accepted')];
  const submitter = new Map<number, number>();
  const gathered = new Gathered(facts);
  for (let index = 0; index < end; index++) {
    if (outcome[index] !== accepted) continue;
    const [what, on, who] = [action[index], resource[index] as number, actor[index] as number];
    if (what === submit) submitter.set(on, who);
    else if (what === approve && index >= first && submitter.get(on) === who) gathered.add(index, 0);
  }
  return gathered.found('selfApproval', 1, () => ({ action: 'approve', outcome: 'accepted' }));
}

function privilegeUse(facts: LogFacts, first: number, end: number): Found[] {
  const accepted = facts.codeOf('accepted');
  const is = memo((code) => privileged.test(facts.text(code)));
  const gathered = new Gathered(facts);
  for (let index = first; index < end; index++) if (facts.outcome[index] === accepted && is(facts.action[index] as number)) gathered.add(index, facts.action[index] as number);
  return gathered.found('privilege', 1, (_, action) => ({ action }));
}

function failures(facts: LogFacts, first: number, end: number): Found[] {
  const [refused, login] = [facts.codeOf('refused'), facts.codeOf('login')];
  const logins = new Gathered(facts);
  const others = new Gathered(facts);
  for (let index = first; index < end; index++) {
    if (facts.outcome[index] !== refused) continue;
    if (facts.action[index] === login) logins.add(index, login);
    else others.add(index, 0);
  }
  return [
    ...logins.found('failedLogin', reviewRules.failedEntries, (_, action) => ({ action, outcome: 'refused' })),
    ...others.found('failed', reviewRules.failedEntries, () => ({ outcome: 'refused' })),
  ];
}

function bulkActions(facts: LogFacts, first: number, end: number): Found[] {
  const { at, actor, action, outcome } = facts;
  const accepted = facts.codeOf('accepted');
  const isSingle = memo((code) => single.test(facts.text(code)));
  const places = new Map<number, number[]>();
  for (let index = first; index < end; index++) {
    const what = action[index] as number;
    if (outcome[index] !== accepted || isSingle(what)) continue;
    // Numbers of texts stay far below what a pair of them may take in a double.
    const name = (actor[index] as number) * 2 ** 26 + what;
    const known = places.get(name);
    if (known === undefined) places.set(name, [index]);
    else known.push(index);
  }
  const gathered = new Gathered(facts);
  for (const of of places.values()) {
    if (of.length < reviewRules.bulkEntries) continue;
    let added = 0;
    for (let last = reviewRules.bulkEntries - 1; last < of.length; last++) {
      const start = last - reviewRules.bulkEntries + 1;
      if ((at[of[last] as number] as number) - (at[of[start] as number] as number) > reviewRules.bulkMinutes * minute) continue;
      for (let each = Math.max(start, added); each <= last; each++) gathered.add(of[each] as number, action[of[each] as number] as number);
      added = last + 1;
    }
  }
  return gathered.found('bulk', 1, (_, name) => ({ action: name, outcome: 'accepted' }));
}

type Habit = { total: number; hours: Uint32Array; weekdays: Uint32Array };

/** Against the person's own hours of the time before; whoever has too little of that is held against the usual working hours. */
function unusualHours(facts: LogFacts, first: number, end: number, from: number): Found[] {
  const { at, actor } = facts;
  const local = localTime();
  const habits = new Map<number, Habit>();
  for (let index = firstAt(at, from - reviewRules.habitDays * day); index < first; index++) {
    const who = actor[index] as number;
    let habit = habits.get(who);
    if (habit === undefined) habits.set(who, habit = { total: 0, hours: new Uint32Array(24), weekdays: new Uint32Array(7) });
    const { weekday, hours } = local(at[index] as number);
    habit.total += 1;
    habit.hours[hours] = (habit.hours[hours] as number) + 1;
    habit.weekdays[weekday] = (habit.weekdays[weekday] as number) + 1;
  }
  const usual = new Map([...habits].filter(([, { total }]) => total >= reviewRules.habitEntries).map(([who, habit]) => [who, usualTimes(habit)]));
  const gathered = new Gathered(facts);
  for (let index = first; index < end; index++) {
    const { weekday, hours } = local(at[index] as number);
    const own = usual.get(actor[index] as number);
    const isUsual = own === undefined ? weekday !== 0 && weekday !== 6 && hours >= workingHours.from && hours < workingHours.to : own.hours[hours] === true && own.weekdays[weekday] === true;
    if (!isUsual) gathered.add(index, 0);
  }
  return gathered.found('unusualHours', 1, () => ({}));
}

function usualTimes({ total, hours, weekdays }: Habit): { hours: boolean[]; weekdays: boolean[] } {
  const least = (total * reviewRules.habitPerMille) / 1000;
  const around = (at: number): number => (hours[(at + 23) % 24] as number) + (hours[at] as number) + (hours[(at + 1) % 24] as number);
  return { hours: Array.from(hours, (_, at) => around(at) >= least), weekdays: Array.from(weekdays, (count) => count >= least) };
}

function memo(test: (code: number) => boolean): (code: number) => boolean {
  const known = new Map<number, boolean>();
  return (code) => {
    const before = known.get(code);
    if (before !== undefined) return before;
    const now = test(code);
    known.set(code, now);
    return now;
  };
}

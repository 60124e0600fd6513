import type { Connection } from '../../../main/host/db/connection.ts';
import { getDraft } from '../../../main/host/db/repos/drafts.ts';
import { Computer, type Sabotage } from './computer.ts';
import { fields, Violation, Watch } from './invariants.ts';
import { requestFaults } from './network.ts';
import { Person } from './person.ts';
import { Server, type Api } from './server.ts';
import { clearStore, openStore } from './store.ts';
import { Chance, Time } from './time.ts';

/** The 21 kinds of trouble: 16 happen to requests, five to computers and the server. */
export const faultKinds = [...requestFaults, 'clock skew', 'crash', 'diskFull', 'lost workflow', 'key expiry'] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Outcome = { seed: number; violation: string | null; faults: Map<string, number>; effects: number; trace: string[] };
export type WorldOptions = { seed: number; api: Api; sabotage?: Sabotage; isTraced?: boolean };

const hour = 3_600_000;
const stores: Connection[] = [];
const storeOf = (index: number): Connection => {
  const store = stores[index] ?? (stores[index] = openStore());
  clearStore(store);
  return store;
};

/** One run of a small world: two people with a computer each, one server, and much that goes wrong. */
export async function simulate({ seed, api, sabotage = {}, isTraced = false }: WorldOptions): Promise<Outcome> {
  const chance = new Chance(seed);
  const time = new Time();
  const server = new Server(api, time);
  const watch = new Watch(api, server);
  const faults = new Map<string, number>();
  const lines: string[] = [];
  const begin = time.now;
  const trace = (text: string): void => { if (isTraced) lines.push(`${((time.now - begin) / 1000).toFixed(3).padStart(10)}  ${text}`); };
  const happened = (fault: FaultKind): void => { faults.set(fault, (faults.get(fault) ?? 0) + 1); };
  const computers = ['K', 'L'].map((name, index) => new Computer({ name, api, server, time, chance, store: storeOf(index), happened, trace, sabotage }));
  const people = computers.map((computer) => new Person({ computer, watch, server, time, chance, trace }));

  const judgeDrafts = (): void => {
    for (const work of watch.works) {
      const store = computers.find(({ name }) => name === work.computer)?.store;
      const draft = store === undefined ? null : getDraft(store, work.draftId);
      const value: unknown = draft?.content.fields[work.field];
      watch.judgeDraft(work, draft === null ? null : typeof value === 'string' ? value : '');
    }
    watch.check();
  };

  /** What befalls one computer, between the deeds of its person. */
  const befall = async (computer: Computer): Promise<void> => {
    const what = chance.pick(['nothing', 'nothing', 'nothing', 'crash', 'offline', 'offline', 'skew', 'lock', 'long', 'weather', 'restart'] as const);
    switch (what) {
      case 'crash':
        computer.crash();
        judgeDrafts();
        await time.sleep(chance.below(2_000));
        await computer.start();
        break;
      case 'lock': await computer.restart(); break;
      case 'offline':
        computer.setOnline(false);
        await time.sleep(chance.below(120_000));
        computer.setOnline(true);
        break;
      case 'skew':
        happened('clock skew');
        computer.setSkew(chance.pick([-26, -5, -1, 0, 0.4, 3, 30]) * hour);
        break;
      case 'long':
        // Over a weekend: keys that were sent before are forgotten when it is over.
        happened('key expiry');
        computer.crash();
        await time.sleep(25 * hour + chance.below(48 * hour));
        await computer.start();
        break;
      case 'weather':
        computer.faultiness = chance.pick([0, 0.1, 0.3, 0.6]);
        computer.fullness = chance.pick([0, 0, 0.1, 0.4]);
        computer.slowness = chance.pick([0, 0.3]);
        break;
      case 'restart':
        if (api === 'shipped') {
          happened('lost workflow');
          trace('the server loses its workflow');
          server.loseWorkflow();
        }
        break;
      default:
    }
  };

  const live = async (person: Person, computer: Computer): Promise<void> => {
    computer.faultiness = chance.pick([0, 0.1, 0.3, 0.5]);
    computer.fullness = chance.pick([0, 0, 0.1]);
    computer.slowness = chance.pick([0, 0.3]);
    await computer.start();
    for (let deeds = 4 + chance.below(6); deeds > 0; deeds--) {
      await person.act();
      await time.sleep(chance.below(4_000));
      await befall(computer);
      watch.check();
    }
  };

  const settleDown = async (): Promise<void> => {
    for (const computer of computers) {
      Object.assign(computer, { faultiness: 0, fullness: 0, slowness: 0 });
      computer.setSkew(0);
      computer.setOnline(true);
    }
    trace('quiet');
    await time.sleep(10 * 60_000);
    for (let round = 0; round < 12; round++) {
      for (const person of people) await person.mend();
      for (const computer of computers) computer.run.offline.outbox.kick();
      await time.sleep(6 * 60_000);
      watch.check();
      if (computers.every(({ run }) => run.offline.outbox.entries().length === 0)) return;
    }
    const left = computers.flatMap(({ name, run }) => run.offline.outbox.entries().map(({ kind, state, key, error }) => `${name} ${kind} ${key.number} ${state} ${error?.code ?? ''}`));
    watch.fail(`convergence after quiet: the outbox still holds ${left.join('; ')}`);
  };

  const compareCaches = async (): Promise<void> => {
    for (const { name, run } of computers) {
      // A new session, as after a refusal that was none.
      await run.pull.restore();
      if (api === 'security') await run.pull.pull();
      for (const { body } of server.documents.values()) {
        const key = { type: 'sales_order', number: body.number } as const;
        const record = api === 'security' ? await run.host.documents.get(key) : await run.documents.reread(key);
        if (record === null) watch.fail(`no word of a gateway believed: ${name} has dropped ${body.number}, which the server has`);
        const differs = ['ref', ...fields].find((field) => (record?.document.fields[field] ?? '') !== (body[field] ?? ''));
        if (differs !== undefined) watch.fail(`convergence after quiet: ${name} has another ${differs} of ${body.number} than the server`);
        if (record?.workflow?.state !== undefined && record.workflow.state !== server.flow(body.number).state) watch.fail(`convergence after quiet: ${name} takes ${body.number} for ${record.workflow.state}`);
      }
    }
  };

  let isOver = false;
  let failed: unknown = null;
  const scenario = async (): Promise<void> => {
    await Promise.all(people.map((person, index) => live(person, computers[index] as Computer)));
    judgeDrafts();
    await settleDown();
    judgeDrafts();
    await compareCaches();
    watch.check();
  };
  scenario().catch((error: unknown) => { failed = error; }).finally(() => { isOver = true; });
  try {
    await time.run(() => isOver);
    watch.check();
  } catch (error) {
    failed = error;
  }
  for (const { run } of computers) run.clock.isAlive = false;
  const violation = failed === null ? null : failed instanceof Violation ? failed.message : failed instanceof Error ? `${failed.message}\n${failed.stack ?? ''}` : 'unknown';
  return { seed, violation, faults, effects: server.effects.length, trace: lines };
}

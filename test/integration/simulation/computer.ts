import type { Connection } from '../../../main/host/db/connection.ts';
import { DocumentsService } from '../../../main/documents/documents.ts';
import { OfflineWork } from '../../../main/documents/offline-work.ts';
import { WorkflowService } from '../../../main/documents/workflow.ts';
import { Emitter } from '../../../main/emitter.ts';
import { createErp } from '../../../main/erp/index.ts';
import type { TokenSource } from '../../../main/erp/ports.ts';
import type { Erp } from '../../../main/erp/types.ts';
import type { DataHost } from '../../../main/host/client.ts';
import { silentLog } from '../../../main/log/log.ts';
import { PullEngine } from '../../../main/sync/pull.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { Account } from '../../../shared/domain/session.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { createNetwork, type RequestFault } from './network.ts';
import type { Api, Request, Server } from './server.ts';
import { simulatedHost, type SimulatedHost } from './store.ts';
import { SkewedClock, type Chance, type Time } from './time.ts';

/** What goes wrong on purpose in a whole variant of the program, to see that the invariants notice. */
export type Sabotage = { tamper?: (request: Request) => Request; erp?: (erp: Erp) => Erp; host?: (host: SimulatedHost) => SimulatedHost };

export type ComputerOptions = {
  name: string; api: Api; server: Server; time: Time; chance: Chance; store: Connection;
  happened: (fault: RequestFault | 'crash' | 'diskFull') => void;
  trace: (text: string) => void;
  sabotage: Sabotage;
};

/** One run of the program, from its start to its end or crash. */
type Run = { died: Promise<void>; die: () => void; clock: SkewedClock; erp: Erp; host: SimulatedHost; documents: DocumentsService; workflow: WorkflowService; offline: OfflineWork; pull: PullEngine };

/** One person's computer: its disk outlives the program, its network and clock have their moods. */
export class Computer {
  readonly name: string;
  readonly store: Connection;
  isOnline = true;
  faultiness = 0;
  /** Share of writes that find the disk full, and of calls to the store that take a while. */
  fullness = 0;
  slowness = 0;
  skew = 0;
  /** A confirm of the person is under way; nothing else may decide. */
  isDeciding = false;
  run: Run;
  readonly #options: ComputerOptions;

  constructor(options: ComputerOptions) {
    this.name = options.name;
    this.store = options.store;
    this.#options = options;
    this.run = this.#start();
  }

  /** The program starts on what the disk holds. */
  async start(): Promise<void> {
    await this.run.offline.start();
  }

  /** Killed: nothing it was doing goes on, nobody gets an answer; what the server and the disk have stays. */
  crash(): void {
    this.#options.happened('crash');
    this.#options.trace(`${this.name} crashes`);
    this.#end();
  }

  /** Signed out for the moment, or locked: everything comes to rest first. */
  async restart(): Promise<void> {
    this.#options.trace(`${this.name} locks`);
    await this.run.offline.stop();
    this.#end();
    await this.start();
  }

  #end(): void {
    const { clock, die } = this.run;
    clock.isAlive = false;
    this.run = this.#start();
    die();
  }

  setSkew(ms: number): void {
    this.skew = ms;
    this.run.clock.skew = ms;
  }

  setOnline(isOnline: boolean): void {
    const isBack = isOnline && !this.isOnline;
    this.isOnline = isOnline;
    this.#options.trace(`${this.name} is ${isOnline ? 'online' : 'offline'}`);
    if (isBack) this.run.offline.back();
  }

  #start(): Run {
    const { name, api, server, time, chance, store, happened, trace, sabotage } = this.#options;
    const clock = new SkewedClock(time);
    clock.skew = this.skew;
    const never = new Promise<never>(() => undefined);
    const pause = (): Promise<void> => (chance.is(this.slowness) ? time.sleep(chance.below(300)) : Promise.resolve());
    const pass = async <T>(work: () => T): Promise<T> => {
      await pause();
      if (!clock.isAlive) return never;
      const result = work();
      await pause();
      return clock.isAlive ? result : never;
    };
    const isFull = (): boolean => {
      if (!chance.is(this.fullness)) return false;
      happened('diskFull');
      trace(`${name} disk full`);
      return true;
    };
    const plain = simulatedHost(store, { pass, isFull });
    const host = sabotage.host?.(plain) ?? plain;
    const network = createNetwork({ client: name, api, server, time, chance, faultiness: () => this.faultiness, isUp: () => this.isOnline, happened, trace, ...(sabotage.tamper === undefined ? {} : { tamper: sabotage.tamper }) });
    // An answer that comes after the crash meets nobody.
    const fetch: typeof network = (url, init) => (clock.isAlive ? network(url, init).then((answer) => (clock.isAlive ? answer : never), (error: unknown) => { if (clock.isAlive) throw error; return never; }) : never);
    const tokens: TokenSource = {
      accessToken: () => Promise.resolve('token'),
      refreshNow: () => (chance.is(0.3 * Math.min(1, this.faultiness * 4)) ? Promise.reject(failure('session.expired')) : Promise.resolve('token')),
    };
    const made = createErp({ baseUrl: 'http://erp', fetch, tokens, clock, log: silentLog, random: chance.next });
    const erp = sabotage.erp?.(made) ?? made;
    const account: Account = { id: name, subject: name, userName: name, displayName: name, email: null, roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token', tenantId: null };
    const documentsChanged = new Emitter<DocumentKey[] | null>();
    const documents = new DocumentsService({ erp, host: host as unknown as DataHost, changed: documentsChanged, isOnline: () => this.isOnline, tenantId: () => null, now: clock.now, after: clock.after, log: silentLog });
    const workflow = new WorkflowService({ erp, host: host as unknown as DataHost, documents, account: () => account, journal: { note: () => undefined }, now: clock.now });
    const offline = new OfflineWork({
      erp, host: host as unknown as DataHost, documents, workflow, documentsChanged, isOnline: () => this.isOnline, account: () => account, journal: { note: () => undefined }, clock, log: silentLog, random: chance.next, uuid: chance.uuid,
    });
    const pull = new PullEngine({
      now: clock.now, log: silentLog, canList: () => true, mayRead: (type) => type === 'sales_order',
      fetchPage: (type, { updatedSince, cursor, limit, signal }) => erp.documents.page(type, { limit, signal, ...(cursor === null ? {} : { cursor }), ...(updatedSince === null ? {} : { updatedSince }) }),
      fetchTotal: async (type, signal) => (await erp.documents.list(type, { limit: 1, signal })).total,
      store: host.pull, count: () => host.documents.count(),
    });
    let die = (): void => undefined;
    const died = new Promise<void>((resolve) => { die = resolve; });
    return { died, die, clock, erp, host, documents, workflow, offline, pull };
  }
}

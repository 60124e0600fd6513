import type { Log } from '../log/log.ts';
import { AppFailure, appError, failure } from '../../shared/ipc/errors.ts';
import { replySchema, type Answers, type Method, type OpenAnswer, type Params } from './protocol.ts';

/** One running data host, however it was started. */
export type HostPort = {
  /** Process id, for the log and for tests. */
  pid?: number | null;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
};

/** What the client tells the log; never a key or a row. */
export type HostLog = Pick<Log, 'info' | 'warn' | 'error'>;

type OpenParams = { path: string; key: Uint8Array };

export type HostProcessOptions = {
  spawn: () => HostPort;
  log: HostLog;
  onReopen?: () => Promise<OpenParams | null>;
  onReopened?: (answer: OpenAnswer) => void;
};

type Pending = { method: Method; resolve(value: unknown): void; reject(error: AppFailure): void };

/** More restarts than this in the window mean that starting again does not help. */
const restartLimit = 3;
const restartWindow = 60_000;

/** Keeps one host process alive and matches its replies to calls. */
export class HostProcess {
  readonly #options: HostProcessOptions;
  readonly #pending = new Map<number, Pending>();
  #port: HostPort | null = null;
  #nextId = 0;
  /** True from a successful open until close: a crash in between opens again. */
  #opened = false;
  /** Calls wait for this while the database is opened again after a crash. */
  #reopening: Promise<void> | null = null;
  #restarts: number[] = [];
  #refusing = false;
  #disposed = false;

  constructor(options: HostProcessOptions) {
    this.#options = options;
  }

  async call<M extends Method>(method: M, params: unknown): Promise<Answers[M]> {
    if (this.#reopening !== null) await this.#reopening;
    if (!this.#opened) throw failure('database.unavailable');
    return this.#send(method, params);
  }

  /** Opening by hand also ends the refusal after too many crashes: a person asked for it. */
  async open(params: OpenParams): Promise<OpenAnswer> {
    if (this.#reopening !== null) await this.#reopening;
    this.#refusing = false;
    this.#restarts = [];
    this.#opened = false;
    const answer = await this.#send('open', params satisfies Params<'open'>);
    this.#opened = true;
    return answer;
  }

  /** Starts the process ahead of the first call, which would start it otherwise. */
  start(): void {
    if (!this.#disposed && !this.#refusing) this.#start();
  }

  async close(): Promise<void> {
    if (this.#reopening !== null) await this.#reopening;
    if (!this.#opened) return;
    this.#opened = false;
    // A process that is gone holds nothing open.
    if (this.#port !== null) await this.#send('close', undefined);
  }

  /** Closes the database and ends the process. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    await this.close().catch((error: unknown) => { this.#options.log.warn('data host did not close', { error: codeOf(error) }); });
    this.#disposed = true;
    const port = this.#port;
    if (port === null) return;
    await new Promise<void>((resolve) => {
      port.onExit(() => { resolve(); });
      port.kill();
    });
  }

  #send<M extends Method>(method: M, params: unknown): Promise<Answers[M]> {
    if (this.#disposed || this.#refusing) return Promise.reject(failure('database.unavailable'));
    const port = this.#start();
    const id = ++this.#nextId;
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      port.send({ id, method, params });
    }) as Promise<Answers[M]>;
  }

  #start(): HostPort {
    if (this.#port !== null) return this.#port;
    const port = this.#options.spawn();
    this.#port = port;
    port.onMessage((message) => { this.#receive(message); });
    port.onExit((code) => { this.#exited(port, code); });
    this.#options.log.info('data host started', { pid: port.pid ?? null });
    return port;
  }

  #receive(message: unknown): void {
    const reply = replySchema.safeParse(message);
    if (!reply.success) return;
    const pending = this.#pending.get(reply.data.id);
    if (pending === undefined) return;
    this.#pending.delete(reply.data.id);
    if (reply.data.ok) {
      pending.resolve(reply.data.value);
      return;
    }
    const { error } = reply.data;
    if (error.code === 'database.damaged' && pending.method !== 'open' && this.#opened) {
      this.#options.log.error('database damaged', { method: pending.method });
      this.#reopen();
    }
    pending.reject(new AppFailure(error));
  }

  #exited(port: HostPort, code: number | null): void {
    if (this.#port !== port) return;
    this.#port = null;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    if (!this.#disposed) {
      this.#options.log.error('data host ended unexpectedly', { code, lostCalls: lost.length });
      const now = Date.now();
      this.#restarts = [...this.#restarts.filter((at) => now - at < restartWindow), now];
      this.#refusing = this.#restarts.length > restartLimit;
      if (this.#refusing) this.#options.log.error('data host keeps crashing, not started again', { restarts: this.#restarts.length });
      else if (this.#opened && this.#reopening === null) this.#reopen();
    }
    for (const { reject } of lost) reject(new AppFailure(appError('database.unavailable')));
  }

  #reopen(): void {
    if (this.#reopening !== null) return;
    this.#opened = false;
    this.#reopening = this.#openAgain().finally(() => { this.#reopening = null; });
  }

  async #openAgain(): Promise<void> {
    const { onReopen, onReopened, log } = this.#options;
    for (let attempt = 0; attempt < restartLimit; attempt++) {
      let params: OpenParams | null = null;
      try {
        params = (await onReopen?.()) ?? null;
        if (params === null) return;
        const answer = await this.#send('open', params);
        this.#opened = true;
        log.info('database opened again', { salvaged: answer.salvage !== null });
        onReopened?.(answer);
        return;
      } catch (error) {
        log.error('database could not be opened again', { error: codeOf(error) });
        // Only a crash while opening is worth another attempt; it is counted like every other.
        if (!(error instanceof AppFailure) || error.error.code !== 'database.unavailable') return;
      } finally {
        params?.key.fill(0);
      }
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof AppFailure ? error.error.code : error instanceof Error ? error.name : 'unknown');

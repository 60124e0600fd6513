import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleRecords } from '../../test/fixtures/documents.ts';
import { appError, AppFailure } from '../../shared/ipc/errors.ts';
import { createDataHost, type DataHost, type HostPort } from './client.ts';

type Sent = { id: number; method: string; params: Record<string, unknown> };

/** A host process played by the test: it sees what is sent and decides what is answered. */
class FakePort implements HostPort {
  readonly sent: Sent[] = [];
  answer: (request: Sent) => unknown = () => null;
  #message: (message: unknown) => void = () => undefined;
  readonly #exit: ((code: number | null) => void)[] = [];
  send(message: unknown): void {
    const request = structuredClone(message) as Sent;
    this.sent.push(request);
    const value = this.answer(request);
    if (value === silence) return;
    queueMicrotask(() => {
      this.#message(value instanceof AppFailure ? { id: request.id, ok: false, error: value.error } : { id: request.id, ok: true, value });
    });
  }
  onMessage(listener: (message: unknown) => void): void { this.#message = listener; }
  onExit(listener: (code: number | null) => void): void { this.#exit.push(listener); }
  kill(): void { this.crash(); }
  crash(): void { for (const listener of this.#exit) listener(null); }
}

const silence = Symbol('no answer');
const opened = { created: false, migratedFrom: null, salvage: null };
const usual = ({ method }: Sent): unknown => (method === 'open' ? opened : method === 'documents.put' ? { changed: [] } : method === 'documents.count' ? 5 : null);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let ports: FakePort[];
let answer: FakePort['answer'];
const reopened = vi.fn();
let lent: Uint8Array[];

function newHost(): DataHost {
  return createDataHost({
    spawn: () => {
      const port = new FakePort();
      port.answer = (request) => answer(request);
      ports.push(port);
      return port;
    },
    log,
    onReopen: async () => {
      const key = new Uint8Array(32).fill(3);
      lent.push(key);
      return { path: 'file', key };
    },
    onReopened: reopened,
  });
}

beforeEach(() => {
  ports = [];
  lent = [];
  answer = usual;
  reopened.mockReset();
});

const port = (): FakePort => ports.at(-1) as FakePort;
const open = async (host: DataHost): Promise<void> => { await host.open({ path: 'file', key: new Uint8Array(32).fill(3) }); };

describe('the client', () => {
  it('starts the process with the first call only, and refuses calls before opening', async () => {
    const host = newHost();
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    expect(ports).toHaveLength(0);
    await open(host);
    expect(await host.documents.count()).toBe(5);
    expect(ports).toHaveLength(1);
  });

  it('leaves the key of the caller alone and sends a copy', async () => {
    const host = newHost();
    const key = new Uint8Array(32).fill(9);
    await host.open({ path: 'file', key });
    expect(key.every((byte) => byte === 9)).toBe(true);
    expect(port().sent[0]?.params['key']).toEqual(key);
  });

  it('sends many records in parts of one batch', async () => {
    const host = newHost();
    await open(host);
    await host.documents.put([...sampleRecords(250)]);
    const parts = port().sent.filter(({ method }) => method === 'documents.put').map(({ params }) => [params['batch'], params['first'], params['last'], (params['records'] as unknown[]).length]);
    expect(parts).toEqual([[1, true, false, 100], [1, false, false, 100], [1, false, true, 50]]);
    await host.documents.put([]);
    expect(port().sent.filter(({ method }) => method === 'documents.put')).toHaveLength(3);
  });

  it('cancels a batch between its parts', async () => {
    const host = newHost();
    await open(host);
    const controller = new AbortController();
    answer = (request) => {
      if (request.method === 'documents.put') controller.abort();
      return usual(request);
    };
    await expect(host.documents.put([...sampleRecords(250)], { signal: controller.signal })).rejects.toMatchObject({ error: { code: 'call.cancelled' } });
    expect(port().sent.map(({ method }) => method)).toEqual(['open', 'documents.put', 'cancelBatch']);
  });

  it('rejects what was under way in a crash, opens again and wipes the lent key', async () => {
    const host = newHost();
    await open(host);
    answer = (request) => (request.method === 'documents.count' ? silence : usual(request));
    const lost = host.documents.count();
    await Promise.resolve();
    port().crash();
    await expect(lost).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    answer = usual;
    expect(await host.documents.count()).toBe(5);
    expect(ports).toHaveLength(2);
    expect(reopened).toHaveBeenCalledWith(opened);
    expect(lent.every((key) => key.every((byte) => byte === 0))).toBe(true);
  });

  it('refuses to start a host again that keeps crashing, until it is opened by hand', async () => {
    const host = newHost();
    await open(host);
    for (let crash = 0; crash < 4; crash++) {
      port().crash();
      await host.documents.count().catch(() => null);
    }
    expect(ports).toHaveLength(4);
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    await host.close();
    expect(ports).toHaveLength(4);
    await open(host);
    expect(await host.documents.count()).toBe(5);
  });

  it('does not loop when the host crashes at every opening', async () => {
    const host = newHost();
    await open(host);
    answer = (request) => {
      if (request.method === 'open') queueMicrotask(() => { port().crash(); });
      return silence;
    };
    port().crash();
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    expect(ports.length).toBeLessThanOrEqual(4);
  });

  it('opens again after damage and tells what was saved', async () => {
    const host = newHost();
    await open(host);
    const salvaged = { ...opened, created: true, salvage: { keptAs: 'aside', recovered: 3 } };
    answer = (request) => (request.method === 'open' ? salvaged : new AppFailure(appError('database.damaged')));
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.damaged' } });
    answer = usual;
    expect(await host.documents.count()).toBe(5);
    expect(reopened).toHaveBeenCalledWith(salvaged);
    expect(ports, 'the process itself is well').toHaveLength(1);
  });

  it('stays closed after close and after dispose', async () => {
    const host = newHost();
    await open(host);
    await host.close();
    port().crash();
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    expect(reopened).not.toHaveBeenCalled();
    await open(host);
    await host.dispose();
    await expect(host.open({ path: 'file', key: new Uint8Array(32) })).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    await host.dispose();
  });
});

import { describe, expect, it } from 'vitest';
import { failure, type AppError } from '../../shared/ipc/errors.ts';
import { silentLog } from '../log/log.ts';
import { readEvents } from './events.ts';
import { createManualClock } from './manual-clock.ts';
import type { WorkflowEvent } from './types.ts';

/** A server with one stream at a time that the test writes into. */
function setUp() {
  const clock = createManualClock();
  const connections: { headers: Record<string, string>; write(text: string): void; end(): void; signal: AbortSignal }[] = [];
  const server = { refuse: null as Error | null, contentType: 'text/event-stream' };
  const events: WorkflowEvent[] = [];
  const statuses: { live: boolean; error: AppError | null }[] = [];
  let gaps = 0;
  const stop = readEvents({
    clock, log: silentLog, random: () => 0.5,
    onEvent: (event) => events.push(event), onStatus: (status) => statuses.push(status), onGap: () => { gaps++; },
    http: {
      async open(_path, headers, signal) {
        if (server.refuse !== null) throw server.refuse;
        let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
        const body = new ReadableStream<Uint8Array>({ start(made) { controller = made; } });
        signal.addEventListener('abort', () => { try { controller?.error(new DOMException('aborted', 'AbortError')); } catch { /* already over */ } });
        connections.push({ headers, signal, write: (text) => controller?.enqueue(new TextEncoder().encode(text)), end: () => controller?.close() });
        return new Response(body, { headers: { 'content-type': server.contentType } });
      },
    },
  });
  const settle = async () => { for (let turn = 0; turn < 3; turn++) { await new Promise((resolve) => { setImmediate(resolve); }); await clock.advance(0); } };
  return { clock, connections, server, events, statuses, gaps: () => gaps, stop, settle, last: () => connections.at(-1) ?? (() => { throw new Error('no connection'); })() };
}

const event = (id: number | null, number: string, extra = {}) =>
  `${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify({ ...(id === null ? {} : { id: String(id) }), ts: 1_795_000_000.5, source: 'workflow', topic: 'workflow', domain: 'sales', number, action: 'submit', fromState: 'draft', toState: 'pending', ...extra })}\n\n`;

describe('event stream', () => {
  it('reads events across chunk borders and skips what is none', async () => {
    const { last, events, statuses, settle, stop } = setUp();
    await settle();
    last().write('data: {"type":"connected","channel":"workflow"}\n\n: keepalive\n\n');
    const text = event(1, 'SO-Ü1');
    last().write(text.slice(0, 30));
    last().write(`${text.slice(30)}data: not json\n\ndata: {"topic":"other"}\n\n${event(2, 'SO-2')}`);
    await settle();
    expect(events.map(({ number, id }) => [id, number])).toEqual([['1', 'SO-Ü1'], ['2', 'SO-2']]);
    expect(events[0]).toMatchObject({ at: 1_795_000_000_500, domain: 'sales', action: 'submit', from: 'draft', to: 'pending' });
    expect(statuses).toEqual([{ live: true, error: null }]);
    await stop();
  });

  it('asks for what it missed where events are numbered, without calling it a gap', async () => {
    const { last, connections, clock, settle, stop, gaps, events, statuses } = setUp();
    await settle();
    last().write(event(7, 'SO-1'));
    await settle();
    last().end();
    await settle();
    expect(statuses.at(-1)?.live).toBe(false);
    await clock.advance(2000);
    await settle();
    expect(connections).toHaveLength(2);
    expect(last().headers['Last-Event-ID']).toBe('7');
    last().write(event(7, 'SO-1') + event(8, 'SO-2'));
    await settle();
    expect(events.map(({ id }) => id)).toEqual(['7', '8']);
    expect(gaps()).toBe(0);
    await stop();
  });

  it('reports a gap and drops repetitions where they are not', async () => {
    const { last, clock, settle, stop, gaps, events } = setUp();
    await settle();
    last().write(event(null, 'SO-1') + event(null, 'SO-1') + event(null, 'SO-1', { action: 'approve' }));
    await settle();
    expect(events).toHaveLength(2);
    expect(gaps()).toBe(0);
    last().end();
    await settle();
    await clock.advance(2000);
    await settle();
    expect(gaps()).toBe(1);
    await stop();
  });

  it('takes 75 seconds of silence for a dead line, and a comment for life', async () => {
    const { last, connections, clock, settle, stop, statuses } = setUp();
    await settle();
    for (let minute = 0; minute < 4; minute++) {
      await clock.advance(60_000);
      last().write(': keepalive\n\n');
      await settle();
    }
    expect(connections).toHaveLength(1);
    await clock.advance(75_000);
    await settle();
    expect(statuses.at(-1)).toMatchObject({ live: false, error: { code: 'network.timeout' } });
    await clock.advance(2000);
    await settle();
    expect(connections).toHaveLength(2);
    await stop();
  });

  it('tries again with growing delays while the server is away', async () => {
    const { server, clock, settle, stop, statuses, connections, last } = setUp();
    await settle();
    server.refuse = failure('network.unreachable');
    last().end();
    await settle();
    for (let minute = 0; minute < 10; minute++) { await clock.advance(60_000); await settle(); }
    expect(statuses.length).toBeGreaterThan(8);
    expect(statuses.length).toBeLessThan(20);
    expect(statuses.at(-1)).toMatchObject({ live: false, error: { code: 'network.unreachable' } });
    server.refuse = null;
    await clock.advance(61_000);
    await settle();
    expect(connections).toHaveLength(2);
    expect(statuses.at(-1)).toEqual({ live: true, error: null });
    await stop();
  });

  it('takes an answer of another type for a failure', async () => {
    const { server, last, clock, settle, stop, statuses } = setUp();
    await settle();
    server.contentType = 'text/html';
    last().end();
    await settle();
    await clock.advance(2000);
    await settle();
    expect(statuses.at(-1)).toMatchObject({ live: false, error: { code: 'server.unexpected' } });
    await stop();
  });

  it('ends completely', async () => {
    const { last, clock, settle, stop, events } = setUp();
    await settle();
    const connection = last();
    await stop();
    expect(connection.signal.aborted).toBe(true);
    expect(clock.pending()).toBe(0);
    expect(events).toEqual([]);
  });
});

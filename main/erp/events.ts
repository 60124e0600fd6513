import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { domains } from '../../shared/domain/document-types.ts';
import { AppFailure, appError, type AppError } from '../../shared/ipc/errors.ts';
import type { Log } from '../log/log.ts';
import type { ErpHttp } from './http.ts';
import { networkErrorOf } from './network-errors.ts';
import type { Clock } from './ports.ts';
import { instantOf } from './time.ts';
import type { EventStreamOptions, WorkflowEvent } from './types.ts';

export type EventReaderOptions = EventStreamOptions & { http: Pick<ErpHttp, 'open'>; clock: Clock; log: Log; random: () => number };

/** The server sends a comment every 30 s; after two and a half of these the line is dead, whatever TCP believes. */
const silenceMs = 75_000;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
const maxEventBytes = 256 * 1024;
/** Events remembered for recognising repetitions. */
const rememberedEvents = 500;

const eventSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String).nullish(),
  ts: z.union([z.string(), z.number()]).nullish(),
  topic: z.literal('workflow'),
  domain: z.enum(domains),
  number: z.string().min(1).max(64),
  action: z.string().max(40),
  fromState: z.string().max(40).nullish(),
  toState: z.string().max(40).nullish(),
});

function workflowEvent(data: string, now: number): WorkflowEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return null;
  const { id, ts, domain, number, action, fromState, toState } = parsed.data;
  return { id: id ?? null, at: instantOf(ts) ?? now, domain, number, action, from: fromState ?? null, to: toState ?? null };
}

/**
 * Reads the server's event stream until told to stop: reconnects with growing, jittered delays, asks for what was missed
 * where the server numbers its events, and reports a gap where it does not.
 * @returns a function that ends the stream and resolves when nothing runs any more.
 */
export function readEvents({ http, clock, log, random, onEvent, onStatus, onGap }: EventReaderOptions): () => Promise<void> {
  const stop = new AbortController();
  const seen = new Set<string>();
  let lastEventId: string | null = null;
  let wasLive = false;

  /** Servers without ids repeat nothing by themselves, but a proxy may; the content is the identity then. */
  function isRepeated(event: WorkflowEvent): boolean {
    const identity = event.id ?? JSON.stringify([event.at, event.domain, event.number, event.action, event.from, event.to]);
    if (seen.has(identity)) return true;
    seen.add(identity);
    if (seen.size > rememberedEvents) for (const oldest of seen) { seen.delete(oldest); break; }
    return false;
  }

  /** One connection from opening to its end; resolves when the server ends it, rejects when it breaks. */
  async function connect(onAlive: () => void): Promise<void> {
    const connection = new AbortController();
    const end = () => connection.abort();
    stop.signal.addEventListener('abort', end, { once: true });
    let stopWatch: () => void = () => undefined;
    let isSilent = false;
    const watch = () => {
      stopWatch();
      stopWatch = clock.after(silenceMs, () => {
        isSilent = true;
        connection.abort();
      });
    };
    const parser = createParser({
      maxBufferSize: maxEventBytes,
      onId: (id) => { lastEventId = id === '' ? null : id; },
      onEvent: ({ data }) => {
        const event = workflowEvent(data, clock.now());
        if (event !== null && !isRepeated(event)) onEvent(event);
      },
    });
    try {
      watch();
      const headers = { Accept: 'text/event-stream', 'Cache-Control': 'no-cache', ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }) };
      const response = await http.open('/api/events?stream=workflow', headers, connection.signal);
      if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '') || response.body === null) {
        await response.body?.cancel();
        throw new AppFailure(appError('server.unexpected', { params: { field: 'Content-Type' } }));
      }
      onAlive();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        watch();
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      throw isSilent ? new AppFailure(appError('network.timeout')) : error;
    } finally {
      stopWatch();
      // Frees the socket also when it was us who gave up on the answer.
      connection.abort();
      stop.signal.removeEventListener('abort', end);
    }
  }

  const pause = (ms: number): Promise<void> => new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    stop.signal.addEventListener('abort', () => { cancel(); resolve(); }, { once: true });
  });

  function alive(): void {
    // Without ids there is no replay: whatever happened while the line was down has to be read again.
    if (wasLive && lastEventId === null) onGap();
    wasLive = true;
    onStatus({ live: true, error: null });
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      let error: AppError | null = null;
      try {
        await connect(() => {
          failures = 0;
          alive();
        });
      } catch (reason) {
        error = networkErrorOf(reason);
      }
      if (stop.signal.aborted) break;
      onStatus({ live: false, error });
      log.info('event stream ended', { code: error?.code ?? 'closed' });
      const backoff = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
      await pause(Math.max(backoff * (0.5 + random()), Math.min(error?.retryAfter ?? 0, longestDelayMs)));
    }
  }

  const running = run().catch((error: unknown) => log.error('event stream failed', { error }));
  return async () => {
    stop.abort();
    await running;
  };
}

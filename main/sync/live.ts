import { documentTypeInfo, documentTypes, type Domain } from '../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { Clock } from '../erp/ports.ts';
import type { Erp, EventStreamStatus, WorkflowEvent } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';

export type LivePorts = {
  erp: Erp;
  host: DataHost;
  reread: (key: DocumentKey) => Promise<unknown>;
  /** A job of ours is at work on this document and reads back what it changed by itself. */
  isOurs: (domain: Domain, number: string) => boolean;
  /** False for a domain whose documents the account may not read: each refusal would stand in the server's audit log. */
  mayRead: (domain: Domain) => boolean;
  /** Reads what was missed while the stream was down. */
  catchUp: () => Promise<void>;
  onStatus: (status: EventStreamStatus) => void;
  clock: Clock;
  log: Log;
};

/** Several events of one document within this time are one read. */
const gatherMilliseconds = 150;
const burst = 20;
/** A stream that was down for longer may not have all that was missed to replay. */
const longGap = 60_000;

/** Keeps the cache live: each workflow event leads to one read of the document it names. */
export function followEvents(ports: LivePorts): () => Promise<void> {
  const waiting = new Map<string, WorkflowEvent & { arrivedAt: number }>();
  let stopTimer: () => void = () => undefined;
  let isStopped = false;
  let downSince: number | null = null;

  /** Our own action comes back as an event, after its document was read again. */
  const isKnown = async (key: DocumentKey, event: WorkflowEvent & { arrivedAt: number }): Promise<boolean> => {
    const record = await ports.host.documents.get(key);
    return record !== null && record.workflow?.state === event.to && (record.fetchedAt >= event.arrivedAt || ports.isOurs(event.domain, event.number));
  };

  const readOne = async (event: WorkflowEvent & { arrivedAt: number }): Promise<void> => {
    if (!ports.mayRead(event.domain)) return;
    const known = await ports.host.documents.findByNumber(event.domain, event.number);
    // An event names only domain and number. A document that this client has never seen is found by its number's prefix.
    const byPrefix = documentTypes.filter((type) => documentTypeInfo[type].domain === event.domain && event.number.startsWith(documentTypeInfo[type].prefix));
    const keys = known.length > 0 ? known : byPrefix.map((type) => ({ type, number: event.number }));
    for (const key of keys) if (!(await isKnown(key, event))) await ports.reread(key);
  };

  const readAll = async (): Promise<void> => {
    const events = [...waiting.values()];
    waiting.clear();
    // A burst is cheaper as one delta than as a read for each document, and stays under the rate limit.
    if (events.filter(({ domain, number }) => !ports.isOurs(domain, number)).length > burst) return ports.catchUp();
    for (const event of events) {
      if (isStopped) return;
      await readOne(event).catch((error: unknown) => ports.log.info('reading after an event failed', { number: event.number, err: error }));
    }
  };

  const stop = ports.erp.events({
    onEvent(event) {
      waiting.set(`${event.domain}/${event.number}`, { ...event, arrivedAt: ports.clock.now() });
      stopTimer();
      stopTimer = ports.clock.after(gatherMilliseconds, () => void readAll());
    },
    onStatus(status) {
      const now = ports.clock.now();
      if (status.live && downSince !== null && now - downSince > longGap) void ports.catchUp();
      downSince = status.live ? null : (downSince ?? now);
      ports.onStatus(status);
    },
    onGap: () => void ports.catchUp(),
  });

  return async () => {
    isStopped = true;
    stopTimer();
    await stop();
  };
}

import type { DocumentRecord, WorkflowInfo } from '../../../shared/domain/document.ts';
import type { Account } from '../../../shared/domain/session.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import type { Journal } from '../../audit/journal.ts';
import type { Clock } from '../../erp/ports.ts';
import type { Erp, Priority } from '../../erp/types.ts';
import type { DataHost } from '../../host/client.ts';
import type { CommandBody, CommandEntry, OutboxChange } from '../../host/outbox.ts';
import type { Log } from '../../log/log.ts';

export type OutboxPorts = {
  erp: Pick<Erp, 'documents' | 'workflow' | 'numbering'>;
  /** Its writes are on disk when they resolve. */
  store: Pick<DataHost, 'outbox' | 'merge'> & { drafts: Pick<DataHost['drafts'], 'get'>; documents: Pick<DataHost['documents'], 'get' | 'setWorkflow'> };
  clock: Clock;
  /** 0 ≤ n < 1, for jitter. */
  random: () => number;
  uuid: () => string;
  isOnline: () => boolean;
  /** @throws AppFailure session.required */
  account: () => Account;
  journal: Journal;
  log: Log;
};

/** What came of one attempt that the server answered. Everything else is an exception, sorted by outcome.ts. */
export type Outcome =
  | { kind: 'done'; record: DocumentRecord | null; workflow: WorkflowInfo | null }
  | { kind: 'conflict'; theirs: DocumentRecord; theirsBy: string | null };

/** What one attempt works with. */
export type Attempt = {
  ports: OutboxPorts;
  entry: CommandEntry;
  body: CommandBody;
  call: { priority: Priority; signal: AbortSignal };
  server: ServerTraits;
  /**
   * Stores what must not be forgotten before something is sent, and goes on with it. Followers of the command get its number.
   * @throws AppFailure database.*: nothing was sent then.
   */
  remember: (change: { entry?: Partial<CommandEntry>; body?: Partial<CommandBody>; also?: OutboxChange[] }) => Promise<Attempt>;
};

/** What the answers of this session have shown about the server. */
export type ServerTraits = {
  /** It names versions of documents (ETag): then it also honours preconditions and idempotency keys (ERP-API section 3). */
  versions: boolean;
};

/** How one attempt ended. */
export type AttemptEnd =
  | { id: string; result: 'done'; record: DocumentRecord | null; workflow: WorkflowInfo | null; taken: string[] }
  /** Merged with what changed on the server, and sent again at once. */
  | { id: string; result: 'again'; taken: string[] }
  | { id: string; result: 'stays'; error: AppError | null };

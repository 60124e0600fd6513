import type { WirePersonalData } from './api/personal-data.ts';
import type { BusinessDocument, DocumentKey, DocumentLine, DocumentRecord, TrailEntry, WorkflowInfo } from '../../shared/domain/document.ts';
import type { DocumentType, Domain } from '../../shared/domain/document-types.ts';
import type { FormSpec, LookupItem, LookupKind } from '../../shared/domain/form-spec.ts';
import type { Decimal } from '../../shared/domain/money.ts';
import type { WorkflowAction, WorkflowState } from '../../shared/domain/workflow.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import type { Decision } from '../../shared/policy/engine.ts';
import type { Backup, Proposal, RuleChange, RuleRecord, RuleVersion } from '../../shared/policy/records.ts';
import type { PastAlert } from '../../shared/policy/replay.ts';
import type { Alert, Rule } from '../../shared/policy/rule.ts';
import type { Answer } from '../../shared/security/checklists/list.ts';
import type { Role } from '../../shared/rbac/scopes.ts';
import type { BackupsApi, SecretsApi } from './security-types.ts';
import type { WirePage } from './api/document-page.ts';
import type { Summary } from './api/security-summary.ts';
import type { SignInSession } from '../../shared/domain/sign-in-session.ts';
import type { IncidentsApi } from './api/incidents.ts';

/** A person waits for `interactive` requests; `bulk` ones are a long job of theirs and let clicks pass; `background` ones leave both room under the rate limit. */
export type Priority = 'interactive' | 'bulk' | 'background';

/** The server's request limits: one for everything, and narrower ones for what costs it more. */
export type LimitName = 'all' | 'export' | 'restore';

export type CallOptions = {
  priority?: Priority;
  /** Ends the call wherever it is. */
  signal?: AbortSignal;
  /** Ends only the wait for a turn under the rate limit: what is on its way comes back with its answer. */
  turn?: AbortSignal;
};

/** `retries` 0: the caller looks at what became of a lost write before it repeats it, as servers without keys need it. */
export type WriteOptions = CallOptions & { idempotencyKey: string; retries?: number };

export type ListOptions = CallOptions & {
  /** Rows in one page, at most 1000. */
  limit?: number;
  /** From the last page's `nextCursor`; on servers without cursors it encodes `skip`. */
  cursor?: string;
  /** Epoch milliseconds: only what changed since, with tombstones. */
  updatedSince?: number;
};

export type Tombstone = DocumentKey & { changedAt: number | null };

export type DocumentPage = {
  records: DocumentRecord[];
  /** Documents deleted since `updatedSince`. */
  deleted: Tombstone[];
  /** All documents of this query on the server; null when it does not say. */
  total: number | null;
  /** Null on the last page. */
  nextCursor: string | null;
  /** Rows that could not be read: kept out of the cache, reported with their numbers, never fatal to the page. */
  /** `deleted` where such a document is gone. */
  unreadable: { number: string | null; reason: string; deleted: boolean }[];
};

export type DocumentsApi = {
  /** One page as it came, for the data host to parse: a thousand documents are too much for the thread that serves the window. */
  page(type: DocumentType, options?: ListOptions): Promise<WirePage>;
  /** The same, understood. */
  list(type: DocumentType, options?: ListOptions): Promise<DocumentPage>;
  /** @throws AppFailure server.notFound */
  get(key: DocumentKey, options?: CallOptions): Promise<DocumentRecord>;
  /**
   * Stores a new document and answers its number and, where the server has one, its ETag. POST replaces what has the number
   * already; with `refuseTaken` a server with versions refuses that (If-None-Match, RFC 9110 section 13.1.2).
   * @throws AppFailure server.preconditionFailed
   */
  create(document: BusinessDocument, options: WriteOptions & { refuseTaken?: boolean }): Promise<{ number: string; etag: string | null }>;
  /** The server's draft of the document that follows, without a number and stored nowhere. @throws AppFailure server.refused when it knows no such step. */
  follow(from: BusinessDocument, toType: DocumentType, options?: CallOptions): Promise<BusinessDocument>;
  /**
   * Changes a stored document. With `changedFrom` only what differs from any of these is sent, and the rest stays as it is
   * there by then (PUT merges): what reading cut short or a form cannot show is not written back, and on servers without
   * preconditions it is the safest there is.
   * @throws AppFailure server.preconditionFailed when the document has changed since `etag`.
   */
  update(document: BusinessDocument, options: WriteOptions & { etag: string | null; changedFrom?: readonly BusinessDocument[] }): Promise<{ number: string; etag: string | null }>;
  remove(key: DocumentKey, options?: CallOptions & { etag?: string | null }): Promise<void>;
};

export type TransitionRequest = {
  domain: Domain;
  number: string;
  action: WorkflowAction;
  /** What the guards look at. */
  total: Decimal;
  lines: readonly DocumentLine[];
  roles: readonly Role[];
  userName: string;
  reason?: string | undefined;
  /** Version for If-Match; null on servers without one. */
  version: string | null;
  idempotencyKey: string;
};

export type PendingItem = {
  domain: Domain;
  /** Null where the server names only domain and number. */
  type: DocumentType | null;
  number: string;
  workflow: WorkflowInfo;
};

export type WorkflowApi = {
  state(domain: Domain, number: string, options?: CallOptions): Promise<WorkflowInfo>;
  /** @throws AppFailure guard.failed, server.forbidden, server.conflict */
  transition(request: TransitionRequest, options?: CallOptions): Promise<{ state: WorkflowState; version: string | null }>;
  /** @throws AppFailure server.unsupported on servers without an approval list. */
  pending(options?: CallOptions & { domain?: Domain; cursor?: string }): Promise<{ items: PendingItem[]; nextCursor: string | null }>;
  trail(domain: Domain, number: string, options?: CallOptions): Promise<TrailEntry[]>;
};

export type LookupsApi = { search(kind: LookupKind, text: string, options?: CallOptions): Promise<LookupItem[]> };
export type NumberingApi = { next(domain: DocumentType, options?: CallOptions & { tenantId?: string | null; year?: number }): Promise<string> };
export type FormSpecsApi = { get(type: DocumentType, options?: CallOptions): Promise<FormSpec> };

/** Where the own account is signed in. */
export type SessionsApi = {
  list(options?: CallOptions): Promise<SignInSession[]>;
  /** @throws AppFailure server.notFound when it has ended meanwhile */
  end(id: string, options?: CallOptions): Promise<void>;
  /** All but this one. @returns how many */
  endOthers(options?: CallOptions): Promise<number>;
  /** Where somebody else is signed in, for `admin:all`. */
  listOf(user: string, options?: CallOptions): Promise<SignInSession[]>;
};

/** Policies, ERP-API section 6. What only some servers have throws server.unsupported elsewhere. */
export type PolicyApi = {
  list(options?: CallOptions): Promise<RuleRecord[]>;
  /** `reason` is null for servers that keep no history. */
  put(rule: Rule, options: CallOptions & { version: string | null; isNew: boolean; reason: string | null; idempotencyKey: string }): Promise<void>;
  /** Writes several rules in one request, for servers without versions. */
  putAll(rules: readonly Rule[], options: CallOptions & { idempotencyKey: string }): Promise<void>;
  remove(id: string, options: CallOptions & { version: string | null; reason: string | null; idempotencyKey: string }): Promise<void>;
  /** The server's own decision, by its rules and its clock. */
  test(alert: Alert, roles: readonly string[], options?: CallOptions): Promise<Decision>;
  versions(options?: CallOptions): Promise<RuleVersion[]>;
  /** Alerts of the past, oldest first. `from` in epoch milliseconds. */
  alerts(options: CallOptions & { cursor?: string | undefined; from?: number | undefined }): Promise<{ items: PastAlert[]; unreadable: number; nextCursor: string | null }>;
  propose(changes: readonly RuleChange[], options: CallOptions & { reason: string; activateAt: number | null; idempotencyKey: string }): Promise<{ id: string }>;
  proposals(options?: CallOptions): Promise<Proposal[]>;
  decide(id: string, verdict: 'approve' | 'reject', options: CallOptions & { reason?: string | undefined; idempotencyKey: string }): Promise<{ state: Proposal['state'] }>;
  backups(options?: CallOptions): Promise<Backup[]>;
  createBackup(options?: CallOptions): Promise<string>;
  /** Replaces every rule on the server. */
  restore(from: { file: string } | { rules: readonly Rule[] }, options: CallOptions & { idempotencyKey: string }): Promise<{ safetyBackup: string | null }>;
};

/** Requests of persons, on servers of both profiles. */
export type GdprApi = {
  /** @throws AppFailure server.notFound for somebody unknown there; server.unsupported */
  read(reference: string, options?: CallOptions): Promise<WirePersonalData>;
  /** @returns how many records no longer name the person; null where the server does not say. @throws AppFailure as {@link GdprApi.read} */
  erase(reference: string, options?: CallOptions): Promise<number | null>;
};

/** The server's own list of vulnerabilities as it came: whoever uses it treats it like any report. */
export type VulnerabilitiesApi = { /** @throws AppFailure server.unsupported */ list(options?: CallOptions): Promise<{ rows: unknown[]; scannedAt: unknown; kinds: string[] }> };
/** What somebody has answered to an item of a checklist, as the server keeps it. */
export type ChecklistAnswer = Answer & { list: string; item: string; updatedAt: number; updatedBy: string; version: string };
export type ChecklistsApi = {
  list(options?: CallOptions): Promise<ChecklistAnswer[]>;
  /** @param version null where the item was not answered yet. @throws AppFailure server.preconditionFailed when somebody has changed it */
  answer(list: string, item: string, answer: Answer, options: CallOptions & { version: string | null; idempotencyKey: string }): Promise<ChecklistAnswer>;
};

/** What the server says about its own security, ERP-API section 7: claims, none of it measured. */
export type SecuritySummaryApi = { read(options?: CallOptions): Promise<Summary> };
/** What this server can do, found out once per session and never guessed from a version. */
export type CapabilityName =
  | 'documents.list' | 'documents.get' | 'documents.create' | 'documents.update' | 'documents.delete' | 'documents.follow'
  | 'workflow.state' | 'workflow.transition' | 'workflow.audit' | 'workflow.pending' | 'events'
  | 'paper.print' | 'paper.history' | 'paper.verifyCopy' | 'paper.verify' | 'export' | 'audit.log' | 'audit.unsigned' | 'gdpr.export' | 'gdpr.erase' | 'gdpr.exportOlder' | 'gdpr.eraseOlder' | 'security.summary'
  | 'checklists' | 'backups' | 'backups.create' | 'backups.drill' | 'secrets' | 'secrets.rotate'
  | 'lookups.customers' | 'lookups.suppliers' | 'lookups.articles' | 'numbering.next' | 'formSpecs' | 'sessions'
  | 'incidents' | 'vulnerabilities'
  | 'policy.list' | 'policy.write' | 'policy.test' | 'policy.restore' | 'policy.versions' | 'policy.drafts' | 'policy.alerts' | 'policy.backups';

export type Capabilities = {
  has(name: CapabilityName): boolean;
  missing(): CapabilityName[];
  /** `openapi` when the server listed its routes, `probes` when it was asked one by one. */
  source: 'openapi' | 'probes';
};

export type WorkflowEvent = {
  id: string | null;
  /** Epoch milliseconds. */
  at: number;
  domain: Domain;
  number: string;
  action: string;
  from: string | null;
  to: string | null;
};

export type EventStreamStatus = { live: boolean; error: AppError | null };

export type EventStreamOptions = {
  onEvent(event: WorkflowEvent): void;
  onStatus(status: EventStreamStatus): void;
  /** The stream was down and the server may not replay what was missed: read again. */
  onGap(): void;
};

/** How long requests wait for their turn under the server's rate limit; `until` is when the next one may go. */
export type WaitingInfo = { waiting: number; until: number | null };

/** A copy in the server's archive, as the server describes it. */
export type ArchivedCopy = { at: number | null; user: string | null; path: string; sha256: string };

/** What the server's public check says about a document, or about a printed hash of it. */
export type VerifyClaim = { exists: boolean; /** Null where no hash was asked about. */ valid: boolean | null; status: string | null; date: string | null; /** The hash the server has for it now. */ hash: string | null };

export type PaperApi = {
  /** The document as the server's PDF. Every call archives a copy there, so it is sent once and never again by itself. */
  print(key: DocumentKey, options?: CallOptions): Promise<Uint8Array>;
  history(key: DocumentKey, options?: CallOptions): Promise<ArchivedCopy[]>;
  /** Whether the server finds the archived bytes unchanged. @throws AppFailure server.notFound */
  verifyCopy(key: DocumentKey, path: string, options?: CallOptions): Promise<boolean>;
  /** @param hash 16 hex digits from a print; null asks only whether the document exists */
  verify(domain: Domain, number: string, hash: string | null, options?: CallOptions): Promise<VerifyClaim>;
  /** The document exactly as the server stores it, for measuring its hash. @throws AppFailure server.notFound */
  stored(key: DocumentKey, options?: CallOptions): Promise<{ record: DocumentRecord; body: Record<string, unknown> }>;
  /** A whole type between two days, in the server's own file format. */
  export(request: { type: DocumentType; from: string | null; to: string | null; format: 'csv' | 'xlsx' }, options?: CallOptions): Promise<Uint8Array>;
};

/** An entry of a server that signs nothing, oldest facts only. */
export type UnsignedEntry = { id: string; at: number; actor: string; client: string | null; action: string; resource: string; /** JSON text. */ changes: string | null; correlationId: string; /** JSON text of what else the server says of it. */ rest: string };

export type AuditApi = {
  /** The log's public key as `name+id+base64`. */
  key(options?: CallOptions): Promise<string>;
  /** The signed note of the newest checkpoint, and what the server's clock said then (epoch milliseconds; null where it does not say). */
  checkpoint(options?: CallOptions): Promise<{ note: string; serverTime: number | null }>;
  /** Entries behind the first `after`, oldest first; fewer than `limit` where the server gives fewer. */
  page(after: number, limit: number, options?: CallOptions): Promise<{ canonical: string; hash: string | null }[]>;
  consistency(from: number, to: number, options?: CallOptions): Promise<Uint8Array[]>;
  tile(level: number, index: number, width: number, options?: CallOptions): Promise<Uint8Array>;
  /** Newest first. */
  unsigned(skip: number, limit: number, options?: CallOptions): Promise<UnsignedEntry[]>;
};

/** What the server says about itself. */
export type MetricsApi = {
  /** Prometheus' text format. @throws AppFailure */
  read(options?: CallOptions): Promise<string>;
  /** Whether it calls itself ready. @throws AppFailure when it could not be asked */
  isReady(options?: CallOptions): Promise<boolean>;
};

/** Everything the client can ask of the ERP. */
export type Erp = {
  documents: DocumentsApi;
  workflow: WorkflowApi;
  lookups: LookupsApi;
  numbering: NumberingApi;
  formSpecs: FormSpecsApi;
  sessions: SessionsApi;
  incidents: IncidentsApi;
  policy: PolicyApi;
  paper: PaperApi;
  audit: AuditApi;
  gdpr: GdprApi;
  securitySummary: SecuritySummaryApi;
  metrics: MetricsApi;
  vulnerabilities: VulnerabilitiesApi;
  backups: BackupsApi;
  secrets: SecretsApi;
  checklists: ChecklistsApi;
  /** Read once, then remembered; `refresh` asks again. */
  capabilities(options?: CallOptions & { refresh?: boolean }): Promise<Capabilities>;
  /** Waits for a turn under the rate limit, for what is sent without this client. @throws AppFailure call.cancelled */
  turn(options?: CallOptions): Promise<void>;
  /** Is the server there and the token good? `GET /api/v1/status`. */
  ping(options?: CallOptions): Promise<void>;
  /** Starts reading events; the returned function ends it and resolves when nothing runs any more. */
  events(options: EventStreamOptions): () => Promise<void>;
};

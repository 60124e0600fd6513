import type { Time } from './time.ts';

export type Api = 'security' | 'shipped';
export type Wire = Record<string, unknown> & { number: string };
export type Request = {
  client: string; method: string; path: string; query: URLSearchParams; headers: Headers; body: Record<string, unknown>;
  /** When the command that sends this was last told the state of the workflow; null when it never was. */
  workflowSeenAt: number | null;
};
export type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/** Something that changed on the server, told while it happens. */
export type Effect = {
  at: number; client: string; kind: 'create' | 'update' | 'transition'; type: string; number: string; key: string | null;
  before: Wire | null; after: Wire | null; action: string | null; workflowSeenAt: number | null;
};

type Stored = { type: string; body: Wire; version: number; updatedAt: number };
type Flow = {
  state: string; version: number; by: string | null;
  /** When it was submitted. */
  at: number | null;
};
type Step = { ts: number; from: string; to: string | null; action: string; user: string; outcome: string };

const moves: Record<string, [string, string]> = { submit: ['draft', 'pending'], approve: ['pending', 'approved'], reject: ['pending', 'rejected'], post: ['approved', 'posted'] };
const keyLifetime = 24 * 3_600_000;
const refuse = (status: number, detail: string): Answer => ({ status, body: { detail } });

/**
 * A model of the ERP in both profiles: documents, versions, idempotency keys, workflow and numbers as ERP-API describes
 * them and test/backend serves them, without HTTP and disk around it.
 */
export class Server {
  readonly documents = new Map<string, Stored>();
  readonly effects: Effect[] = [];
  readonly trail = new Map<string, Step[]>();
  /** When each client last read each document: what it cannot know is what came after. */
  readonly lastRead = new Map<string, number>();
  onEffect: (effect: Effect) => void = () => undefined;
  readonly #api: Api;
  readonly #time: Time;
  readonly #flows = new Map<string, Flow>();
  readonly #keys = new Map<string, { print: string; answer: Answer; at: number }>();
  #numbers = 0;
  #lastChange = 0;

  constructor(api: Api, time: Time) {
    this.#api = api;
    this.#time = time;
  }

  get now(): number {
    return this.#time.now;
  }

  document(number: string): Stored | undefined {
    return this.documents.get(`sales_order/${number}`);
  }

  flow(number: string): Flow {
    return this.#flows.get(number) ?? { state: 'draft', version: 0, by: null, at: null };
  }

  /** As a restart of the shipped server, whose workflow is process memory. */
  loseWorkflow(): void {
    this.#flows.clear();
    this.trail.clear();
  }

  handle(request: Request): Answer {
    const { method, path } = request;
    const once = this.#api === 'security' && method !== 'GET' ? request.headers.get('idempotency-key') : null;
    const print = `${method} ${path}?${request.query} ${JSON.stringify(request.body)}`;
    if (once !== null) {
      const known = this.#keys.get(`${request.client}/${once}`);
      if (known !== undefined && this.#time.now - known.at < keyLifetime) return known.print === print ? known.answer : refuse(422, 'Idempotency-Key was used for another request');
    }
    const answer = this.#route(request);
    if (once !== null && answer.status < 300) this.#keys.set(`${request.client}/${once}`, { print, answer, at: this.#time.now });
    return answer;
  }

  #route(request: Request): Answer {
    const { method, path } = request;
    const parts = path.split('/').slice(2).map(decodeURIComponent);
    if (path === '/api/numbering/next') return this.#api === 'shipped' ? refuse(500, 'Internal Server Error') : { status: 200, body: { ok: true, number: `SO-2026-${String(++this.#numbers).padStart(5, '0')}` } };
    if (parts[0] === 'mcp') return this.#documents(request, parts[2] ?? '', parts[3]);
    if (parts[0] === 'workflow' && parts[3] === 'transition') return this.#transition(request, parts[2] ?? '');
    if (parts[0] === 'workflow' && parts[3] === 'audit') return { status: 200, body: { ok: true, items: this.trail.get(parts[2] ?? '') ?? [] } };
    if (parts[0] === 'workflow') {
      const { state, version, by } = this.flow(parts[2] ?? '');
      return { status: 200, body: { ok: true, state, ...(this.#api === 'security' ? { version: String(version), submittedBy: by } : {}) } };
    }
    return refuse(404, `Not Found ${method}`);
  }

  #documents(request: Request, type: string, number: string | undefined): Answer {
    const { method, body, headers, client } = request;
    const isStrict = this.#api === 'security';
    if (method === 'GET' && number === undefined) return isStrict ? this.#list(request, type) : refuse(500, 'Internal Server Error');
    const found = number === undefined ? undefined : this.documents.get(`${type}/${number}`);
    const etag = (stored: Stored): Record<string, string> => (isStrict ? { etag: `"${stored.version}"` } : {});
    if (method === 'GET') {
      this.lastRead.set(`${client}/${number}`, this.#time.now);
      return found === undefined ? refuse(404, 'Document not found') : { status: 200, body: { ok: true, data: this.#row(found) }, headers: etag(found) };
    }
    if (method === 'POST') {
      const wire = body as Wire;
      const old = this.documents.get(`${type}/${wire.number}`);
      if (isStrict && headers.get('if-none-match') === '*' && old !== undefined) return refuse(412, 'Document exists already');
      if (!isStrict && old?.body['status'] === wire['status']) return refuse(400, `Invalid status transition: ${String(wire['status'])} -> ${String(wire['status'])}`);
      const stored = this.#put(request, type, wire, old);
      return { status: 200, body: { ok: true, number: wire.number }, headers: etag(stored) };
    }
    if (found === undefined) return refuse(404, 'Document not found');
    const wanted = headers.get('if-match');
    if (isStrict && wanted !== null && wanted !== `"${found.version}"`) return refuse(412, 'Document was changed by someone else');
    const stored = this.#put(request, type, { ...found.body, ...body, number: found.body.number }, found);
    return { status: 200, body: { ok: true, number }, headers: etag(stored) };
  }

  #put({ client, headers, workflowSeenAt }: Request, type: string, body: Wire, old: Stored | undefined): Stored {
    this.#lastChange = Math.max(this.#time.now, this.#lastChange + 1);
    const stored: Stored = { type, body, version: (old?.version ?? 0) + 1, updatedAt: this.#lastChange };
    this.#effect({ client, kind: old === undefined ? 'create' : 'update', type, number: body.number, key: headers.get('idempotency-key'), before: old?.body ?? null, after: body, action: null, workflowSeenAt });
    this.documents.set(`${type}/${body.number}`, stored);
    return stored;
  }

  #list({ query }: Request, type: string): Answer {
    const since = query.get('updated_since') === null ? 0 : Date.parse(query.get('updated_since') ?? '');
    const skip = Number(query.get('cursor') ?? 0);
    const all = [...this.documents.values()].filter((one) => one.type === type && one.updatedAt >= since).toSorted((a, b) => b.updatedAt - a.updatedAt);
    const page = all.slice(skip, skip + 5);
    const rows = page.map((stored) => {
      const { state, version, by } = this.flow(stored.body.number);
      return { ...this.#row(stored), version: String(stored.version), workflow: { state, version: String(version), submittedBy: by } };
    });
    return { status: 200, body: { ok: true, data: rows, total: all.length, cursor: skip + 5 < all.length ? String(skip + 5) : null } };
  }

  #row(stored: Stored): Wire {
    return this.#api === 'security' ? { ...stored.body, updated_at: new Date(stored.updatedAt).toISOString() } : stored.body;
  }

  #transition({ client, query, headers, body, workflowSeenAt }: Request, number: string): Answer {
    const action = query.get('action') ?? '';
    const [from, to] = moves[action] ?? ['', ''];
    const flow = this.flow(number);
    const isStrict = this.#api === 'security';
    const wanted = headers.get('if-match');
    if (flow.state !== from || (isStrict && wanted !== null && wanted !== `"${flow.version}"`)) {
      return { status: isStrict ? 409 : 400, body: { detail: 'transition not allowed', state: flow.state } };
    }
    if (isStrict && action === 'reject' && typeof body['reason'] !== 'string') return refuse(400, 'Reason required');
    const next: Flow = { state: to, version: flow.version + 1, ...(action === 'submit' ? { by: client, at: this.#time.now } : { by: flow.by, at: flow.at }) };
    this.#effect({ client, kind: 'transition', type: 'sales_order', number, key: headers.get('idempotency-key'), before: null, after: this.document(number)?.body ?? null, action, workflowSeenAt });
    this.#flows.set(number, next);
    this.trail.set(number, [...(this.trail.get(number) ?? []), { ts: Math.floor(this.#time.now / 1000), from, to, action, user: client, outcome: 'accepted' }]);
    const stored = this.document(number);
    if (stored !== undefined && isStrict) stored.updatedAt = this.#lastChange = Math.max(this.#time.now, this.#lastChange + 1);
    return { status: 200, body: { ok: true, state: to, ...(isStrict ? { version: String(next.version) } : {}) } };
  }

  #effect(effect: Omit<Effect, 'at'>): void {
    const told = { ...effect, at: this.#time.now };
    this.onEffect(told);
    this.effects.push(told);
  }
}

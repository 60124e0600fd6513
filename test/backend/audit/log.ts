import type { Db } from '../db.ts';
import { createSigner, type CheckpointSigner } from './checkpoint.ts';
import { leafHash, parseCanonical } from './entry.ts';
import { tampered, type ContentTampering } from './tamper.ts';
import { Tree } from './tree.ts';

type Row = { seq: number; canonical: string; hash: Buffer };

export type Query = { after: number; limit: number; from?: number; to?: number; actor?: string; action?: string; resource?: string };

/** One presentation of the log: usually all clients see the same. */
class View {
  readonly #table: string;
  readonly #db: Db;
  #tree = new Tree();

  constructor(db: Db, table: string) {
    this.#db = db;
    this.#table = table;
  }

  /** The tree over everything that is committed by now. */
  tree(): Tree {
    for (const hash of this.#db.prepare<[number], Buffer>(`SELECT hash FROM ${this.#table} WHERE position > ? ORDER BY position`).pluck().iterate(this.#tree.size)) this.#tree.append(hash);
    return this.#tree;
  }

  forget(): void {
    this.#tree = new Tree();
  }

  page({ after, limit, from, to, actor, action, resource }: Query): { total: number; rows: (Row & { position: number })[] } {
    const wanted = { from: from ?? null, to: to ?? null, actor: actor ?? null, action: action ?? null, resource: resource ?? null };
    const where = '(@from IS NULL OR ts >= @from) AND (@to IS NULL OR ts <= @to) AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action) AND (@resource IS NULL OR resource = @resource)';
    const unfiltered = Object.values(wanted).every((value) => value === null);
    return {
      total: unfiltered ? this.tree().size : this.#db.prepare<[object], number>(`SELECT count(*) FROM ${this.#table} WHERE ${where}`).pluck().get(wanted) ?? 0,
      rows: this.#db.prepare<[object], Row & { position: number }>(`SELECT position, seq, canonical, hash FROM ${this.#table} WHERE position > @after AND ${where} ORDER BY position LIMIT @limit`).all({ ...wanted, after, limit }),
    };
  }

  /** Replaces the content. Hash columns follow unless `keepTree`, which leaves the tree and every proof as they were. */
  rewrite(change: (entries: readonly string[]) => string[], keepTree: boolean): void {
    const { length } = this.#replace(change, keepTree);
    if (!keepTree || length !== this.#tree.size) this.forget();
  }

  #replace(change: (entries: readonly string[]) => string[], keepTree: boolean): string[] {
    const before = this.#db.prepare<[], Row>(`SELECT seq, canonical, hash FROM ${this.#table} ORDER BY position`).all();
    const next = change(before.map(({ canonical }) => canonical));
    const insert = this.#db.prepare(`INSERT INTO ${this.#table} (position, seq, ts, actor, action, resource, canonical, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#db.transaction(() => {
      this.#db.exec(`DELETE FROM ${this.#table}`);
      next.forEach((text, index) => {
        const known = before[index];
        const entry = safely(text, index);
        insert.run(index + 1, entry.seq, entry.ts, entry.actor, entry.action, entry.resource, text, keepTree && known ? known.hash : leafHash(text));
      });
    })();
    return next;
  }
}

/** Columns for a text that may no longer be an entry. */
function safely(text: string, index: number): { seq: number; ts: number; actor: string; action: string; resource: string } {
  try {
    return parseCanonical(text);
  } catch {
    return { seq: index + 1, ts: 0, actor: '', action: '', resource: '' };
  }
}

/** What a test does to the log; see {@link AuditLog.tamper}. */
export type Tampering =
  | { kind: ContentTampering; index: number; renumber?: boolean; variant?: number; /** The bytes change, tree and checkpoint stay: a clumsy forger. */ keepTree?: boolean }
  /** Serves the checkpoint that the log had at this size, and nothing newer. */
  | { kind: 'replay'; size: number }
  | { kind: 'keySwap' }
  /** This person sees a log of their own, edited at `index`. */
  | { kind: 'splitView'; actor: string; index: number };

export type AuditLog = {
  signer: CheckpointSigner;
  /** The log as this person is shown it. */
  view(actor: string): { page(query: Query): ReturnType<View['page']>; tree(): Tree; checkpoint(): string };
  /** The switch for tests and demonstrations. The server signs what comes out, as its owner could. */
  tamper(tampering: Tampering): void;
};

/** The log as it is served: tree, checkpoints, and the lies that a test has asked for. */
export function createAuditLog(db: Db): AuditLog {
  const signer = createSigner(db);
  const real = new View(db, 'audit_log');
  const split = new Map<string, View>();
  let frozenAt: number | null = null;
  const viewOf = (actor: string): View => split.get(actor) ?? real;

  return {
    signer,
    view: (actor) => {
      const view = viewOf(actor);
      return {
        page: (query) => view.page(query),
        tree: () => view.tree(),
        checkpoint: () => {
          const tree = view.tree();
          const size = frozenAt ?? tree.size;
          return signer.sign(size, tree.range(0, size));
        },
      };
    },
    tamper: (tampering) => {
      switch (tampering.kind) {
        case 'replay': frozenAt = tampering.size; break;
        case 'keySwap': signer.swapKey(); break;
        case 'splitView': {
          db.exec('DROP TABLE IF EXISTS audit_split; CREATE TABLE audit_split AS SELECT * FROM audit_log; CREATE UNIQUE INDEX audit_split_position ON audit_split (position)');
          const view = new View(db, 'audit_split');
          view.rewrite((entries) => tampered(entries, { kind: 'edit', index: tampering.index }), false);
          split.set(tampering.actor, view);
          break;
        }
        default: {
          const { keepTree = false, ...plan } = tampering;
          real.tree();
          real.rewrite((entries) => tampered(entries, plan), keepTree);
        }
      }
    },
  };
}

import { createAudit, type AuditEntry } from '../audit/audit.ts';
import { createEveryday } from '../audit/everyday.ts';
import type { Db } from '../db.ts';
import { types } from '../erp/catalogue.ts';
import { searchText } from '../erp/documents.ts';
import { day, purchaseChain, salesChain, sums, type ChainContext, type SeedDocument } from './chains.ts';
import { articles, createPartners } from './master-data.ts';
import { createRandom } from './random.ts';

export type SeedOptions = {
  documents: number;
  seed: number;
  now: number;
  /** Entries that the audit log has at least; the documents' own ones count. */
  audit: number;
};

/** Documents that one business transaction gives on average; only decides how the two years are filled. */
const averageChain = 3.9;
const history = 730 * day;
/** Audit entries that one document gives on average; only decides how evenly the rest is spread. */
const entriesPerDocument = 1.1;
/** Approved documents that wait for posting. */
const approvedTarget = 8;
/** Pending documents that a fresh server shows in its approval list, and how many of them are sold below cost. */
const pendingTarget = 25;
const belowCostTarget = 2;

/** A stable id of an entry's request; random ones would make two runs of one seed differ. */
const correlationId = (index: number): string => `5eed0000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

/** Makes a document pending since `wanted` or since it was written, whatever its age would have made of it. */
function makePending(document: SeedDocument, wanted: number): void {
  const submittedAt = Math.max(wanted, document.createdAt);
  document.body.status = types[document.type]?.statuses[0] ?? document.body.status;
  const submitter = document.type.startsWith('purchase_') ? 'purchase' : 'sales';
  document.trail = [{ ts: submittedAt, actor: submitter, action: 'submit', from: 'draft', to: 'pending', reason: null, policy: null }];
  document.workflow = { state: 'pending', version: 1, submittedBy: submitter, submittedAt };
  document.updatedAt = submittedAt;
}

/** Adds the approval to a pending document. */
function approve(document: SeedDocument, wanted: number): void {
  if (!document.workflow) return;
  const ts = Math.max(wanted, document.updatedAt);
  const purchase = document.type.startsWith('purchase_');
  document.trail.push({ ts, actor: purchase ? 'controller' : 'manager', action: 'approve', from: 'pending', to: 'approved', reason: null, policy: purchase ? 'role' : 'price-not-below-cost' });
  document.workflow = { ...document.workflow, state: 'approved', version: 2 };
  document.updatedAt = ts;
}

function sellBelowCost(document: SeedDocument): void {
  const line = document.body.lines?.[0];
  if (!line) return;
  line.price = Math.round(line.cost * 94) / 100;
  if ('totalGross' in document.body) Object.assign(document.body, sums(document.body.lines ?? []));
}

/** Chooses the newest approvable documents that nothing follows yet to be the open approvals. */
function openApprovals(recent: readonly SeedDocument[], leaves: ReadonlySet<SeedDocument>, now: number): void {
  const approvable = recent.filter((document) => document.workflow !== null).toSorted((a, b) => a.updatedAt - b.updatedAt);
  const newest = approvable.filter((document) => leaves.has(document)).slice(-pendingTarget - approvedTarget);
  const chosen = newest.slice(-pendingTarget);
  for (const document of newest.slice(0, -pendingTarget)) {
    makePending(document, now - 30 * 3_600_000);
    approve(document, now - 20 * 3_600_000);
  }
  let cheap = belowCostTarget;
  chosen.forEach((document, index) => {
    makePending(document, now - (chosen.length - index) * 40 * 60_000);
    if (cheap > 0 && document.type === 'sales_order') {
      sellBelowCost(document);
      cheap -= 1;
    }
  });
  for (const document of approvable) {
    // Nothing else may be left pending, or the list would be of random length.
    if (document.workflow?.state !== 'pending' || chosen.includes(document)) continue;
    approve(document, Math.min(now, document.updatedAt + 3_600_000));
  }
}

/**
 * Fills an empty database with two years of agricultural trade up to now, in one transaction. The same options give the
 * same rows on every machine.
 */
export function seed(db: Db, options: SeedOptions): void {
  const { now } = options;
  const random = createRandom(options.seed);
  const partners = createPartners(random, Math.min(5000, Math.max(60, Math.round(options.documents / 40))), 40);
  const context: ChainContext = {
    random, now, counters: new Map(), customers: partners.filter((partner) => partner.kind === 'customer'), suppliers: partners.filter((partner) => partner.kind === 'supplier'),
  };
  const addPartner = db.prepare('INSERT INTO partners (id, kind, name, hint) VALUES (?, ?, ?, ?)');
  const addArticle = db.prepare('INSERT INTO articles (id, name, hint, cost, price, vat_rate) VALUES (?, ?, ?, ?, ?, ?)');
  const addDocument = db.prepare('INSERT INTO documents (type, number, status, version, updated_at, body, search) VALUES (?, ?, ?, 1, ?, ?, ?)');
  const addWorkflow = db.prepare('INSERT INTO workflow (domain, number, state, version, submitted_by, submitted_at) VALUES (?, ?, ?, ?, ?, ?)');
  const addCounter = db.prepare('INSERT INTO counters (prefix, year, value) VALUES (?, ?, ?)');
  const audit = createAudit(db);
  const entries: AuditEntry[] = [];
  let audited = 0;
  const everyday = createEveryday(options.seed);
  const fillers = Math.max(0, options.audit - Math.round(options.documents * entriesPerDocument));
  let filled = 0;
  const append = (entry: AuditEntry): void => {
    audited += 1;
    audit.append(entry);
  };
  /** Everything beside the documents that happened before `ts`. */
  const fill = (ts: number): void => {
    for (; filled < fillers && audited < options.audit; filled += 1) {
      const at = Math.floor(now - history + (history * filled) / fillers);
      if (at > ts) return;
      append(everyday(at));
    }
  };

  /** The log is written in the order of time, although the chains overlap: entries before `until` can no longer be preceded. */
  const writeAudit = (until: number): void => {
    entries.sort((a, b) => a.ts - b.ts);
    const ready = entries.findIndex((entry) => entry.ts >= until);
    for (const entry of entries.splice(0, ready === -1 ? entries.length : ready)) {
      fill(entry.ts);
      append({ ...entry, correlationId: correlationId(audited + 1) });
    }
  };
  const write = (document: SeedDocument): void => {
    const { type, body, workflow, partner } = document;
    const domain = type.startsWith('purchase_') ? 'purchase' : 'sales';
    addDocument.run(type, body.number, body.status, document.updatedAt, JSON.stringify(body), searchText(body, partner.name));
    if (workflow) addWorkflow.run(domain, body.number, workflow.state, workflow.version, workflow.submittedBy, workflow.submittedAt);
    for (const step of document.trail) entries.push({ ...step, role: step.actor, client: null, resource: `${domain}/${body.number}`, correlationId: '', outcome: 'accepted' });
  };

  db.transaction(() => {
    for (const partner of partners) addPartner.run(partner.id, partner.kind, partner.name, `${partner.town} · ${partner.contact}`);
    for (const item of articles) addArticle.run(item.id, item.name, `je ${item.unit}`, (item.cost / 100).toFixed(2), (item.price / 100).toFixed(2), String(item.vat));

    const chains = Math.max(1, Math.ceil(options.documents / averageChain));
    const recent: SeedDocument[] = [];
    const leaves = new Set<SeedDocument>();
    let written = 0;
    for (let index = 0; written < options.documents; index += 1) {
      // Past the estimate the remaining ones start in the last month.
      const start = index < chains ? now - history + Math.floor((history * index) / chains) : now - random.between(1, 30) * day;
      const chain = random.chance(0.72) ? salesChain(context, start) : purchaseChain(context, start);
      for (const document of chain.slice(0, options.documents - written)) {
        written += 1;
        if (now - start < 45 * day) recent.push(document);
        else write(document);
      }
      const leaf = chain.at(-1);
      if (leaf && now - start < 45 * day) leaves.add(leaf);
      if (index % 2000 === 0 && now - start > 46 * day) writeAudit(start);
    }
    openApprovals(recent, leaves, now);
    for (const document of recent.toSorted((a, b) => a.updatedAt - b.updatedAt)) write(document);
    writeAudit(Number.POSITIVE_INFINITY);
    fill(now);
    while (audited < options.audit) append(everyday(now));
    for (const [key, value] of context.counters) {
      const [prefix = '', year = '0'] = key.split('|');
      addCounter.run(prefix, Number(year), value);
    }
  })();
}

import { types } from '../erp/catalogue.ts';
import { formatNumber } from '../erp/numbering.ts';
import { articles, type Partner } from './master-data.ts';
import type { Random } from './random.ts';

export type SeedLine = { article: string; qty: number; price: number; vatRate: number; cost: number };
export type SeedTrail = { ts: number; actor: string; action: string; from: string; to: string; reason: string | null; policy: string | null };
export type SeedDocument = {
  type: string;
  body: Record<string, unknown> & { number: string; status: string; date: string; lines?: SeedLine[] };
  partner: Partner;
  createdAt: number;
  updatedAt: number;
  workflow: { state: string; version: number; submittedBy: string | null; submittedAt: number | null } | null;
  trail: SeedTrail[];
};

export const day = 86_400_000;
const isoDate = (ts: number): string => new Date(ts).toISOString().slice(0, 10);

const notes = ['Lieferung frei Hof', 'Bitte vor 10 Uhr anliefern', 'Silo 3 befüllen', 'Feuchte und Fallzahl nach Annahme', 'Abholung nach Absprache', 'Zufahrt über den Wirtschaftsweg', 'Teillieferung möglich'];
const rejections = ['Preis nicht mehr gültig', 'Kreditlimit überschritten', 'Menge nicht lieferbar', 'Konditionen nachverhandeln'];

/** Makes one business transaction after the other; every random choice comes from one generator, in a fixed order. */
export type ChainContext = {
  random: Random;
  customers: readonly Partner[];
  suppliers: readonly Partner[];
  /** Epoch milliseconds; nothing is dated later. */
  now: number;
  counters: Map<string, number>;
};

function nextNumber(context: ChainContext, type: string, ts: number): string {
  const prefix = types[type]?.prefix ?? '';
  const year = new Date(ts).getUTCFullYear();
  const key = `${prefix}|${year}`;
  const value = (context.counters.get(key) ?? 0) + 1;
  context.counters.set(key, value);
  return formatNumber(prefix, year, value);
}

function makeLines(context: ChainContext, purchase: boolean): SeedLine[] {
  const { random } = context;
  const count = random.chance(0.5) ? 1 : random.between(2, 5);
  const lines: SeedLine[] = [];
  for (let index = 0; index < count; index += 1) {
    const item = random.pick(articles);
    // Grain and fertiliser prices move with the season; cost and price move together, so no price falls below cost by chance.
    const season = 92 + random.between(0, 16);
    const cost = Math.round((item.cost * season) / 100);
    const list = Math.round((item.price * season) / 100);
    const price = purchase ? cost : Math.max(cost + 1, list - Math.round(((list - cost) * random.between(0, 40)) / 100));
    const half = (item.unit === 't' || item.unit === 'dt') && random.chance(0.4) ? 0.5 : 0;
    lines.push({ article: `${item.id} ${item.name}`, qty: random.between(item.min, item.max) + half, price: price / 100, vatRate: item.vat, cost: cost / 100 });
  }
  return lines;
}

/** In whole cents: quantities are multiples of 0.5, so half a cent is the finest that occurs and rounds up. */
export function sums(lines: readonly SeedLine[]): { subtotalNet: number; totalTax: number; totalGross: number } {
  let net = 0;
  let tax = 0;
  for (const line of lines) {
    const lineNet = Math.floor((Math.round(line.qty * 2) * Math.round(line.price * 100) + 1) / 2);
    net += lineNet;
    tax += Math.floor((lineNet * line.vatRate + 50) / 100);
  }
  return { subtotalNet: net / 100, totalTax: tax / 100, totalGross: (net + tax) / 100 };
}

/** Workflow of a document that left its draft: old ones are posted, some of the abandoned are rejected, the newest are still under way. */
function approval(context: ChainContext, domain: string, created: number, abandoned: boolean): Pick<SeedDocument, 'workflow' | 'trail' | 'updatedAt'> {
  const { random, now } = context;
  const submitter = domain === 'sales' ? 'sales' : 'purchase';
  const hour = 3_600_000;
  const submitted = created + random.between(5, 240) * 60_000;
  const decided = submitted + random.between(1, 30) * hour;
  const posted = decided + random.between(1, 40) * hour;
  const rejected = random.chance(0.4) && abandoned;
  const reason = random.pick(rejections);
  const approver = domain === 'sales' && random.chance(0.8) ? 'manager' : 'controller';
  if (submitted > now) return { workflow: null, trail: [], updatedAt: created };
  const trail: SeedTrail[] = [{ ts: submitted, actor: submitter, action: 'submit', from: 'draft', to: 'pending', reason: null, policy: null }];
  if (rejected && decided <= now) {
    trail.push({ ts: decided, actor: 'controller', action: 'reject', from: 'pending', to: 'rejected', reason, policy: null });
  } else if (decided <= now) {
    trail.push({ ts: decided, actor: approver, action: 'approve', from: 'pending', to: 'approved', reason: null, policy: domain === 'sales' ? 'price-not-below-cost' : 'role' });
    if (posted <= now) trail.push({ ts: posted, actor: 'controller', action: 'post', from: 'approved', to: 'posted', reason: null, policy: 'total-above-zero' });
  }
  const last = trail.at(-1);
  return { trail, updatedAt: last?.ts ?? created, workflow: { state: last?.to ?? 'draft', version: trail.length, submittedBy: submitter, submittedAt: submitted } };
}

type Draft = { type: string; fields: Record<string, unknown>; lines?: SeedLine[]; status: string; approved: boolean; at: number };

function finish(context: ChainContext, partner: Partner, number: string, draft: Draft): SeedDocument {
  const { random } = context;
  const info = types[draft.type];
  const key = partner.kind === 'customer' ? 'customerId' : 'supplierId';
  const flow = draft.approved ? approval(context, info?.domain ?? 'sales', draft.at, ['ABGELEHNT', 'STORNIERT'].includes(draft.status)) : { workflow: null, trail: [], updatedAt: draft.at };
  return {
    type: draft.type, partner, createdAt: draft.at, ...flow,
    body: {
      number, date: isoDate(draft.at), [key]: partner.id, status: draft.status, contactPerson: partner.contact,
      ...(random.chance(0.3) ? { notes: random.pick(notes) } : {}), ...draft.fields,
      ...(draft.lines ? { lines: draft.lines } : {}), ...(draft.lines && info?.totals ? sums(draft.lines) : {}),
    },
  };
}

/** Working hours of the day `offset` days after `ts`, never later than now. */
function later(context: ChainContext, ts: number, offset: number): number | null {
  const start = Math.floor(ts / day) * day + offset * day;
  const at = start + (7 * 60 + context.random.between(0, 540)) * 60_000;
  return at > context.now ? null : at;
}

/** inquiry → offer → order → delivery → invoice → payment, as far as time allows. */
export function salesChain(context: ChainContext, start: number): SeedDocument[] {
  const { random, now } = context;
  const partner = random.pick(context.customers);
  const lines = makeLines(context, false);
  const terms = random.pick(['net30', 'net14', 'net7', 'cash', 'prepay']);
  const documents: SeedDocument[] = [];
  const add = (type: string, at: number | null, status: string, approved: boolean, fields: Record<string, unknown>, withLines = true): string | null => {
    if (at === null) return null;
    const number = nextNumber(context, type, at);
    documents.push(finish(context, partner, number, { type, at, status, approved, fields, ...(withLines ? { lines } : {}) }));
    return number;
  };
  let at = later(context, start, 0);
  if (at !== null && random.chance(0.3)) {
    add('customer_inquiry', at, 'ANGEBOTEN', false, { inquiryType: 'PREIS', priority: random.pick(['HOCH', 'NORMAL', 'NIEDRIG']), description: `Anfrage ${lines[0]?.article ?? ''}`, requirements: 'Lieferung frei Hof', deadline: isoDate(at + 14 * day) });
    at = later(context, at, random.between(1, 3));
  }
  let offer: string | null = null;
  if (at !== null && random.chance(0.75)) {
    const lost = random.chance(0.15);
    const recent = now - at < 5 * day;
    offer = add('sales_offer', at, recent ? 'VERSENDET' : lost ? 'ABGELEHNT' : 'ANGENOMMEN', true, { validUntil: isoDate(at + 21 * day), deliveryDate: isoDate(at + 10 * day), deliveryAddress: partner.address, paymentTerms: terms });
    if (lost || recent) return documents;
    at = later(context, at, random.between(1, 4));
  }
  if (at === null) return documents;
  const delivered = now - at > 9 * day;
  const order = add('sales_order', at, delivered ? 'ABGESCHLOSSEN' : 'BESTAETIGT', true, { ...(offer === null ? {} : { salesOfferId: offer }), deliveryDate: isoDate(at + 7 * day), deliveryAddress: partner.address, paymentTerms: terms });
  at = later(context, at, random.between(2, 8));
  const delivery = add('sales_delivery', at, at !== null && now - at > 2 * day ? 'GELIEFERT' : 'VERSENDET', false, { sourceOrder: order, carrier: random.pick(['self', 'self', 'dhl', 'ups', 'dpd']), deliveryAddress: partner.address });
  if (at === null) return documents;
  at = later(context, at, random.between(0, 3));
  if (at === null) return documents;
  const late = random.chance(0.08);
  const due = at + 30 * day;
  const paidAt = late ? null : later(context, at, random.between(5, 29));
  const invoice = add('sales_invoice', at, paidAt !== null ? 'BEZAHLT' : due < now ? 'ÜBERFÄLLIG' : 'VERSENDET', true, { sourceOrder: order, sourceDelivery: delivery, dueDate: isoDate(due), paymentTerms: terms });
  add('payment_received', paidAt, paidAt !== null && now - paidAt > 10 * day ? 'ABGEGLICHEN' : 'VERBUCHT', false, { salesInvoiceId: invoice, amount: sums(lines).totalGross, paymentMethod: random.pick(['transfer', 'transfer', 'debit']), bankReference: `Rechnung ${invoice ?? ''}` }, false);
  return documents;
}

/** request → offer → order. */
export function purchaseChain(context: ChainContext, start: number): SeedDocument[] {
  const { random, now } = context;
  const partner = random.pick(context.suppliers);
  const lines = makeLines(context, true);
  const documents: SeedDocument[] = [];
  const add = (type: string, at: number, status: string, approved: boolean, fields: Record<string, unknown>): string => {
    const number = nextNumber(context, type, at);
    documents.push(finish(context, partner, number, { type, at, status, approved, fields, lines }));
    return number;
  };
  let at = later(context, start, 0);
  if (at === null) return documents;
  if (random.chance(0.5)) {
    add('purchase_request', at, 'BESTELLT', false, { requestType: 'BEDARF', priority: random.pick(['HOCH', 'NORMAL', 'NIEDRIG']), description: `Bedarf ${lines[0]?.article ?? ''}`, requirements: 'Lieferung an Lager Nord', deadline: isoDate(at + 21 * day) });
    at = later(context, at, random.between(1, 4));
  }
  let offer: string | null = null;
  if (at !== null && random.chance(0.6)) {
    offer = add('purchase_offer', at, now - at > 4 * day ? 'ANGENOMMEN' : 'EINGEGANGEN', true, { validUntil: isoDate(at + 14 * day), deliveryDate: isoDate(at + 12 * day), paymentTerms: 'net30' });
    at = later(context, at, random.between(1, 4));
  }
  if (at === null) return documents;
  const status = now - at > 14 * day ? (random.chance(0.03) ? 'STORNIERT' : 'VOLLGELIEFERT') : 'FREIGEGEBEN';
  add('purchase_order', at, status, true, { ...(offer === null ? {} : { purchaseOfferId: offer }), deliveryDate: isoDate(at + 10 * day), paymentTerms: 'net30' });
  return documents;
}

import { randomUUID } from 'node:crypto';
import templateDe from '../../../resources/security/dpia/de.json' with { type: 'json' };
import templateEn from '../../../resources/security/dpia/en.json' with { type: 'json' };
import { everything } from '../../../shared/domain/audit.ts';
import { isKept, keptUntil, retentionClassOf } from '../../../shared/domain/retention.ts';
import { appError, failure, type AppError } from '../../../shared/ipc/errors.ts';
import type { OverviewLine } from '../../../shared/security/overview.ts';
import { dpiaTemplateSchema, fillDpia, type Dpia } from '../../../shared/security/gdpr/dpia.ts';
import { localDay } from '../../../shared/security/gdpr/deadline.ts';
import { answeredKeptMs, blockerOf, gdprRequestSchema, lackOfAnswer, soonDays, standingOf, type Found, type GdprRequest, type NewRequest, type RequestStep } from '../../../shared/security/gdpr/request.ts';
import { wholeJournal } from '../../../shared/domain/audit.ts';
import { journaled } from '../../audit/journal.ts';
import type { Background, SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { createReminder } from '../reminder.ts';
import { mustAct } from '../rights.ts';
import { eraseHere } from './erasure.ts';
import { gdprEvidence } from './evidence.ts';

/** Documents of one person that are looked at here; where there are more, what is made from them says so. */
const mostDocuments = 5000;

export type GdprFeatures = { canExport: boolean; canErase: boolean; /** The server writes down what is done there. */ isAudited: boolean };

/** Requests of persons: what is stored about them, what they get, and what is erased, with proof of each step. */
export class GdprDesk {
  readonly #ports: SecurityPorts;
  readonly #requests: Records<GdprRequest>;
  /** Reminds of deadlines, keeps the evidence fresh, and lets go of what was kept long enough. */
  readonly background: Background & { look: () => Promise<void> };

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#requests = new Records({ host: ports.host, kind: 'gdpr.request', schema: gdprRequestSchema, idOf: ({ id }) => id, now: ports.clock.now });
    this.background = createReminder(ports, 'gdpr', () => this.#due());
  }

  list(): Promise<GdprRequest[]> {
    return this.#requests.list();
  }

  async features(): Promise<GdprFeatures> {
    const can = await this.#ports.erp.capabilities();
    return { canExport: can.has('gdpr.export') || can.has('gdpr.exportOlder'), canErase: can.has('gdpr.erase') || can.has('gdpr.eraseOlder'), isAudited: can.has('gdpr.export') };
  }

  /** @throws AppFailure input.invalid for a receipt that lies ahead: the deadline runs from it */
  async open(asked: NewRequest): Promise<GdprRequest> {
    if (asked.receivedOn > localDay(this.#ports.clock.now())) throw refusal('future');
    const request: GdprRequest = { ...asked, id: randomUUID(), identified: null, extended: null, found: null, exported: null, erasedThere: null, erased: null, answered: null, steps: [{ ...this.#mark(), what: 'opened', note: '' }] };
    await this.#requests.put(request);
    this.#note('gdpr.open', request);
    await this.#told();
    return request;
  }

  /** Takes a request back that was opened by mistake. @throws AppFailure input.invalid once something was handed out or erased */
  async discard(id: string): Promise<void> {
    const request = await this.#existing(id);
    this.#refuseIf(request, 'discard');
    await this.#requests.remove(id);
    this.#note('gdpr.discard', request);
    await this.#told();
  }

  /** @throws AppFailure input.invalid with the reason when the request is not where this step may follow */
  async step(id: string, step: RequestStep): Promise<GdprRequest> {
    const mark = this.#mark();
    const changed = await this.#change(id, (request) => {
      this.#refuseIf(request, step.what);
      if (step.what === 'identify') return add(request, mark, 'identified', step.how, { identified: { ...mark, how: step.how } });
      if (step.what === 'extend') return add(request, mark, 'extended', step.reason, { extended: { ...mark, reason: step.reason } });
      if (step.what === 'answer') {
        const lack = lackOfAnswer(request, step);
        if (lack !== null) throw refusal(lack);
        return add(request, mark, 'answered', step.note, { answered: { ...mark, answer: step.answer, note: step.note }, contact: '' });
      }
      if (step.what === 'reopen') return add(request, mark, 'reopened', step.reason, { answered: null });
      return add(request, mark, 'note', step.text, {});
    });
    this.#note(`gdpr.${step.what}`, changed);
    return changed;
  }

  /** Looks up what is stored about the person, here and, where it answers, on the server. Changes nothing there. */
  async find(id: string): Promise<GdprRequest> {
    const request = await this.#existing(id);
    const found = await this.#look(request.reference);
    return this.#change(id, (before) => add(before, this.#mark(), 'found', '', { found }));
  }

  /** What is known here of whether a package may be handed out; asks no server. @throws AppFailure input.invalid */
  async checkExport(id: string): Promise<GdprRequest> {
    const request = await this.#existing(id);
    this.#refuseIf(request, 'export');
    return request;
  }

  /**
   * Everything that is stored about the person, as one JSON file (Art. 15 (3) and 20 (1)), put together and written by the data host.
   * @throws AppFailure input.invalid while nobody has checked who asks; server.notFound, server.unsupported, network.*
   */
  async exportPackage(id: string, file: string): Promise<GdprRequest> {
    const { erp, host, audit, profile } = this.#ports;
    const request = await this.checkExport(id);
    const wire = await journaled(audit.notes, { action: 'gdpr.export', resource: `gdpr/${request.reference}` }, () => erp.gdpr.read(request.reference));
    const mark = this.#mark();
    const here = await this.#tracesHere(request.reference);
    const drafts = await this.#draftsOf(request.reference);
    const { sha256, counts } = await host.person.pack({
      file, wire,
      head: { format: 'valeo-gdpr-export/1', request: request.id, reference: request.reference, name: request.name, exportedAt: new Date(mark.at).toISOString(), server: new URL(profile.erpUrl).host },
      tail: { onThisComputer: { documents: here.documents, documentsTotal: here.documentsTotal, drafts: drafts.map(({ content, savedAt }) => ({ content, savedAt: new Date(savedAt).toISOString() })) } },
    });
    const exported = { ...mark, sha256, ...counts };
    // Noted when the file is there: a package that nobody has got was not handed out.
    return this.#change(id, (before) => add(before, mark, 'exported', exported.sha256, { exported }));
  }

  /**
   * Erases the person: on the server first, then what is about them here. The books stay, as the law wants. What the server has
   * done is written down before anything else, so that the rest can be done, and certified, after an interruption.
   * @param typed the reference, typed by the person who erases. @throws AppFailure input.invalid, server.*, network.*, access.*
   */
  async erase(id: string, typed: string, discardDrafts: boolean): Promise<GdprRequest> {
    const { erp, audit } = this.#ports;
    const request = await this.#existing(id);
    this.#refuseIf(request, 'erase');
    const { reference } = request;
    if (typed.trim() !== reference) throw refusal('typed');
    const before = await this.#look(reference, false);
    // They would bring the person back to the server.
    if (before.here.waiting > 0) throw failure('input.invalid', { messageKey: 'errors.gdpr.waiting', params: { count: String(before.here.waiting) } });
    let there = request.erasedThere;
    if (there === null) {
      const anonymized = await journaled(audit.notes, { action: 'gdpr.erase', resource: `gdpr/${reference}` }, () => erp.gdpr.erase(reference));
      const done = { ...this.#mark(), anonymized };
      there = done;
      await this.#change(id, (now) => ({ ...now, erasedThere: done }));
    }
    const erased = await eraseHere(this.#ports, { request, there, before, discardDrafts });
    return this.#change(id, (now) => add(now, this.#mark(), 'erased', erased.anonymized === null ? '' : String(erased.anonymized), { erased }));
  }

  /** The signed text about an erasure. @throws AppFailure input.invalid when nothing was erased */
  async certificate(id: string): Promise<string> {
    const { erased } = await this.#existing(id);
    if (erased === null) throw refusal('nothingErased');
    return erased.certificate;
  }

  /** The impact assessment, filled with what is known here. */
  async dpia(language: 'de' | 'en'): Promise<{ dpia: Dpia; sender: string }> {
    const { profile, evidence, clock } = this.#ports;
    const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { day: '2-digit', month: '2-digit', year: 'numeric' });
    const dpia = fillDpia(dpiaTemplateSchema.parse(language === 'de' ? templateDe : templateEn), {
      server: new URL(profile.erpUrl).host, environment: profile.environment, provider: `${new URL(profile.issuer).host} (${profile.provider})`, by: this.#mark().by, now: clock.now(), evidence: await evidence.list(), date: (at) => format.format(at),
    });
    return { dpia, sender: profile.name };
  }

  /** Somebody vouches for a data protection impact assessment. */
  async attestDpia(note: string): Promise<void> {
    const { evidence, clock, audit, account } = this.#ports;
    mustAct(account());
    const { at, by } = this.#mark();
    // A year, or sooner when the processing changes (Art. 35 (11) GDPR).
    await evidence.write({ point: 'gdpr.dpia', origin: 'gdpr.desk', outcome: 'met', source: 'attested', at, expiresAt: clock.now() + 365 * 86_400_000, messageKey: 'security-gdpr.evidence.dpia', params: { note: note.slice(0, 500) }, by, link: '/security/gdpr' });
    audit.notes.note({ action: 'gdpr.dpia', resource: 'gdpr/dpia', outcome: 'local', correlationId: null, detail: note });
    this.#ports.changed('gdpr');
  }

  async #look(reference: string, askServer = true): Promise<Found> {
    const { erp, host, isOnline, clock, log } = this.#ports;
    const { documents: keys, documentsTotal: total, drafts, waiting } = await this.#tracesHere(reference);
    const today = localDay(clock.now());
    const kept = new Map<'voucher' | 'letter', { documents: number; until: string | null }>();
    for (const key of keys) {
      const record = await host.documents.get(key);
      if (record === null || !isKept(key.type, record.document.date, today)) continue;
      const kind = retentionClassOf(key.type);
      if (kind === 'books') continue;
      const until = keptUntil(kind, record.document.date);
      const known = kept.get(kind);
      kept.set(kind, { documents: (known?.documents ?? 0) + 1, until: known === undefined ? until : known.until === null || until === null ? null : known.until > until ? known.until : until });
    }
    const [audited, journalEntries] = await Promise.all([host.audit('audit.list', { filter: { ...everything, actor: reference }, offset: 0, limit: 1 }), this.#journalEntries(reference)]);
    const server = askServer && isOnline() ? await erp.gdpr.read(reference).then((wire) => host.person.count(wire)).catch(
      (error: unknown) => {
        log.info('the server does not say what it has stored about a person', { error });
        return null;
      },
    ) : null;
    return { at: clock.now(), here: { documents: total, drafts, waiting, auditEntries: audited.total, journalEntries }, server, kept: [...kept].map(([kind, row]) => ({ kind, ...row })), isCut: keys.length < total };
  }

  #tracesHere(reference: string): ReturnType<SecurityPorts['host']['person']['traces']> {
    return this.#ports.host.person.traces(reference, mostDocuments);
  }

  async #draftsOf(reference: string) {
    const { host } = this.#ports;
    const all = await Promise.all((await host.drafts.list()).map(({ id }) => host.drafts.get(id)));
    return all.filter((draft) => draft !== null).filter(({ content }) => content.partnerId === reference);
  }

  async #journalEntries(actor: string): Promise<number> {
    return (await this.#ports.host.audit('journal.list', { filter: { ...wholeJournal, actor }, offset: 0, limit: 1 })).total;
  }

  async #existing(id: string): Promise<GdprRequest> {
    const request = await this.#requests.get(id);
    if (request === null) throw refusal('missing');
    return request;
  }

  async #change(id: string, change: (request: GdprRequest) => GdprRequest): Promise<GdprRequest> {
    const changed = await this.#requests.change(id, change);
    if (changed === null) throw refusal('missing');
    await this.#told();
    return changed;
  }

  async #told(): Promise<void> {
    const { evidence, clock } = this.#ports;
    const { said, silent } = gdprEvidence(await this.list(), await this.features().catch(() => null), clock.now());
    await evidence.settle(said, silent);
    this.#ports.changed('gdpr');
  }

  /** The next deadline, for the overview; null while no request is open. */
  async overviewLine(): Promise<OverviewLine | null> {
    const { clock } = this.#ports;
    const open = (await this.list()).filter(({ answered }) => answered === null).map((request) => standingOf(request, clock.now()));
    if (open.length === 0) return null;
    const days = Math.min(...open.map(({ daysLeft }) => daysLeft));
    const state = days < 0 ? 'overdue' : days <= soonDays ? 'soon' : 'open';
    const tone = ({ overdue: 'bad', soon: 'warning', open: 'good' } as const)[state];
    const params = { count: String(state === 'overdue' ? open.filter(({ daysLeft }) => daysLeft < 0).length : open.length), days: String(Math.max(0, days)) };
    return { id: 'privacy', area: 'gdpr', tone, text: `security.privacy.${state}`, params, at: clock.now(), link: '/security/gdpr' };
  }

  async #due(): Promise<AppError | null> {
    const now = this.#ports.clock.now();
    const requests = await this.list();
    const old = requests.filter(({ answered }) => answered !== null && answered.at + answeredKeptMs < now).map(({ id }) => id);
    if (old.length > 0) await this.#requests.remove(...old);
    if (requests.length > 0) await this.#told();
    const pressing = requests.map((request) => standingOf(request, now)).filter(({ state }) => state === 'overdue' || state === 'soon');
    if (pressing.length === 0) return null;
    const isLate = pressing.some(({ state }) => state === 'overdue');
    return appError('gdpr.reminder', { messageKey: `errors.gdpr.reminder${isLate ? 'Late' : ''}`, params: { count: String(pressing.length), due: pressing.map(({ due }) => due).toSorted()[0] ?? '' } });
  }

  #refuseIf(request: GdprRequest, what: Parameters<typeof blockerOf>[1]): void {
    const blocker = blockerOf(request, what, this.#ports.clock.now());
    if (blocker !== null) throw refusal(blocker);
  }

  #mark(): { at: number; by: string } {
    return { at: this.#ports.clock.now(), by: this.#ports.account().userName };
  }

  #note(action: string, { reference }: GdprRequest): void {
    this.#ports.audit.notes.note({ action, resource: `gdpr/${reference}`, outcome: 'local', correlationId: null });
  }
}

const refusal = (why: string) => failure('input.invalid', { messageKey: `errors.gdpr.${why}` });

const add = (request: GdprRequest, mark: { at: number; by: string }, what: GdprRequest['steps'][number]['what'], note: string, change: Partial<GdprRequest>): GdprRequest =>
  ({ ...request, ...change, steps: [...request.steps, { ...mark, what, note }] });

export const createGdpr = (ports: SecurityPorts): GdprDesk => new GdprDesk(ports);

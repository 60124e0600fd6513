import { randomUUID } from 'node:crypto';
import templateDe from '../../../resources/security/dpia/de.json' with { type: 'json' };
import templateEn from '../../../resources/security/dpia/en.json' with { type: 'json' };
import { everything } from '../../../shared/domain/audit.ts';
import { isKept, keptUntil, retentionClassOf } from '../../../shared/domain/retention.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { formatCertificate, type Certificate } from '../../../shared/security/gdpr/certificate.ts';
import { dpiaTemplateSchema, fillDpia, type Dpia } from '../../../shared/security/gdpr/dpia.ts';
import { localDay } from '../../../shared/security/gdpr/deadline.ts';
import { blockerOf, gdprRequestSchema, type Found, type GdprRequest, type NewRequest, type RequestStep } from '../../../shared/security/gdpr/request.ts';
import { wholeJournal } from '../../../shared/domain/audit.ts';
import { journaled } from '../../audit/journal.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { mustAct } from '../rights.ts';
import { gdprEvidence } from './evidence.ts';

/** Documents of one person that are looked at here; where there are more, what is made from them says so. */
const mostDocuments = 5000;

export type GdprFeatures = { canExport: boolean; canErase: boolean; /** The server writes down what is done there. */ isAudited: boolean };

/** Requests of persons: what is stored about them, what they get, and what is erased, with proof of each step. */
export class GdprDesk {
  readonly #ports: SecurityPorts;
  readonly #requests: Records<GdprRequest>;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#requests = new Records({ host: ports.host, kind: 'gdpr.request', schema: gdprRequestSchema, idOf: ({ id }) => id, now: ports.clock.now });
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
    const request: GdprRequest = { ...asked, id: randomUUID(), identified: null, extended: null, found: null, exported: null, erased: null, answered: null, steps: [{ ...this.#mark(), what: 'opened', note: '' }] };
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
      if (step.what === 'answer') return add(request, mark, 'answered', step.note, { answered: { ...mark, answer: step.answer, note: step.note } });
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
    const here = await this.#documentsHere(request.reference);
    const drafts = await this.#draftsOf(request.reference);
    const { sha256, counts } = await host.person.pack({
      file, wire,
      head: { format: 'valeo-gdpr-export/1', request: request.id, reference: request.reference, name: request.name, exportedAt: new Date(mark.at).toISOString(), server: new URL(profile.erpUrl).host },
      tail: { onThisComputer: { documents: here.keys, documentsTotal: here.total, drafts: drafts.map(({ content, savedAt }) => ({ content, savedAt: new Date(savedAt).toISOString() })) } },
    });
    const exported = { ...mark, sha256, ...counts };
    // Noted when the file is there: a package that nobody has got was not handed out.
    return this.#change(id, (before) => add(before, mark, 'exported', exported.sha256, { exported }));
  }

  /**
   * Erases the person: on the server first, then what came of it here. The books stay, as the law wants.
   * @param typed the reference, typed by the person who erases. @throws AppFailure input.invalid, server.*, network.*, access.*
   */
  async erase(id: string, typed: string, discardDrafts: boolean): Promise<GdprRequest> {
    const { erp, audit, documents, drafts, profile, log } = this.#ports;
    const request = await this.#existing(id);
    this.#refuseIf(request, 'erase');
    const { reference } = request;
    if (typed.trim() !== reference) throw refusal('typed');
    const before = await this.#look(reference, false);
    const { keys } = await this.#documentsHere(reference);
    const anonymized = await journaled(audit.notes, { action: 'gdpr.erase', resource: `gdpr/${reference}` }, () => erp.gdpr.erase(reference));
    let documentsReread = 0;
    for (const key of keys) {
      // What cannot be read again now comes with the next pull: the server has changed it.
      await documents.reread(key, { priority: 'bulk' }).then(() => { documentsReread += 1; }, (error: unknown) => log.info('a document was not read again after an erasure', { error }));
    }
    await Promise.all((['customers', 'suppliers'] as const).map((kind) => documents.lookup(kind, '').catch(() => undefined)));
    let draftsDiscarded = 0;
    if (discardDrafts) {
      for (const draft of await this.#draftsOf(reference)) {
        if (draft.state === 'queued') continue;
        // The server has erased by now: whatever happens here, that is recorded. A draft that stays is still on the list of drafts.
        await drafts.discard(draft.id).then(() => { draftsDiscarded += 1; }, (error: unknown) => log.warn('a draft about an erased person could not be discarded', { error }));
      }
    }
    const mark = this.#mark();
    const certificate: Certificate = {
      request: id, reference, server: new URL(profile.erpUrl).host, erasedAt: new Date(mark.at).toISOString(), erasedBy: mark.by, anonymized,
      here: { documentsReread, draftsDiscarded }, kept: before.kept, isKeptCut: before.isCut, keptLogEntries: before.here.auditEntries + before.here.journalEntries,
    };
    const device = await audit.deviceKey();
    const erased = { ...mark, anonymized, draftsDiscarded, documentsReread, certificate: formatCertificate(certificate, device.note, device.sign) };
    return this.#change(id, (now) => add(now, mark, 'erased', anonymized === null ? '' : String(anonymized), { erased }));
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
    const { keys, total } = await this.#documentsHere(reference);
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
    const [drafts, audited, journalEntries] = await Promise.all([
      this.#draftsOf(reference), host.audit('audit.list', { filter: { ...everything, actor: reference }, offset: 0, limit: 1 }), this.#journalEntries(reference),
    ]);
    const server = askServer && isOnline() ? await erp.gdpr.read(reference).then((wire) => host.person.count(wire)).catch(
      (error: unknown) => {
        log.info('the server does not say what it has stored about a person', { error });
        return null;
      },
    ) : null;
    return { at: clock.now(), here: { documents: total, drafts: drafts.length, auditEntries: audited.total, journalEntries }, server, kept: [...kept].map(([kind, row]) => ({ kind, ...row })), isCut: keys.length < total };
  }

  #documentsHere(reference: string): ReturnType<SecurityPorts['host']['documents']['keys']> {
    return this.#ports.host.documents.keys({ partnerId: reference, sort: { by: 'changed', direction: 'desc' }, limit: mostDocuments });
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

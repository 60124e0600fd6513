import { createHash, randomUUID } from 'node:crypto';
import { everything, wholeJournal, type AuditRow, type AuditStatus } from '../../../shared/domain/audit.ts';
import { formatKey } from '../../../shared/audit/note.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { Report } from '../../../shared/report/template.ts';
import { bundleOf, findingId, findingKinds, fitting, isIncomplete, isShortened, mostFindings, reviewSchema, summaryOf, type Found, type Review, type ReviewSummary, type Verdict } from '../../../shared/security/review/finding.ts';
import { formatStatement, statementOf } from '../../../shared/security/review/statement.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';
import { mustAct } from '../rights.ts';
import { bundleLines, isDecided, reportedEntries, reportWords, reviewReport, type ReportLanguage } from './report.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A review counts for the score from the end of its period for as long as that was and two weeks, a quarter and two weeks at most. */
const slack = 14 * day;
const counts = 91 * day + slack;
/** Entries of the journal that are asked for at once. */
const journalPage = 500;

/** Reviews of what happened in a period: findings from the cached log and the journal, decided one by one, ended by a signed report. */
export class ReviewDesk {
  readonly #ports: SecurityPorts;
  readonly #reviews: Records<Review>;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#reviews = new Records({ host: ports.host, kind: 'review', schema: reviewSchema, idOf: ({ id }) => id, now: ports.clock.now });
  }

  async list(): Promise<ReviewSummary[]> {
    return (await this.#reviews.list()).map(summaryOf).toSorted((a, b) => b.createdAt - a.createdAt);
  }

  get(id: string): Promise<Review | null> {
    return this.#reviews.get(id);
  }

  /** Looks at a period of the log, which is read and verified first where the server can be asked. @param period epoch milliseconds, both included */
  async start({ from, to }: { from: number; to: number }): Promise<Review> {
    const { host, audit, clock } = this.#ports;
    if (from >= to) throw failure('input.invalid');
    const asked = clock.now();
    // What cannot be read is a finding, not a reason to look at nothing.
    if (this.#ports.isOnline()) await this.#ports.jobs.ended(audit.visit().id);
    await audit.notes.settled();
    const status = await audit.status();
    const [{ root, size }, analysis] = await Promise.all([host.audit('audit.root'), host.audit('audit.review', { from, to, readAt: status.verified?.at ?? null })]);
    const found = [...this.#gaps(status, from, to, asked), ...await this.#forgotten(from, to), ...analysis.found];
    const findings = found.toSorted((a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind)).slice(0, mostFindings).map(fitting).map((one) => ({ ...one, id: findingId(one), decision: null }));
    const review: Review = { id: randomUUID(), from, to, createdAt: clock.now(), createdBy: this.#by(), log: { kind: status.kind, origin: status.origin, size, verified: status.verified, root }, entries: analysis.entries, actors: analysis.actors, findings, cut: found.length - findings.length, finished: null };
    await this.#reviews.put(review);
    this.#note('review.start', review);
    this.#ports.changed('review');
    return review;
  }

  /** Decides about a finding, or takes a decision back. @throws AppFailure input.invalid for a finished review, server.notFound */
  async decide(id: string, finding: string, decision: { verdict: Verdict; note: string } | null): Promise<Review> {
    const mark = { at: this.#ports.clock.now(), by: this.#by() };
    return this.#change(id, (review) => {
      if (review.finished !== null || !review.findings.some((one) => one.id === finding)) throw failure('input.invalid');
      return { ...review, findings: review.findings.map((one) => (one.id === finding ? { ...one, decision: decision === null ? null : { ...decision, ...mark } } : one)) };
    });
  }

  /** The entries behind a finding, as far as they are kept with it. */
  async entries(id: string, finding: string): Promise<AuditRow[]> {
    const found = (await this.#existing(id)).findings.find((one) => one.id === finding);
    return found === undefined ? [] : this.#ports.host.audit('audit.rows', { indexes: found.indexes });
  }

  /** A review that was begun by mistake goes; a finished one stays. */
  async discard(id: string): Promise<void> {
    mustAct(this.#ports.account());
    const review = await this.#existing(id);
    if (review.finished !== null) throw failure('input.invalid');
    await this.#reviews.remove(id);
    this.#note('review.discard', review);
    this.#ports.changed('review');
  }

  /** The report, to be laid out. @throws AppFailure input.invalid while something is undecided */
  async report(id: string, language: ReportLanguage): Promise<{ report: Report; note: string }> {
    const review = await this.#existing(id);
    if (!isDecided(review) || review.finished !== null) throw failure('input.invalid');
    const rows = new Map<string, AuditRow[]>();
    for (const finding of review.findings) rows.set(finding.id, await this.#ports.host.audit('audit.rows', { indexes: finding.indexes.slice(0, reportedEntries) }));
    const { say, moment } = reportWords(language);
    const { note: key } = await this.#ports.audit.deviceKey();
    const at = this.#ports.clock.now();
    return { report: reviewReport(review, rows, { language, sender: this.#ports.profile.name, by: this.#by(), at, device: formatKey(key) }), note: say('report.foot', { at: moment(at) }) };
  }

  /** Ends the review with the report as it was written: this computer signs its SHA-256 and the result. */
  async finish(id: string, { pdf, file }: { pdf: Uint8Array; file: string }): Promise<Review> {
    const { audit, clock, evidence } = this.#ports;
    const mark = { at: clock.now(), by: this.#by(), sha256: createHash('sha256').update(pdf).digest('hex') };
    const device = await audit.deviceKey();
    const done = await this.#change(id, (review) => {
      if (!isDecided(review) || review.finished !== null) throw failure('input.invalid');
      return { ...review, finished: { ...mark, file, statement: formatStatement(statementOf(review, mark), device.note, device.sign) } };
    });
    this.#note('review.finish', done);
    const said = reviewEvidence(done, mark);
    if (said !== null) await evidence.write(said);
    return done;
  }

  /**
   * The evidence file: the entries behind all findings with their proofs, and in its signed words the result and the report's SHA-256.
   * Without findings it holds the checkpoints, so that it is proven what was looked at; where nothing is verified, the result alone.
   */
  async bundle(id: string, language: ReportLanguage): Promise<string> {
    const { audit } = this.#ports;
    const { finished, findings, ...review } = await this.#existing(id);
    if (finished === null) throw failure('input.invalid');
    const { indexes } = bundleOf({ findings, log: review.log });
    const { say, moment, figure } = reportWords(language);
    const words = [
      say('report.title'), `${moment(review.from)} – ${moment(review.to)}`, '', say('bundle.how'), `SHA-256 ${finished.sha256}`, '',
      ...findings.map(({ kind, actor, count, decision, indexes: kept }, at) => `${at + 1}. ${say(`kind.${kind}`)}${actor === '' ? '' : `: ${actor}`} (${count}${isShortened({ indexes: kept, count }) ? `, ${say('bundle.shortened', { shown: figure(kept.length) })}` : ''}): ${say(`verdict.${decision?.verdict ?? 'open'}`)}${decision === null || decision.note === '' ? '' : `: ${decision.note}`}`),
      '', ...bundleLines({ findings, ...review }, { say, figure }), '',
    ];
    return (await audit.evidence({ indexes }, words, say('bundle.unproven'), { note: finished.statement, origin: review.log.origin, isProven: review.log.verified !== null })).text;
  }

  #gaps({ verified, size, alarms, sections }: AuditStatus, from: number, to: number, asked: number): Found[] {
    const about = { actor: '', first: from, last: to, indexes: [] };
    const unverified = size - (verified?.size ?? 0);
    // Whether anything was written down after the last reading nobody knows.
    const until = Math.min(to, asked);
    const readAt = verified?.at ?? from;
    return [
      ...alarms.filter(({ acknowledged }) => acknowledged === null).map(({ id, raisedAt, firstBad }): Found => ({ ...about, kind: 'alarm', subject: String(id), count: 1, first: raisedAt, last: raisedAt, indexes: firstBad === null || firstBad >= size ? [] : [firstBad], filter: null })),
      // What was sealed is not among the entries that are looked at here.
      ...sections.filter(({ sealedAt }) => sealedAt >= from && sealedAt <= to).map(({ number, sealedAt, sealedBy, reason, size: proven }): Found => ({ ...about, kind: 'section', actor: sealedBy, subject: `${number}: ${reason}`, count: proven, first: sealedAt, last: sealedAt, filter: null })),
      ...(unverified > 0 || verified === null ? [{ ...about, kind: 'unverified', subject: '', count: unverified, filter: everything } satisfies Found] : []),
      ...(verified !== null && readAt < until ? [{ ...about, kind: 'unread', subject: '', count: Math.ceil((until - Math.max(from, readAt)) / hour), first: Math.max(from, readAt), last: until, filter: null } satisfies Found] : []),
    ];
  }

  /** What this client did, the server confirmed, and its log does not have; and a journal that cannot say so any more. */
  async #forgotten(from: number, to: number): Promise<Found[]> {
    const rows = [];
    let firstBad: number | null = null;
    for (let offset = 0, total = 1; offset < total; offset += journalPage) {
      const page = await this.#ports.host.audit('journal.list', { filter: { ...wholeJournal, status: 'missing' }, offset, limit: journalPage });
      rows.push(...page.rows.filter(({ at }) => at >= from && at <= to));
      total = page.total;
      firstBad = page.firstBad;
    }
    const broken: Found[] = firstBad === null ? [] : [{ kind: 'journalBroken', actor: '', subject: String(firstBad), count: 1, first: from, last: to, indexes: [], filter: null }];
    return [...broken, ...rows.map(({ seq, actor, action, resource, at }) => ({ kind: 'journalMissing', actor, subject: `${seq}: ${action} ${resource}`.slice(0, 300), count: 1, first: at, last: at, indexes: [], filter: null } satisfies Found))];
  }

  async #existing(id: string): Promise<Review> {
    const review = await this.#reviews.get(id);
    if (review === null) throw failure('server.notFound');
    return review;
  }

  async #change(id: string, change: (review: Review) => Review): Promise<Review> {
    const changed = await this.#reviews.change(id, change);
    if (changed === null) throw failure('server.notFound');
    this.#ports.changed('review');
    return changed;
  }

  #note(action: string, { id }: Review): void {
    this.#ports.audit.notes.note({ action, resource: `review/${id}`, outcome: 'local', correlationId: null });
  }

  /** @throws AppFailure access.missingScope */
  #by(): string {
    const account = this.#ports.account();
    mustAct(account);
    return account.userName;
  }
}

/**
 * What a finished review says for the score: a person vouches for the period, so it is as old as the end of that or, if that was before, as what had
 * been read; and an older
 * period that is reviewed later undoes no newer one. Null when nothing happened in it: looking at nothing proves nothing.
 */
export function reviewEvidence(review: Review, mark: { at: number; by: string }): Evidence | null {
  if (review.entries === 0) return null;
  const { raised } = summaryOf(review);
  const at = Math.min(review.to, mark.at, review.log.verified?.at ?? Infinity);
  return {
    point: 'authorisation.review', origin: 'review', outcome: raised === 0 && !isIncomplete(review) ? 'met' : 'partly', source: 'attested', at, expiresAt: at + Math.min(counts, review.to - review.from + slack),
    messageKey: review.cut === 0 ? 'security-review.evidence' : 'security-review.evidenceCut', params: { findings: String(review.findings.length), raised: String(raised), cut: String(review.cut) }, by: mark.by, link: `/security/review/${review.id}`,
  };
}

export const createReview = (ports: SecurityPorts): ReviewDesk => new ReviewDesk(ports);

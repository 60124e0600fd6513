import de from '../../../resources/locales/de/security-review.json' with { type: 'json' };
import en from '../../../resources/locales/en/security-review.json' with { type: 'json' };
import type { AuditRow } from '../../../shared/domain/audit.ts';
import { fill } from '../../../shared/paper/words.ts';
import type { Report, ReportBlock } from '../../../shared/report/template.ts';
import { bundleOf, isIncomplete, keptEntries, openFindings, raisedFindings, reviewRules, type Review, type ReviewFinding } from '../../../shared/security/review/finding.ts';

export type ReportLanguage = 'de' | 'en';
type TextName = keyof typeof de;
/** Entries of one finding that the report lists; the evidence file has more of them. */
export const reportedEntries = 12;

/** The words and figures of a review's report. */
export function reportWords(language: ReportLanguage) {
  const texts = language === 'de' ? de : en;
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const figure = new Intl.NumberFormat(locale);
  return {
    say: (name: TextName, values: Record<string, string> = {}): string => fill(texts[name], values),
    moment: (at: number): string => moment.format(at), day: (at: number): string => day.format(at), figure: (value: number): string => figure.format(value),
  };
}
type Words = ReturnType<typeof reportWords>;

export const ruleValues = ({ figure }: Pick<Words, 'figure'>): Record<string, string> => Object.fromEntries(Object.entries(reviewRules).map(([name, value]) => [name, figure(value)]));

function findingBlocks(finding: ReviewFinding, rows: readonly AuditRow[], number: number, words: Words, isClaimed: boolean): ReportBlock[] {
  const { say, moment, figure } = words;
  const { decision, kind, actor, subject, count, first, last } = finding;
  return [
    { kind: 'heading', level: 3, text: `${number}. ${say(`kind.${kind}`)}${actor === '' ? '' : `: ${actor}`}` },
    { kind: 'facts', rows: [
      [say('report.verdict'), decision === null ? { badge: say('verdict.open'), tone: 'plain' } : { badge: say(`verdict.${decision.verdict}`), tone: decision.verdict === 'raised' ? 'bad' : 'good' }],
      ...(decision === null ? [] : [[say('report.decidedBy'), `${decision.by}, ${moment(decision.at)}`] as [string, string]]),
      ...(decision === null || decision.note === '' ? [] : [[say('column.note'), decision.note] as [string, string]]),
      [say('report.what'), say(`what.${kind}`, { actor, subject, count: figure(count) })],
      [say('report.when'), first === last ? moment(first) : `${moment(first)} – ${moment(last)}`],
    ] },
    ...(rows.length === 0 ? [] : [{
      kind: 'table', caption: rows.length < count ? say('report.entriesOf', { shown: figure(rows.length), count: figure(count) }) : say('report.entries'),
      columns: [{ head: say('entry.number'), align: 'end', narrow: true }, { head: say('entry.at'), narrow: true }, { head: say('entry.actor') }, { head: say('entry.action') }, { head: say('entry.resource') }, ...(isClaimed ? [] : [{ head: say('entry.outcome'), narrow: true }]), { head: say(isClaimed ? 'entry.changes' : 'entry.reason') }],
      rows: rows.map((row) => [figure(row.index + 1), moment(row.at), row.actor, row.action, row.resource, ...(isClaimed ? [] : [say(`outcome.${row.outcome}`)]), row.reason ?? '']), empty: '',
    } satisfies ReportBlock]),
  ];
}

/**
 * The report of a review, whole: what was looked at, how far it is proven, what stood out and what was decided about it.
 * @param rows some of the entries behind each finding, by its id. @param device key of the computer that signs it
 */
export function reviewReport(review: Review, rows: ReadonlyMap<string, readonly AuditRow[]>, { language, sender, by, at, device }: { language: ReportLanguage; sender: string; by: string; at: number; device: string }): Report {
  const words = reportWords(language);
  const { say, moment, figure } = words;
  const raised = raisedFindings(review);
  const { log, findings } = review;
  return {
    language, sender, title: say('report.title'), lead: `${moment(review.from)} – ${moment(review.to)}`,
    meta: [
      [say('report.result'), raised > 0 ? { badge: say('report.withRaised', { count: figure(raised) }), tone: 'bad' } : isIncomplete(review) ? { badge: say('report.incomplete'), tone: 'bad' } : { badge: say('report.clean'), tone: 'good' }],
      [say('report.by'), `${by}, ${moment(at)}`],
      [say('report.period'), say('report.periodValue', { entries: figure(review.entries), actors: figure(review.actors) })],
      ...(review.cut === 0 ? [] : [[say('report.cut'), say('cut', { cut: figure(review.cut) })] satisfies Report['meta'][number]]),
      [say('report.log'), `${log.origin ?? '–'} (${say(`log.${log.kind}`)})`],
      [say('report.verified'), log.verified === null ? say('report.notVerified') : say('report.verifiedValue', { size: figure(log.verified.size), of: figure(log.size), at: moment(log.verified.at) })],
      [say('report.root'), { code: log.root }],
      [say('report.id'), { code: review.id }],
      [say('report.device'), { code: device }],
    ],
    sections: [
      { kind: 'heading', text: say('report.summary') },
      { kind: 'table', columns: [{ head: '#', align: 'end', narrow: true }, { head: say('column.kind') }, { head: say('column.actor') }, { head: say('column.count'), align: 'end', narrow: true }, { head: say('report.verdict'), narrow: true }, { head: say('column.note') }],
        rows: findings.map(({ kind, actor, count, decision }, index) => [String(index + 1), say(`kind.${kind}`), actor === '' ? '–' : actor, figure(count), { badge: say(`verdict.${decision?.verdict ?? 'open'}`), tone: decision === null ? 'plain' : decision.verdict === 'raised' ? 'bad' : 'good' }, decision?.note ?? '']), empty: say('report.nothing') },
      ...(findings.length === 0 ? [] : [{ kind: 'heading', text: say('report.findings') } satisfies ReportBlock, ...findings.flatMap((finding, index) => findingBlocks(finding, rows.get(finding.id) ?? [], index + 1, words, log.kind === 'witness'))]),
      { kind: 'heading', text: say('report.how') },
      { kind: 'paragraph', text: say('report.howText') },
      { kind: 'list', items: (['unusualHours', 'bulk', 'selfApproval', 'failed', 'privilege', 'silence'] as const).map((kind) => `${say(`kind.${kind}`)}: ${say(`rule.${kind}`, ruleValues(words))}`) },
      { kind: 'paragraph', text: [say('report.signed'), ...bundleLines(review, words)].join(' '), small: true },
      { kind: 'signatures', labels: [say('report.place'), say('report.reviewer')] },
    ],
  };
}

/** What the evidence file of a review holds and what it does not, for the report and for the file itself. */
export function bundleLines(review: Pick<Review, 'findings' | 'log' | 'cut'>, { say, figure }: Pick<Words, 'say' | 'figure'>): string[] {
  const { indexes, beyond, unproven, shortened } = bundleOf(review);
  return [
    ...(review.cut === 0 ? [] : [say('cut', { cut: figure(review.cut) })]), say('bundle.holds', { shown: figure(indexes.length) }),
    ...(shortened === 0 ? [] : [say(shortened === 1 ? 'bundle.shortenedFindings_one' : 'bundle.shortenedFindings_other', { count: figure(shortened), shown: figure(keptEntries) })]),
    ...(beyond === 0 ? [] : [say('bundle.beyond', { left: figure(beyond), most: figure(indexes.length) })]), ...(unproven === 0 ? [] : [say('bundle.unproven', { left: figure(unproven) })]),
  ];
}

/** Whether a report may be written: nothing is left undecided. */
export const isDecided = (review: Review): boolean => openFindings(review) === 0;

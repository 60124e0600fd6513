import documentsDe from '../../../resources/locales/de/documents.json' with { type: 'json' };
import documentsEn from '../../../resources/locales/en/documents.json' with { type: 'json' };
import de from '../../../resources/locales/de/audit-export.json' with { type: 'json' };
import en from '../../../resources/locales/en/audit-export.json' with { type: 'json' };
import type { AuditFilter, AuditStatus } from '../../../shared/domain/audit.ts';
import { auditColumns, retentionClasses, retentionOf, type AuditExportFormat, type AuditExportWords } from '../../../shared/domain/audit-export.ts';
import { documentTypes } from '../../../shared/domain/document-types.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { workingHours } from '../../../shared/domain/working-hours.ts';
import { retentionYears } from '../../../shared/domain/retention.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { fill } from '../../../shared/paper/words.ts';
import type { Report } from '../../../shared/report/template.ts';
import type { Journal } from '../../audit/journal.ts';
import { safeFileName } from '../../files/file-name.ts';
import { writeWholeFile } from '../../files/output-file.ts';
import type { FilePorts } from '../../files/ports.ts';
import { reportPdf } from '../../files/save-report.ts';
import type { WrittenFiles } from '../../files/written.ts';
import type { DataHost } from '../../host/client.ts';
import type { Jobs } from '../../jobs.ts';
import { writeInSteps } from './export.ts';
import type { PaperPorts } from './ports.ts';

export type AuditExportPorts = { host: DataHost; jobs: Jobs; files: Pick<FilePorts, 'saveFile'>; paper: Pick<PaperPorts, 'printToPdf'>; written: WrittenFiles; journal: Journal; erpUrl: string; sender: string; now: () => number };
type Language = 'de' | 'en';
type Asked = { filter: AuditFilter; format: AuditExportFormat; language: Language; name: string };

/** Entries that a report lists; whoever needs more takes one of the other formats. */
export const reportedEntries = 500;
const kinds: Readonly<Record<AuditExportFormat, { name: string; extension: string }>> = { csv: { name: 'CSV', extension: 'csv' }, jsonl: { name: 'JSON Lines', extension: 'jsonl' }, gobd: { name: 'ZIP', extension: 'zip' }, pdf: { name: 'PDF', extension: 'pdf' } };
const locales = { de: 'de-DE', en: 'en-GB' } as const;

const record = <K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> => Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;

/** The cached audit log as files. Asks no server, and says in each file how old it is and how far it was verified. */
export class AuditExportService {
  readonly #ports: AuditExportPorts;

  constructor(ports: AuditExportPorts) {
    this.#ports = ports;
  }

  /** Asks where to save and starts to write. @returns null when the person cancelled */
  async start({ filter, format, language, name }: Asked): Promise<{ job: Job; path: string; name: string } | null> {
    const { host, files, jobs, written, journal } = this.#ports;
    const kind = kinds[format];
    const file = await files.saveFile(safeFileName(name, `.${kind.extension}`), [{ name: kind.name, extensions: [kind.extension] }]);
    if (file === null) return null;
    const job = jobs.start('exportAudit', async (progress, signal) => {
      const words = this.#words(language, await host.audit('audit.status'), filter);
      const rows = format === 'pdf' ? await this.#pdf(file, filter, words, progress, signal) : await writeInSteps(host, file, (beside) => host.exports.beginAudit({ filter, format, words, file, beside }), progress, signal);
      journal.note({ action: 'audit.export', resource: `export/${format}`, outcome: 'local', correlationId: null, detail: `${rows}` });
    });
    return { job, ...written.add(file) };
  }

  async #pdf(file: string, filter: AuditFilter, words: AuditExportWords, progress: (done: number, total: number) => void, signal: AbortSignal): Promise<number> {
    const { host, paper, now } = this.#ports;
    const { total, rows } = await host.audit('audit.list', { filter, offset: 0, limit: reportedEntries });
    const timeline = await host.audit('audit.timeline', { filter, buckets: 1 });
    const { say, moment, figure } = speaker(words.language);
    const day = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
    const counts = (head: string, of: { name: string; accepted: number; refused: number }[]): Report['sections'] => [{ kind: 'table', columns: [{ head }, { head: say('report.accepted'), align: 'end', narrow: true }, { head: say('report.refused'), align: 'end', narrow: true }], rows: of.map((one) => [one.name, figure(one.accepted), figure(one.refused)]), empty: say('report.none') }];
    const report: Report = {
      language: words.language, sender: words.supplier, title: say('report.title'),
      meta: [
        [say('report.by'), words.origin],
        [say('report.conditions'), words.conditions],
        [say('report.from'), words.location],
        [say('report.span'), timeline.span === null ? '–' : `${moment(timeline.span.from)} – ${moment(timeline.span.to)}`],
        [say('report.entries'), figure(total)],
      ],
      sections: [
        { kind: 'heading', text: say('report.actors') }, ...counts(words.columns.actor, timeline.actors.map(({ actor, ...one }) => ({ name: actor, ...one }))),
        { kind: 'heading', text: say('report.actions') }, ...counts(words.columns.action, timeline.actions.map(({ action, ...one }) => ({ name: action, ...one }))),
        { kind: 'heading', text: say('classes') },
        { kind: 'table', columns: [{ head: say('classes.name'), narrow: true }, { head: say('classes.meaning') }, { head: say('classes.years'), align: 'end', narrow: true }, { head: say('classes.basis') }], rows: retentionClasses.map((kind) => [kind, words.classes[kind], String(retentionYears[kind]), words.bases[kind]]), empty: '' },
        { kind: 'heading', text: rows.length < total ? say('report.newest', { shown: figure(rows.length), count: figure(total) }) : say('report.all', { count: figure(total) }) },
        {
          kind: 'table', columns: [{ head: words.columns.number, align: 'end', narrow: true }, { head: words.columns.day, narrow: true }, { head: words.columns.actor }, { head: words.columns.action }, { head: words.columns.resource }, { head: words.columns.outcome, narrow: true }, { head: words.columns.reason }, { head: words.columns.retention, narrow: true }],
          rows: rows.map((row) => [figure(row.index + 1), moment(row.at), row.actor, row.action, row.resource, words.outcomes[row.outcome], row.reason ?? '', retentionOf(row.resource, day.format(row.at)).kind]), empty: say('report.none'),
        },
      ],
    };
    const pdf = await reportPdf(paper, report, say('report.foot', { at: moment(now()) }));
    if (signal.aborted) throw failure('call.cancelled');
    await writeWholeFile(file, pdf);
    progress(rows.length, rows.length);
    return rows.length;
  }

  #words(language: Language, { kind, origin, size, verified, alarms }: AuditStatus, filter: AuditFilter): AuditExportWords {
    const { erpUrl, sender, now } = this.#ports;
    const { say, moment, figure } = speaker(language);
    const documents: Record<string, string> = language === 'de' ? documentsDe : documentsEn;
    const about = { log: origin ?? '–', at: moment(now()), size: figure(size), kind: say(`kind.${kind}`) };
    const sentence = verified === null ? say('origin.none', about) : say('origin.verified', { ...about, verified: figure(verified.size), verifiedAt: moment(verified.at) });
    return {
      language, columns: record(auditColumns, (name) => say(`column.${name}`)), outcomes: { accepted: say('outcome.accepted'), refused: say('outcome.refused') }, yes: say('yes'), no: say('no'),
      types: record(documentTypes, (type) => documents[`type.${type}`] ?? type), classes: record(retentionClasses, (one) => say(`class.${one}`)), bases: record(retentionClasses, (one) => say(`basis.${one}`)),
      classColumns: { name: say('classes.name'), meaning: say('classes.meaning'), years: say('classes.years'), basis: say('classes.basis') },
      conditions: conditionsOf(filter, language),
      supplier: sender, location: new URL(erpUrl).host, origin: alarms.some(({ acknowledged }) => acknowledged === null) ? `${sentence} ${say('alarm')}` : sentence, title: say('log'), classTitle: say('classes'), verifiedSize: verified?.size ?? 0,
    };
  }
}

/** Which entries a filter leaves, in a sentence. */
export function conditionsOf(filter: AuditFilter, language: Language): string {
  const { say, moment } = speaker(language);
  const { from, to, outcome, hours, text } = filter;
  const named = (['actor', 'role', 'action', 'resource', 'correlationId'] as const).flatMap((name) => (filter[name] === null ? [] : [`${say(`column.${name}`)} ${filter[name]}`]));
  const all = [
    ...named, ...(outcome === null ? [] : [`${say('column.outcome')} ${say(`outcome.${outcome}`)}`]), ...(from === null ? [] : [say('filter.from', { at: moment(from) })]), ...(to === null ? [] : [say('filter.to', { at: moment(to) })]),
    ...(hours === null ? [] : [say('filter.hours', { from: String(workingHours.from), to: String(workingHours.to) })]), ...(text === '' ? [] : [say('filter.words', { text })]),
  ];
  return all.length === 0 ? say('filter.none') : say('filter.some', { conditions: all.join('; ') });
}

function speaker(language: Language) {
  const texts = language === 'de' ? de : en;
  const moment = new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short' });
  const figure = new Intl.NumberFormat(locales[language]);
  return { say: (name: keyof typeof de, values: Record<string, string> = {}): string => fill(texts[name], values), moment: (at: number): string => moment.format(at), figure: (value: number): string => figure.format(value) };
}

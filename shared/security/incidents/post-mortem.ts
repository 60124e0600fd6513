import { z } from 'zod';
import type { Report as ReportPage, ReportBlock } from '../../report/template.ts';
import { clocksOf } from './clocks.ts';
import { lessonFields, timelineOf, type Incident, type TimelineEntry } from './incident.ts';
import { incidentRoles } from './phases.ts';

/** Names, times and lengths as the language of the report writes them. */
export type ReportWords = { t: (key: string, params?: Record<string, string>) => string; when: (at: number) => string; tell: (entry: TimelineEntry) => string };

const cell = z.string().max(12_000);
export const reportSectionSchema = z.object({
  heading: z.string().max(300), paragraphs: z.array(cell).max(50),
  table: z.object({ head: z.array(cell).max(12), rows: z.array(z.array(cell).max(12)).max(20_000) }).nullable(),
});
/** The report as it is written to a file: text only, whatever the file. */
export const postMortemSchema = z.object({ title: z.string().max(400), notice: z.string().max(400).nullable(), meta: z.array(z.object({ label: cell, value: cell })).max(30), sections: z.array(reportSectionSchema).max(30) });
export type PostMortem = z.infer<typeof postMortemSchema>;
type Section = z.infer<typeof reportSectionSchema>;

const section = (heading: string, rest: Partial<Omit<Section, 'heading'>>): Section => ({ heading, paragraphs: [], table: null, ...rest });
const orDash = (text: string): string => (text === '' ? '–' : text);

/** The post-mortem of an incident: facts, clocks, actions, lessons, what follows, and the whole time line. */
export function postMortemOf(incident: Incident, now: number, { t, when, tell }: ReportWords): PostMortem {
  const line = timelineOf(incident);
  const tasks = Object.values(incident.tasks).toSorted((a, b) => a.createdAt - b.createdAt);
  const reports = Object.values(incident.reports).toSorted((a, b) => a.at - b.at);
  const actions = line.filter(({ kind }) => kind === 'action' || kind === 'played');
  const entries = Object.values(incident.evidence).toSorted((a, b) => a.index - b.index);
  const maybe = (value: { at: number; by: string } | null): string => (value === null ? '–' : `${when(value.at)} (${value.by})`);
  const names = (of: Record<string, true>): string => orDash(Object.keys(of).join(', '));
  const sections = [
    section(t('report.lessons'), { paragraphs: lessonFields.flatMap((field) => [`${t(`lesson.${field}`)}: ${orDash(incident.lessons[field])}`]) }),
    section(t('report.followUps'), { table: { head: [t('task.title'), t('task.owner'), t('task.dueAt'), t('task.done')], rows: tasks.map((task) => [task.title, orDash(task.owner), task.dueAt === null ? '–' : when(task.dueAt), maybe(task.done)]) } }),
    section(t('report.clocks'), {
      table: {
        head: [t('column.clock'), t('column.startsAt'), t('column.dueAt'), t('column.doneAt'), t('column.state')],
        rows: clocksOf(incident, now).map((clock) => [t(`clock.${clock.kind}`), when(clock.startsAt), clock.dueAt === null ? t('clock.withoutDelay') : when(clock.dueAt), clock.doneAt === null ? '–' : when(clock.doneAt), t(`clockState.${clock.state}`)]),
      },
    }),
    section(t('report.duties'), { table: { head: [t('column.duty'), t('column.answer'), t('column.reason')], rows: (['gdpr33', 'gdpr34', 'nis2'] as const).map((duty) => [t(`duty.${duty}`), t(`answer.${incident.duties[duty].applies}`), orDash(incident.duties[duty].reason)]) } }),
    section(t('report.reports'), { table: { head: [t('column.report'), t('column.toldAt'), t('column.authority'), t('column.reference'), t('column.teller')], rows: reports.map((one) => [t(`reportKind.${one.kind}`), when(one.at), one.authority, orDash(one.reference), one.by]) } }),
    section(t('report.actions'), { table: { head: [t('column.at'), t('column.by'), t('column.what')], rows: actions.map((entry) => [when(entry.at), entry.by, tell(entry)]) } }),
    section(t('report.evidence'), { table: { head: [t('column.index'), t('column.at'), t('column.by'), t('column.what'), t('column.hash')], rows: entries.map((entry) => [String(entry.index + 1), when(entry.at), entry.actor, `${entry.action} ${entry.resource}`, entry.leafHash]) } }),
    section(t('report.timeline'), { table: { head: [t('column.at'), t('column.by'), t('column.what')], rows: line.map((entry) => [when(entry.at), entry.by, [tell(entry), entry.text].filter((part) => part !== '').join(': ')]) } }),
  ];
  return {
    title: t('report.title', { title: incident.title }), notice: incident.isExercise ? t('exercise.notice') : null,
    meta: [
      { label: t('column.severity'), value: t(`severity.${incident.severity}`) }, { label: t('field.detectedAt'), value: when(incident.detectedAt) }, { label: t('field.awareAt'), value: when(incident.awareAt) },
      { label: t('field.responded'), value: maybe(incident.response) }, { label: t('field.closed'), value: maybe(incident.closed) }, { label: t('field.postMortem'), value: maybe(incident.postMortem) },
      ...incidentRoles.map((role) => ({ label: t(`role.${role}`), value: orDash(incident.roles[role]) })),
      { label: t('field.systems'), value: names(incident.systems) }, { label: t('field.people'), value: names(incident.people) }, { label: t('field.description'), value: orDash(incident.description) }, { label: t('report.number'), value: incident.id },
    ],
    sections,
  };
}

/** Text of people must not become markup: neither HTML nor Markdown. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`));
const inCell = (text: string): string => plain(text).replace(/\r?\n/g, '<br>');
const row = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`;

/** The report as Markdown (CommonMark with tables). @param empty stands where a table has no rows */
export function toMarkdown({ title, notice, meta, sections }: PostMortem, empty: string): string {
  const table = ({ head, rows }: NonNullable<Section['table']>): string[] => (rows.length === 0 ? [plain(empty), ''] : [row(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(row), '']);
  return [
    `# ${plain(title)}`, '', ...(notice === null ? [] : [`**${plain(notice)}**`, '']),
    ...meta.map(({ label, value }) => `- **${plain(label)}:** ${inCell(value)}`), '',
    ...sections.flatMap((one) => [`## ${plain(one.heading)}`, '', ...one.paragraphs.flatMap((text) => [inCell(text), '']), ...(one.table === null ? [] : table(one.table))]),
  ].join('\n');
}

/** The report as a page for paper. @param sender whose it is: the name of the connection. @param empty stands where a table has no rows */
export function toPage({ title, notice, meta, sections }: PostMortem, { language, sender, empty }: { language: 'de' | 'en'; sender: string; empty: string }): ReportPage {
  const blocks = sections.flatMap((one): ReportBlock[] => [
    { kind: 'heading', text: one.heading },
    ...one.paragraphs.map((text): ReportBlock => ({ kind: 'paragraph', text })),
    ...(one.table === null ? [] : [{ kind: 'table' as const, columns: one.table.head.map((head) => ({ head })), rows: one.table.rows, empty }]),
  ]);
  return { language, sender, title, meta: meta.map(({ label, value }) => [label, value]), sections: [...(notice === null ? [] : [{ kind: 'note' as const, text: notice, tone: 'warn' as const }]), ...blocks] };
}

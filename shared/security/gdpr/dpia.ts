import { z } from 'zod';
import type { Report, ReportBlock } from '../../report/template.ts';
import { isStale, type Evidence } from '../evidence.ts';
import { pointIds } from '../points.ts';
import { inOrder, isVoid } from '../score/score.ts';

const row3 = z.tuple([z.string(), z.string(), z.string()]);
const tableNames = ['data', 'retention', 'risks', 'measures'] as const;

/** The template in one language: resources/security/dpia. `{{name}}` stands for a value of {@link DpiaFacts}. */
export const dpiaTemplateSchema = z.object({
  version: z.number().int(),
  title: z.string(),
  meta: z.object({ server: z.string(), environment: z.string(), provider: z.string(), made: z.string(), by: z.string(), template: z.string() }),
  environments: z.object({ production: z.string(), test: z.string(), demo: z.string() }),
  input: z.string(),
  columns: z.object({ measures: row3, data: row3, retention: row3, risks: row3 }),
  states: z.object({ met: z.string(), partly: z.string(), unmet: z.string(), missing: z.string(), stale: z.string(), notApplicable: z.string(), claimed: z.string() }),
  sources: z.object({ measured: z.string(), imported: z.string(), attested: z.string(), claimed: z.string() }),
  sections: z.array(z.object({ heading: z.string(), text: z.array(z.string()), table: z.enum(tableNames).optional(), input: z.array(z.string()) })),
  data: z.array(row3), retention: z.array(row3), risks: z.array(row3),
  measures: z.array(z.object({ points: z.array(z.enum(pointIds)).min(1), text: z.string() })),
});
export type DpiaTemplate = z.infer<typeof dpiaTemplateSchema>;

export type DpiaFacts = {
  server: string;
  environment: 'production' | 'test' | 'demo';
  provider: string;
  by: string;
  now: number;
  evidence: readonly Evidence[];
  /** `24.12.2026` */
  date: (at: number) => string;
};

export type DpiaSection = { heading: string; paragraphs: string[]; table: { head: readonly string[]; rows: (readonly string[])[] } | null; /** What only the customer knows. */ input: string[] };
export type Dpia = { title: string; meta: { label: string; value: string }[]; sections: DpiaSection[]; inputLabel: string };

const rank = { unmet: 0, partly: 1, met: 2, notApplicable: 3 } as const;

/**
 * The worst of the points that a measure stands on: a chain is as strong as its weakest part. Each point stands as in the score,
 * by its most trustworthy evidence and there by the worse outcome: no claim of the server covers up what was measured. What the
 * server only claims is not called met, nor what does not apply.
 */
function stateOf(template: DpiaTemplate, points: readonly string[], { evidence, now, date }: DpiaFacts): [string, string] {
  const best = points.map((point) => inOrder(evidence.filter((one) => one.point === point && !isVoid(one)), now).find((one) => !one.isStale));
  const word = (one: Evidence): string => template.sources[one.source].replace('{{date}}', date(one.at)).replace('{{by}}', one.by ?? '');
  const known = best.filter((one) => one !== undefined);
  const sources = [...new Set(known.map(word))].join('; ');
  if (known.length < points.length) return [evidence.some((one) => points.includes(one.point) && isStale(one, now)) ? template.states.stale : template.states.missing, sources];
  const worst = known.toSorted((a, b) => rank[a.outcome] - rank[b.outcome])[0];
  const state = worst?.outcome ?? 'notApplicable';
  return [state === 'met' && known.some(({ source, outcome }) => source === 'claimed' && outcome === 'met') ? template.states.claimed : template.states[state], sources];
}

/** The impact assessment, filled with what this client knows; the rest stays a marked gap (Art. 35 (7) GDPR). */
export function fillDpia(template: DpiaTemplate, facts: DpiaFacts): Dpia {
  const values: Record<string, string> = { server: facts.server, provider: facts.provider };
  const fill = (text: string): string => text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  const rows = { data: template.data, retention: template.retention, risks: template.risks, measures: template.measures.map(({ points, text }) => [text, ...stateOf(template, points, facts)] as const) };
  return {
    title: template.title,
    meta: [
      { label: template.meta.server, value: facts.server }, { label: template.meta.environment, value: template.environments[facts.environment] }, { label: template.meta.provider, value: facts.provider },
      { label: template.meta.made, value: `${facts.date(facts.now)} ${template.meta.by} ${facts.by}` }, { label: template.meta.template, value: String(template.version) },
    ],
    sections: template.sections.map(({ heading, text, table, input }) => ({
      heading, paragraphs: text.map(fill), table: table === undefined ? null : { head: template.columns[table], rows: [...rows[table]] }, input,
    })),
    inputLabel: template.input,
  };
}

/** A gap to fill in: a question speaks for itself. */
const open = (text: string): string => (text.endsWith('?') ? text : `${text}:`);

/** As a report to print, with room to write beside what only the customer knows. */
export function dpiaReport({ title, meta, sections, inputLabel }: Dpia, frame: Pick<Report, 'language' | 'sender'>): Report {
  return {
    ...frame, title, meta: meta.map(({ label, value }) => [label, value]),
    sections: sections.flatMap(({ heading, paragraphs, table, input }): ReportBlock[] => [
      { kind: 'heading', text: heading }, ...paragraphs.map((text): ReportBlock => ({ kind: 'paragraph', text })),
      ...(table === null ? [] : [{ kind: 'table', columns: table.head.map((head) => ({ head })), rows: table.rows.map((row) => [...row]), empty: '–' } as const]),
      ...(input.length === 0 ? [] : [{ kind: 'paragraph', text: inputLabel } as const, { kind: 'list', items: input.map(open) } as const]),
    ]),
  };
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

/** As Markdown, for whoever goes on writing in it. */
export function dpiaMarkdown({ title, meta, sections, inputLabel }: Dpia): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const parts = sections.map(({ heading, paragraphs, table, input }) => [
    `## ${heading}`, ...paragraphs,
    ...(table === null ? [] : [[line(table.head), line(table.head.map(() => '---')), ...table.rows.map(line)].join('\n')]),
    ...(input.length === 0 ? [] : [`**${inputLabel}**`, input.map((each) => `- [ ] ${open(each)}`).join('\n')]),
  ].join('\n\n'));
  return `${[`# ${title}`, meta.map(({ label, value }) => `- ${label}: ${value}`).join('\n'), ...parts].join('\n\n')}\n`;
}

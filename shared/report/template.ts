import { z } from 'zod';
import { escapeHtml } from '../paper/text.ts';
import { reportStyle } from './style.ts';

/** How a state is coloured; what it is always stands beside it in words. */
export const reportTones = ['plain', 'good', 'warn', 'bad'] as const;
const tone = z.enum(reportTones);
const text = z.string().max(20_000);
const short = z.string().max(2000);

/** What stands in a cell or a fact: words, a state in words, or something to be copied exactly such as a hash. */
const cellSchema = z.union([text, z.object({ badge: short, tone }), z.object({ code: text })]);
export type ReportCell = z.infer<typeof cellSchema>;
const factsSchema = z.array(z.tuple([short, cellSchema])).max(200);

const columnSchema = z.object({ head: short, /** Figures stand at the end of their column. */ align: z.enum(['start', 'end']).optional(), /** As wide as what it holds and no wider. */ narrow: z.boolean().optional() });

const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), text: short, /** 2 begins a part, 3 a piece of one. */ level: z.union([z.literal(2), z.literal(3)]).optional() }),
  z.object({ kind: z.literal('paragraph'), text, small: z.boolean().optional() }),
  /** A sentence that must not be overlooked. */
  z.object({ kind: z.literal('note'), text, tone }),
  z.object({ kind: z.literal('list'), items: z.array(text).max(1000) }),
  z.object({ kind: z.literal('facts'), rows: factsSchema }),
  z.object({ kind: z.literal('table'), caption: short.optional(), columns: z.array(columnSchema).min(1).max(12), rows: z.array(z.array(cellSchema).max(12)).max(20_000), /** Said where there are no rows. */ empty: short }),
  /** Lines to sign by hand on paper. */
  z.object({ kind: z.literal('signatures'), labels: z.array(short).min(1).max(4) }),
]);
export type ReportBlock = z.infer<typeof blockSchema>;

/** A report in the words of its language; whoever makes it brings all of them. */
export const reportSchema = z.object({
  language: z.enum(['de', 'en']),
  /** Whose report it is: the name of the connection. */
  sender: short,
  title: short,
  lead: short.optional(),
  /** What it is about, from when and by whom. */
  meta: factsSchema,
  sections: z.array(blockSchema).max(2000),
});
export type Report = z.infer<typeof reportSchema>;

const e = escapeHtml;

/** Longer words than fit a narrow column are cut anywhere, so that none runs out of the page; others stay whole. */
const endless = /\S{25}/u;

function cell(value: ReportCell): string {
  if (typeof value === 'string') return endless.test(value) ? `<span class="any">${e(value)}</span>` : e(value);
  return 'code' in value ? `<code>${e(value.code)}</code>` : `<span class="badge ${value.tone}">${e(value.badge)}</span>`;
}

const facts = (rows: readonly (readonly [string, ReportCell])[]): string => `<dl>${rows.map(([name, value]) => `<div><dt>${e(name)}</dt><dd>${cell(value)}</dd></div>`).join('')}</dl>`;
/** A line break of a text begins a paragraph of its own. */
const paragraphs = (kind: string, words: string): string => words.split(/\r?\n/).filter((line) => line.trim() !== '').map((line) => `<p${kind}>${e(line)}</p>`).join('');

function table({ caption, columns, rows, empty }: Extract<ReportBlock, { kind: 'table' }>): string {
  const kinds = columns.map(({ align, narrow }) => [align === 'end' ? 'end' : '', narrow === true ? 'narrow' : ''].filter((name) => name !== '').join(' '));
  const attribute = (at: number): string => (kinds[at] === '' ? '' : ` class="${kinds[at]}"`);
  const head = columns.map((column, at) => `<th scope="col"${attribute(at)}>${e(column.head)}</th>`).join('');
  const body = rows.length === 0 ? `<tr><td class="none" colspan="${columns.length}">${e(empty)}</td></tr>` : rows.map((row) => `<tr>${columns.map((_, at) => `<td${attribute(at)}>${cell(row[at] ?? '')}</td>`).join('')}</tr>`).join('');
  return `<table>${caption === undefined ? '' : `<caption>${e(caption)}</caption>`}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function block(one: ReportBlock): string {
  switch (one.kind) {
    case 'heading': return `<h${one.level ?? 2}>${e(one.text)}</h${one.level ?? 2}>`;
    case 'paragraph': return paragraphs(one.small === true ? ' class="small"' : '', one.text);
    case 'note': return paragraphs(` class="note ${one.tone}"`, one.text);
    case 'list': return `<ul>${one.items.map((item) => `<li>${e(item)}</li>`).join('')}</ul>`;
    case 'facts': return facts(one.rows);
    case 'table': return table(one);
    case 'signatures': return `<div class="signs">${one.labels.map((label) => `<div>${e(label)}</div>`).join('')}</div>`;
  }
}

/** A report as a page of its own: no script, no address, no picture, and every text in it is escaped. */
export function reportHtml({ language, sender, title, lead, meta, sections }: Report): string {
  const head = `<div class="sender">${e(sender)}</div><h1>${e(title)}</h1>${lead === undefined ? '' : `<p class="lead">${e(lead)}</p>`}${facts(meta)}`;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${e(title)}</title><style>${reportStyle}</style></head><body>${head}${sections.map(block).join('')}</body></html>`;
}

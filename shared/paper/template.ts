import type { BusinessDocument, DocumentLine } from '../domain/document.ts';
import { documentTypeInfo, documentTypes, normaliseStatus } from '../domain/document-types.ts';
import { fallbackFormSpec } from '../domain/form-specs-fallback.ts';
import type { FormField } from '../domain/form-spec.ts';
import { decimal, lineNet, zero, type Decimal } from '../domain/money.ts';
import { paginate, sheet, type Piece, type TableParts } from './layout.ts';
import { add, printDay, printDecimal, taxByRate } from './numbers.ts';
import { paperStyle } from './style.ts';
import { escapeHtml, wrapText } from './text.ts';
import { fill, type PaperTextName, type PaperWords } from './words.ts';

/** What a paper must not be mistaken for; null for a document that stands. */
export type PaperMark = 'draft' | 'pending' | 'rejected' | null;

export type PaperInput = {
  /** Of a draft it may be incomplete, and its number empty. */
  document: BusinessDocument;
  words: PaperWords;
  /** Whose paper it is. */
  sender: string;
  mark: PaperMark;
  /** Where this copy comes from, for its foot: printed in the client, and how old what it shows is. */
  origin: { printed: string; asOf: string | null };
  isProvisional: boolean;
  /** The code at the end; null when there is nothing to verify, a draft without a number. */
  code: { modules: readonly (readonly boolean[])[]; text: string; hasHash: boolean } | null;
};

/** em of the columns at the size of their text. */
const width = { article: 22, facts: 11.4, text: 51, title: 30 } as const;
const mostArticleLines = 8;
/** Facts that fit beside the address; more follow below the table. */
const mostFacts = 9;

const e = escapeHtml;
const span = (kind: string, html: string): string => `<span class="${kind}">${html}</span>`;

type Speak = (name: PaperTextName, values?: Record<string, string>) => string;

function factOf(field: FormField, document: BusinessDocument, words: PaperWords): string | null {
  const value = document.fields[field.name];
  if (value === undefined || value === null || value === '') return null;
  if (field.type === 'date') return printDay(String(value), words.language);
  if (field.type === 'select') return words.options[`${field.name}.${String(value)}`] ?? String(value);
  const number = field.type === 'number' ? decimal(value) : null;
  return number === null ? String(value) : printDecimal(number, words.language, field.name === 'amount' ? 2 : 0);
}

/** Every field that any type has: servers send some also with types whose form lacks them. */
const everyField = new Map(documentTypes.flatMap((type) => fallbackFormSpec(type).fields).map((field) => [field.name, field]));

/** The header's facts: short ones for beside the address, long ones for below the table. */
function factsOf({ document, words }: PaperInput, say: Speak): { short: [string, string][]; long: [string, string][] } {
  const { partnerId, date, status } = document;
  const short: [string, string][] = [[say('number'), document.number === '' ? say('noNumber') : document.number]];
  if (date !== null) short.push([say('date'), printDay(date, words.language)]);
  if (partnerId !== null) short.push([say('partnerNumber'), partnerId]);
  if (status !== '') short.push([words.fields['status'] ?? 'Status', words.statuses[normaliseStatus(status)] ?? status]);
  const long: [string, string][] = [];
  const own = fallbackFormSpec(document.type).fields;
  const more = Object.keys(document.fields).filter((name) => !own.some((field) => field.name === name)).map((name) => everyField.get(name)).filter((field) => field !== undefined);
  for (const field of [...own, ...more]) {
    if (['number', 'date', 'customerId', 'supplierId', 'status'].includes(field.name)) continue;
    const value = factOf(field, document, words);
    if (value === null) continue;
    const fact: [string, string] = [words.fields[field.name] ?? field.label, value];
    const fits = field.type !== 'textarea' && short.length < mostFacts && wrapText(value, width.facts).length === 1;
    (fits ? short : long).push(fact);
  }
  return { short, long };
}

function rowOf(line: DocumentLine, index: number, after: Decimal, language: PaperWords['language']): Piece {
  const article = wrapText(line.article, width.article, mostArticleLines);
  const money = (value: Decimal | null): string => (value === null ? '–' : printDecimal(value, language, 2));
  const cells = [
    span('pos', String(index + 1)), span('art', article.map(e).join('\n')), span('n qty', e(printDecimal(line.qty, language))), span('n price', e(money(line.price))),
    span('n vat', line.vatRate === null ? '–' : e(printDecimal(line.vatRate, language))), span('n net', e(money(line.price === null ? null : lineNet(line)))),
  ];
  return { kind: 'row', height: article.length * sheet.lineHeight + sheet.rowPadding, html: `<div class="row l${article.length}">${cells.join('')}</div>`, after: printDecimal(after, language, 2) };
}

function rowsOf(document: BusinessDocument, words: PaperWords, say: Speak): Piece[] {
  if (!documentTypeInfo[document.type].hasLines) return [];
  if (document.lines.length === 0) return [{ kind: 'block', height: 12, html: `<p class="none">${e(say('noLines'))}</p>` }];
  let sum = zero;
  return document.lines.map((line, index) => {
    sum = add(sum, lineNet(line));
    return rowOf(line, index, sum, words.language);
  });
}

function sumsOf({ document, words }: PaperInput, say: Speak): Piece | null {
  const { net, tax, gross } = document.totals;
  const money = (value: Decimal): string => printDecimal(value, words.language, 2);
  const line = (kind: string, name: string, value: string): string => `<div class="${kind}"><span>${e(name)}</span><span>${e(value)}</span></div>`;
  if (!documentTypeInfo[document.type].hasLines) {
    return { kind: 'block', height: 12, html: `<div class="sums">${line('total', say('amount'), `${money(gross)} ${say('currency')}`)}</div>` };
  }
  // A request or a delivery note without a single price has no sum to speak of.
  if (document.lines.every(({ price }) => price === null)) return null;
  const rates = taxByRate(document.lines, document.totals);
  const taxes = rates === null || rates.length === 0
    ? [line('muted', say('tax'), money(tax))]
    : rates.map((row) => line('muted', say('taxOf', { rate: row.rate === null ? '0' : printDecimal(row.rate, words.language), net: money(row.net) }), money(row.tax)));
  return { kind: 'block', height: 3 + 5.4 * (1 + taxes.length) + 10, html: `<div class="sums">${line('', say('sumNet'), money(net))}${taxes.join('')}${line('total', say('gross'), `${money(gross)} ${say('currency')}`)}</div>` };
}

/** The modules of a QR code as one path of runs: exact at any size, and no picture that a policy would have to allow. */
export function qrSvg(modules: readonly (readonly boolean[])[], label: string): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      let end = x;
      while (row[end] === true) end++;
      runs.push(`M${x} ${y}h${end - x}v1h-${end - x}z`);
      x = end;
    }
  });
  return `<svg role="img" aria-label="${e(label)}" viewBox="0 0 ${modules.length} ${modules.length}" shape-rendering="crispEdges"><path d="${runs.join('')}"/></svg>`;
}

/**
 * A document as a letter in HTML, page by page: a whole page of its own for the print preview and for the PDF alike. It
 * holds no script and no address, and every text in it is escaped.
 */
export function renderPaper(input: PaperInput): { html: string; pages: number } {
  const { document, words, sender, mark, origin, code } = input;
  const say: Speak = (name, values = {}) => fill(words.texts[name], values);
  const title = `${words.types[document.type]} ${document.number === '' ? '' : document.number}`.trim();
  const { short, long } = factsOf(input, say);
  const head = `<div class="head">${[['pos', 'position'], ['art', 'article'], ['n qty', 'qty'], ['n price', 'price'], ['n vat', 'vatRate'], ['n net', 'net']].map(([kind = '', name]) => span(kind, e(say(name as PaperTextName)))).join('')}</div>`;
  const isPriced = document.lines.some(({ price }) => price !== null);
  const carry = (name: 'carriedOn' | 'carriedOver') => (isPriced ? (sum: string): string => `<div class="carry">${span('', e(say(name)))}${span('n net', e(sum))}</div>` : null);
  const table: TableParts = { head, carriedOn: carry('carriedOn'), carriedOver: carry('carriedOver') };
  const sums = sumsOf(input, say);
  const texts = long.flatMap(([label, value]): Piece[] => wrapText(value, width.text).map((line, index) => ({
    // The label stays with the first line of its text.
    kind: 'block', height: sheet.lineHeight + (index === 0 ? 8.4 : 0), html: `${index === 0 ? `<p class="label">${e(label)}</p>` : ''}<p class="text">${e(line)}</p>`,
  })));
  const verify: Piece[] = code === null ? [] : [{
    kind: 'block', height: 38,
    html: `<div class="verify">${qrSvg(code.modules, say('verifyTitle'))}<div><b>${e(say('verifyTitle'))}</b><p>${e(say(code.hasHash ? 'verifyHash' : 'verifyNumber'))}</p><code>${e(code.text)}</code></div></div>`,
  }];
  const pages = paginate([...rowsOf(document, words, say), ...(sums === null ? [] : [sums]), ...texts, ...verify], table, sheet.bodyTop);
  const partner = wrapText(document.partnerName ?? document.partnerId ?? '', 22, 3);
  const note = [mark === null ? say('note.copy', { printed: origin.printed }) : say(`note.${mark}`, { printed: origin.printed }), origin.asOf === null ? '' : say('note.cached', { asOf: origin.asOf }), input.isProvisional ? say('provisional') : ''].filter((part) => part !== '').join(' ');
  const sheets = pages.map((pieces, index) => {
    const first = index === 0;
    const letterhead = first
      ? `<div class="sender">${e(sender)}</div><div class="window"><small>${e(sender)}</small>${partner.map((line) => `<b>${e(line)}</b>`).join('')}</div>`
        + `<dl class="facts">${short.map(([name, value]) => `<div><dt>${e(name)}</dt><dd>${e(value)}</dd></div>`).join('')}</dl><h1>${e(title)}</h1>`
      : `<div class="mini"><span>${e(title)}</span><span>${e(sender)}</span></div>`;
    const marks = mark === null ? '' : `<div class="mark ${say(`mark.${mark}`).length > 9 ? 'm1' : 'm0'}" aria-hidden="true">${e(say(`mark.${mark}`))}</div><div class="stamp">${e(say(`mark.${mark}`))}</div>`;
    const top = first ? 'first' : 'next';
    return `<section class="page">${marks}${letterhead}<div class="body ${top}">${pieces.join('')}</div><div class="foot"><span>${e(note)}</span><span>${e(say('pageOf', { page: String(index + 1), pages: String(pages.length) }))}</span></div></section>`;
  });
  const html = `<!doctype html><html lang="${words.language}"><head><meta charset="utf-8"><title>${e(title)}</title><style>${paperStyle}</style></head><body>${sheets.join('')}</body></html>`;
  return { html, pages: pages.length };
}

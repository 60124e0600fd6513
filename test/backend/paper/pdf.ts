import PDFDocument from 'pdfkit';
import { types } from '../erp/catalogue.ts';
import type { Stored } from '../erp/documents.ts';
import { amount, totals, type WireLine } from '../erp/money.ts';
import { qrPng } from './qr-png.ts';

export type Letter = { document: Stored; partnerName: string; /** What the code at the foot holds. */ code: string; /** Printed under the code. */ note: string; printedAt: number; user: string };

/** A4 in points; margins of DIN 5008. */
const page = { left: 70.9, right: 538.6, top: 56.7, bottom: 770 };
const columns = [
  { title: 'Pos.', x: 70.9, width: 28, align: 'left' as const }, { title: 'Artikel', x: 102, width: 208, align: 'left' as const },
  { title: 'Menge', x: 312, width: 52, align: 'right' as const }, { title: 'Einzelpreis', x: 368, width: 64, align: 'right' as const },
  { title: 'USt. %', x: 436, width: 36, align: 'right' as const }, { title: 'Betrag €', x: 476, width: 62.6, align: 'right' as const },
];

const money = new Intl.NumberFormat('de-DE', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const plain = new Intl.NumberFormat('de-DE', { maximumFractionDigits: 3 });
const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const day = (value: unknown): string => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? `${value.slice(8, 10)}.${value.slice(5, 7)}.${value.slice(0, 4)}` : '–');

function head(pdf: PDFKit.PDFDocument, letter: Letter): number {
  const { document } = letter;
  pdf.font('Helvetica-Bold').fontSize(15).fillColor('#0b5345').text('VALEO Agrarhandel GmbH', page.left, page.top);
  pdf.font('Helvetica').fontSize(8).fillColor('#555555').text('Hafenstraße 12 · 26123 Oldenburg · Telefon 0441 55 01-0 · USt-IdNr. DE 123 456 789', page.left, page.top + 20);
  pdf.fillColor('#000000').fontSize(7).text('VALEO Agrarhandel GmbH · Hafenstraße 12 · 26123 Oldenburg', page.left, 127, { underline: true });
  pdf.fontSize(10).text(letter.partnerName, page.left, 142).text(words(document.body['deliveryAddress']), { width: 230 });
  const facts: [string, string][] = [
    ['Nummer', document.number], ['Datum', day(document.body['date'])], ['Status', document.status],
    ...(document.body['dueDate'] === undefined ? [] : [['Fällig am', day(document.body['dueDate'])] as [string, string]]),
    ...(document.body['deliveryDate'] === undefined ? [] : [['Lieferdatum', day(document.body['deliveryDate'])] as [string, string]]),
    ['Bearbeitung', letter.user],
  ];
  facts.forEach(([name, value], index) => {
    pdf.font('Helvetica').fontSize(9).fillColor('#555555').text(name, 370, 142 + index * 13, { width: 68 });
    pdf.fillColor('#000000').text(value, 440, 142 + index * 13, { width: 98.6 });
  });
  pdf.font('Helvetica-Bold').fontSize(14).text(`${types[document.type]?.title ?? document.type} ${document.number}`, page.left, 262);
  return 292;
}

function tableHead(pdf: PDFKit.PDFDocument, y: number): number {
  pdf.font('Helvetica-Bold').fontSize(8.5).fillColor('#000000');
  for (const { title, x, width, align } of columns) pdf.text(title, x, y, { width, align });
  pdf.moveTo(page.left, y + 14).lineTo(page.right, y + 14).lineWidth(0.8).stroke('#0b5345');
  return y + 19;
}

function table(pdf: PDFKit.PDFDocument, lines: readonly WireLine[], from: number): number {
  let y = tableHead(pdf, from);
  lines.forEach((line, index) => {
    const article = typeof line.article === 'string' ? line.article : '';
    pdf.font('Helvetica').fontSize(9);
    const height = Math.max(13, pdf.heightOfString(article, { width: columns[1]?.width ?? 200 }) + 3);
    if (y + height > page.bottom - 40) {
      pdf.addPage();
      y = tableHead(pdf, page.top);
      pdf.font('Helvetica').fontSize(9);
    }
    const [qty, price] = [amount(line.qty), amount(line.price)];
    const cells = [String(index + 1), article, qty === null ? '–' : plain.format(Number(qty)), price === null ? '–' : money.format(Number(price)), line.vatRate === undefined || line.vatRate === null ? '–' : plain.format(Number(line.vatRate)), money.format(Number(totals([line]).net))];
    columns.forEach(({ x, width, align }, column) => { pdf.fillColor('#000000').text(cells[column] ?? '', x, y, { width, align }); });
    y += height;
    pdf.moveTo(page.left, y - 2).lineTo(page.right, y - 2).lineWidth(0.3).stroke('#cccccc');
  });
  return y + 6;
}

function foot(pdf: PDFKit.PDFDocument, letter: Letter, from: number): void {
  let y = from;
  if (y > page.bottom - 190) {
    pdf.addPage();
    y = page.top;
  }
  const { lines } = letter.document.body;
  const sum = Array.isArray(lines) && lines.length > 0 ? totals(lines) : null;
  const paid = amount(letter.document.body['amount']);
  const rows: [string, string][] = sum === null
    ? (paid === null ? [] : [['Betrag', money.format(Number(paid))]])
    : [['Summe netto', money.format(Number(sum.net))], ['Umsatzsteuer', money.format(Number(sum.tax))], ['Gesamtbetrag EUR', money.format(Number(sum.gross))]];
  rows.forEach(([name, value], index) => {
    pdf.font(index === rows.length - 1 ? 'Helvetica-Bold' : 'Helvetica').fontSize(10).text(name, 336, y, { width: 110 }).text(value, 446, y, { width: 92.6, align: 'right' });
    y += 15;
  });
  y = Math.max(y + 24, page.bottom - 120);
  pdf.image(qrPng(letter.code), page.left, y, { width: 82 });
  pdf.font('Helvetica').fontSize(8).fillColor('#555555').text(letter.note, page.left + 92, y + 6, { width: 370 });
  pdf.fontSize(7).text(letter.code, page.left + 92, y + 40, { width: 375, lineBreak: false });
}

/** The document as a letter: lines with a repeated head, totals, and the code by which it can be verified. */
export function renderLetter(letter: Letter): Promise<Buffer> {
  const { document } = letter;
  // Two prints of one second are two files still: each names its moment to the millisecond.
  const pdf = new PDFDocument({ size: 'A4', margin: 0, bufferPages: true, info: { Title: `${types[document.type]?.title ?? ''} ${document.number}`, Author: 'VALEO NeuroERP', Subject: new Date(letter.printedAt).toISOString(), CreationDate: new Date(letter.printedAt) } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => chunks.push(part)).on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
  });
  const { lines } = document.body;
  const below = head(pdf, letter);
  foot(pdf, letter, Array.isArray(lines) && lines.length > 0 ? table(pdf, lines, below) : below);
  const { count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    pdf.switchToPage(index);
    pdf.font('Helvetica').fontSize(7.5).fillColor('#777777').text(`Seite ${index + 1} von ${count}`, page.left, 812, { width: page.right - page.left, align: 'right', lineBreak: false });
  }
  pdf.end();
  return done;
}

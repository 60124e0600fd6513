import type { Body } from './documents.ts';
import { types } from './catalogue.ts';
import { invalid, refuse } from './errors.ts';
import { amount, type WireLine } from './money.ts';

type Query = Record<string, string | undefined>;

/** @throws HttpError 404 for a type the server does not have. */
export function knownType(type: string): void {
  if (!(type in types)) throw refuse(404, `Unknown document type: ${type}`);
}

export function objectBody(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid(['body'], 'Input should be a valid dictionary', body, 'dict_type');
  return body as Record<string, unknown>;
}

/** @throws HttpError 422 with the line and field that cannot be read. */
export function checkLines(lines: unknown): WireLine[] {
  if (!Array.isArray(lines)) throw invalid(['body', 'lines'], 'Input should be a valid list', lines, 'list_type');
  lines.forEach((line: unknown, index) => {
    const fields = objectBody(line);
    for (const name of ['qty', 'price', 'vatRate', 'cost']) {
      const value = fields[name];
      if (value === undefined || (value === null && name !== 'qty')) continue;
      if (amount(value) === null) throw invalid(['body', 'lines', index, name], 'Input should be a valid number', value, 'float_parsing');
    }
    if (fields['qty'] === undefined) throw invalid(['body', 'lines', index, 'qty'], 'Field required', fields, 'missing');
  });
  return lines as WireLine[];
}

/** Checks what may be stored under a type. @throws HttpError 422 with the place of the first mistake. */
export function checkBody(type: string, body: Record<string, unknown>): Body {
  const number = body['number'];
  if (typeof number !== 'string' || number.trim() === '') throw invalid(['body', 'number'], 'Field required', number, 'missing');
  if (number.length > 64) throw invalid(['body', 'number'], 'String should have at most 64 characters', number, 'string_too_long');
  const status = body['status'] ?? types[type]?.statuses[0];
  if (typeof status !== 'string' || status === '') throw invalid(['body', 'status'], 'Input should be a valid string', status, 'string_type');
  const date = body['date'];
  if (date !== undefined && (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))) {
    throw invalid(['body', 'date'], 'Input should be a valid date', date, 'date_from_datetime_parsing');
  }
  if (body['lines'] !== undefined) checkLines(body['lines']);
  if (type === 'sales_delivery' && !body['deliveryAddress']) throw invalid(['body', 'deliveryAddress'], 'Field required', body['deliveryAddress'], 'missing');
  if (type === 'sales_invoice' && !body['dueDate']) throw invalid(['body', 'dueDate'], 'Field required', body['dueDate'], 'missing');
  return { ...body, number, status };
}

/** A whole number of a query string within its bounds. @throws HttpError 422 */
export function wholeNumber(query: Query, name: string, fallback: number, min: number, max: number): number {
  const text = query[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw invalid(['query', name], `Input should be a whole number from ${min} to ${max}`, text);
  return value;
}

/** A point in time of a query string: ISO 8601 or epoch seconds. Epoch milliseconds. @throws HttpError 422 */
export function instant(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) * (Number(text) < 1e11 ? 1000 : 1) : Date.parse(text);
  if (Number.isNaN(value)) throw invalid(['query', name], 'Input should be a valid datetime', text, 'datetime_parsing');
  return value;
}

export const encodeCursor = (...parts: readonly (string | number)[]): string => Buffer.from(parts.join('|')).toString('base64url');

/** The parts of a cursor that this server gave out. @throws HttpError 422 */
export function decodeCursor(query: Query, count: number): string[] | undefined {
  const text = query['cursor'];
  if (text === undefined || text === '') return undefined;
  const parts = Buffer.from(text, 'base64url').toString().split('|');
  if (parts.length !== count) throw invalid(['query', 'cursor'], 'Unknown cursor', text);
  return parts;
}

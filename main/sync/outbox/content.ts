import type { BusinessDocument } from '../../../shared/domain/document.ts';
import { decimal } from '../../../shared/domain/money.ts';

type FieldValue = BusinessDocument['fields'][string] | undefined;

/** Nothing entered looks different on different servers; amounts come back in another spelling. */
const fieldText = (name: string, value: FieldValue): string =>
  (value === null || value === undefined || value === '' ? '' : JSON.stringify(name === 'amount' ? (decimal(value) ?? value) : value));

const linesText = ({ lines }: BusinessDocument): string => JSON.stringify(lines.map(({ article, qty, price, vatRate, cost }) => [article, qty, price, vatRate, cost]));

/**
 * Whether two documents are equal in everything a person can edit; names that the server looks up by itself and totals that
 * follow from the lines do not count.
 */
export function isSameContent(a: BusinessDocument, b: BusinessDocument): boolean {
  if (a.number !== b.number || a.date !== b.date || a.partnerId !== b.partnerId || a.status !== b.status || linesText(a) !== linesText(b)) return false;
  return [...new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])].every((name) => fieldText(name, a.fields[name]) === fieldText(name, b.fields[name]));
}

/**
 * Whether sending `mine` would change nothing on the server, because it is there. What `mine` does not name stays as it is
 * there when it is sent (PUT merges), so it does not count.
 */
export function holds(server: BusinessDocument, mine: BusinessDocument): boolean {
  if (server.number !== mine.number || server.status !== mine.status || linesText(server) !== linesText(mine)) return false;
  if ((mine.date !== null && server.date !== mine.date) || (mine.partnerId !== null && server.partnerId !== mine.partnerId)) return false;
  return Object.entries(mine.fields).every(([name, value]) => fieldText(name, server.fields[name]) === fieldText(name, value));
}

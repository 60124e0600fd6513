/**
 * A point in time as the server writes it, in epoch milliseconds: whole or fractional seconds (numbers below 1e11),
 * milliseconds, or ISO 8601. An ISO text without a zone counts as UTC. Null when it is none of these.
 */
export function instantOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(Math.abs(value) < 1e11 ? value * 1000 : value) : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const text = value.trim();
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return instantOf(Number(text));
  const hasZone = /(?:[zZ]|[+-]\d{2}:?\d{2})$/.test(text);
  const isDateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(hasZone || isDateOnly ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(at) ? at : null;
}

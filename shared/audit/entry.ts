/**
 * An entry as the log commits to it: a JSON array
 * `[seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome]`. There is one way to write
 * it; any other is refused, or the same words could stand for other bytes.
 */
export type AuditEntry = {
  /** Place in the log, counted from 1. */
  seq: number;
  /** ISO 8601 in UTC with milliseconds; sorts as text. */
  ts: string;
  actor: string;
  role: string | null;
  client: string | null;
  action: string;
  resource: string;
  from: string | null;
  to: string | null;
  reason: string | null;
  policy: string | null;
  correlationId: string;
  outcome: 'accepted' | 'refused';
};

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A half of a character, which has no bytes. */
const lone = /\p{Surrogate}/u;
/** Places of the array that may be null. */
const optional = [3, 4, 7, 8, 9, 10];
const length = 13;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads an entry. @returns null unless the text is exactly what its own content is written as. */
export function parseEntry(canonical: string): AuditEntry | null {
  const parts = parsed(canonical);
  if (lone.test(canonical) || !Array.isArray(parts) || parts.length !== length || JSON.stringify(parts) !== canonical) return null;
  if (!Number.isSafeInteger(parts[0]) || !instantPattern.test(String(parts[1])) || (parts[12] !== 'accepted' && parts[12] !== 'refused')) return null;
  if (parts.some((part, at) => at > 0 && !(typeof part === 'string' && !lone.test(part)) && !(part === null && optional.includes(at)))) return null;
  const [seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome] = parts as [
    number, string, string, string | null, string | null, string, string, string | null, string | null, string | null, string | null, string, 'accepted' | 'refused',
  ];
  return { seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome };
}

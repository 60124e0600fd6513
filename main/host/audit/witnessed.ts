import type { AuditLog } from './log.ts';

/**
 * What is remembered of an entry on a server that signs nothing: its id there, its moment (epoch milliseconds), and whether everything that
 * the server says of it was taken down. Versions before left out address, client and user number where there was an e-mail address.
 */
export type WitnessedEntry = { id: string; at: number; isWhole: boolean };

/** Some of them, in the order of the log. */
export function witnessed(log: AuditLog, first: number, count: number): WitnessedEntry[] {
  return Array.from({ length: Math.max(0, Math.min(count, log.size - first)) }, (_, at) => {
    const entry = log.entry(first + at);
    return { id: entry?.policy?.replace(/^id:/, '') ?? '', at: Date.parse(entry?.ts ?? ''), isWhole: entry !== null && entry.to !== null };
  });
}

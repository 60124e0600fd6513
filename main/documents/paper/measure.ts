import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/domain/canonical.ts';
import { documentTypeInfo, documentTypes, type DocumentType, type Domain } from '../../../shared/domain/document-types.ts';

/** What the server adds to a document when it sends it; not part of what it hashes. */
const serverFields: ReadonlySet<string> = new Set(['updated_at', 'version', 'workflow', 'deleted', 'partnerName']);

/** The hash of a document as ERP-API section 5 defines it, from the body that the server sent. */
export function measureHash(domain: Domain, number: string, body: Readonly<Record<string, unknown>>): string {
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => !serverFields.has(name)));
  return createHash('sha256').update(`${domain}:${number}:${canonicalJson(own)}`).digest('hex').slice(0, 16);
}

/** How servers write the statuses of our tables: upper case, with and without umlauts. */
const spellings = (status: string): string[] => [status, status.replace('UEBERFAELLIG', 'ÜBERFÄLLIG').replace('BESTAETIGT', 'BESTÄTIGT')];

/**
 * The status under which the document, unchanged otherwise, has the printed hash; null when there is none. It proves that
 * only the status has changed since the print, because no other content leads to that hash.
 */
export function printedStatus(domain: Domain, type: DocumentType, number: string, body: Readonly<Record<string, unknown>>, hash: string): string | null {
  const known = new Set([...Object.keys(documentTypeInfo[type].statuses), ...documentTypes.flatMap((other) => Object.keys(documentTypeInfo[other].statuses))].flatMap(spellings));
  for (const status of known) for (const spelled of [status, status.toLowerCase()]) if (measureHash(domain, number, { ...body, status: spelled }) === hash) return spelled;
  return null;
}

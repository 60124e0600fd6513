import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Documents, Stored } from './documents.ts';
import { knownDomain } from './workflow-routes.ts';

/** JSON with the members of every object in code point order and no white space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** The 16 hex digits that a printed document carries; ERP-API section 5. */
export const documentHash = (domain: string, document: Stored): string =>
  createHash('sha256').update(`${domain}:${document.number}:${canonicalJson(document.body)}`).digest('hex').slice(0, 16);

/** Public check of a printed document: says whether it exists and is unchanged, and nothing about its content. */
export function verifyRoutes(app: FastifyInstance, documents: Documents): void {
  const facts = (domain: string, document: Stored): Record<string, unknown> => ({ domain, number: document.number, status: document.status, date: document.body['date'] });

  app.get<{ Params: { domain: string; number: string } }>('/verify/:domain/:number', (request) => {
    const { domain, number } = request.params;
    knownDomain(domain);
    const document = documents.findInDomain(domain, number);
    if (!document) return { exists: false, domain, number, status: null, message: 'Document not found' };
    return { exists: true, ...facts(domain, document), hash: documentHash(domain, document), message: 'Document exists' };
  });

  app.get<{ Params: { domain: string; number: string; hash: string } }>('/verify/:domain/:number/:hash', (request) => {
    const { domain, number, hash } = request.params;
    knownDomain(domain);
    const document = documents.findInDomain(domain, number);
    if (!document) return { valid: false, domain, number, status: null, message: 'Document not found' };
    const valid = documentHash(domain, document) === hash.toLowerCase();
    return { valid, ...facts(domain, document), hash: documentHash(domain, document), message: valid ? 'Document is unchanged' : 'Document was changed' };
  });
}

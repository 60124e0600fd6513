import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf, requireAll, requireAny } from '../erp/auth.ts';
import { types } from '../erp/catalogue.ts';
import { knownType } from '../erp/document-input.ts';
import { found, partnerIdOf, type Documents } from '../erp/documents.ts';
import { refuse } from '../erp/errors.ts';
import { documentHash } from '../erp/verify.ts';
import { createArchive } from './archive.ts';
import { renderLetter } from './pdf.ts';

type Params = { type: string; number: string };

/** Print, archive history and its verification; ERP-API section 5. */
export function paperRoutes(app: FastifyInstance, options: { db: Db; documents: Documents; now: () => number; publicUrl: string; shipped: boolean }): void {
  const { db, documents, now, publicUrl, shipped } = options;
  const archive = createArchive(db);
  const domainOf = (type: string): string => types[type]?.domain ?? '';
  const stored = ({ type, number }: Params) => {
    knownType(type);
    // As everywhere on the shipped server, the type is ignored.
    return found(documents.find(shipped ? null : type, number));
  };

  app.get<{ Params: Params }>('/api/documents/:type/:number/print', async (request, reply) => {
    const caller = callerOf(request);
    requireAll(caller, 'docs:print');
    const document = stored(request.params);
    const domain = domainOf(document.type);
    const ts = now();
    const code = shipped ? document.number : `${publicUrl}/verify/${domain}/${encodeURIComponent(document.number)}/${documentHash(domain, document)}`;
    const note = shipped ? 'Belegnummer als QR-Code.' : 'Prüfen Sie die Echtheit dieses Belegs: Der Code führt zur Prüfseite des Servers und enthält die Prüfsumme des Belegs zum Zeitpunkt des Drucks.';
    const content = await renderLetter({ document, partnerName: documents.partnerName(partnerIdOf(document.body)), code, note, printedAt: ts, user: caller.name });
    archive.add({ domain, type: document.type, number: document.number, user: caller.name, ts, content });
    return reply.type('application/pdf').header('content-disposition', `attachment; filename="${document.number.replaceAll(/[^\w.-]/g, '_')}.pdf"`).send(content);
  });

  // Whoever may print may see what was printed.
  app.get<{ Params: Params }>('/api/documents/:type/:number/history', (request) => {
    requireAny(callerOf(request), 'docs:archive', 'docs:print');
    const { type, number } = stored(request.params);
    return { ok: true, items: archive.of(type, number).map(({ domain, path, sha256, user, ts }) => ({ timestamp: new Date(ts).toISOString(), ts: Math.floor(ts / 1000), user, path, sha256, domain })) };
  });

  app.get<{ Params: Params & { '*': string } }>('/api/documents/:type/:number/verify/*', (request) => {
    requireAny(callerOf(request), 'docs:archive', 'docs:print');
    const { type, number } = stored(request.params);
    const valid = archive.verify(type, number, request.params['*']);
    if (valid === undefined) throw refuse(404, 'Archived copy not found');
    return { ok: true, valid };
  });
}

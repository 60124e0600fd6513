import type { DocumentKey } from '../../../shared/domain/document.ts';
import { formatCertificate, type Certificate } from '../../../shared/security/gdpr/certificate.ts';
import type { Found, GdprRequest } from '../../../shared/security/gdpr/request.ts';
import type { SecurityPorts } from '../ports.ts';

/** Documents that are read again at once, within the client's own rate limit; of the others the cached copy is dropped. */
const rereadAtOnce = 50;
/** More than any cache holds of one person; what lies beyond would be named in the log. */
const mostDocuments = 100_000;

/**
 * What an erasure leaves to do in the cache of this computer after the server has erased: no copy with the person stays behind.
 * Can be done again after it was interrupted. @returns the record of the erasure, with its certificate
 */
export async function eraseHere(
  { host, documents, log, audit, profile }: Pick<SecurityPorts, 'host' | 'documents' | 'log' | 'audit' | 'profile'>,
  { request, there, before, discardDrafts }: { request: GdprRequest; there: NonNullable<GdprRequest['erasedThere']>; before: Found; discardDrafts: boolean },
): Promise<NonNullable<GdprRequest['erased']>> {
  const { reference } = request;
  const draftsDiscarded = discardDrafts ? (await host.person.eraseDrafts(reference)).erased : 0;
  const { documents: keys, drafts: draftsLeft, documentsTotal } = await host.person.traces(reference, mostDocuments);
  if (documentsTotal > keys.length) log.warn('more documents about an erased person than are dropped at once', { documentsTotal });
  const dropped = keys.slice(rereadAtOnce);
  await documents.forget(dropped);
  const failed: DocumentKey[] = [];
  for (const key of keys.slice(0, rereadAtOnce)) {
    await documents.reread(key, { priority: 'bulk' }).catch((error: unknown) => {
      log.info('a document was not read again after an erasure', { error });
      failed.push(key);
    });
  }
  await documents.forget(failed);
  const counts = { documentsReread: keys.length - dropped.length - failed.length, documentsDropped: dropped.length + failed.length, draftsDiscarded };
  await Promise.all((['customers', 'suppliers'] as const).map((kind) => documents.lookup(kind, '').catch(() => undefined)));
  const { at, by, anonymized } = there;
  const certificate: Certificate = {
    request: request.id, reference, server: new URL(profile.erpUrl).host, erasedAt: new Date(at).toISOString(), erasedBy: by, anonymized,
    here: { ...counts, draftsLeft }, kept: before.kept, isKeptCut: before.isCut, keptLogEntries: before.here.auditEntries + before.here.journalEntries,
  };
  const device = await audit.deviceKey();
  return { at, by, anonymized, ...counts, certificate: formatCertificate(certificate, device.note, device.sign) };
}

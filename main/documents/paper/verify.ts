import { documentTypeInfo, documentTypes, type DocumentType, type Domain } from '../../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { VerifyResult } from '../../../shared/domain/verify.ts';
import type { VerifyQuestion } from '../../../shared/ipc/calls/paper.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { Erp, VerifyClaim } from '../../erp/types.ts';
import type { DataHost } from '../../host/client.ts';
import type { Log } from '../../log/log.ts';
import type { ArchiveService } from './archive.ts';
import { measureHash, printedStatus } from './measure.ts';
import { likelyDomains, readReference, type VerifyReference } from './reference.ts';

export type VerifyPorts = { erp: Erp; host: DataHost; archive: Pick<ArchiveService, 'history'>; erpUrl: string; now: () => number; log: Log };

type Source = VerifyResult['source'];
type Asked = { source: Source; file: VerifyResult['file'] };
/** What this computer made of the server's document. */
type Measured = Pick<VerifyResult, 'measured' | 'printedStatus'> & { type: DocumentType | null };

/** An inspection that took this long was ended by the data host. */
const inspectionSeconds = '20';

/**
 * Checks prints against this profile's server, and no other: what a code says is only ever compared with the server that
 * the person works with. What the server claims is measured again wherever its document can be read.
 */
export class VerifyService {
  readonly #ports: VerifyPorts;

  constructor(ports: VerifyPorts) {
    this.#ports = ports;
  }

  /** @throws AppFailure verify.nothing, verify.noNumber, file.unreadable, file.tooHard, network.*, server.* */
  async check(question: VerifyQuestion): Promise<VerifyResult> {
    if (question.kind === 'number') return this.#ask({ domain: null, number: question.number, hash: question.hash }, { source: 'typed', file: null });
    if (question.kind === 'text') return this.#checkText(question.text);
    return this.#checkFile(question.name, question.bytes);
  }

  #checkText(text: string): Promise<VerifyResult> {
    // A hash alone names nothing that a server could look up.
    if (/^[0-9a-f]{16}$/i.test(text) || /^[0-9a-f]{64}$/i.test(text)) throw failure('verify.noNumber');
    return this.#checkFirst([{ text, source: 'text' }], null);
  }

  async #checkFile(name: string, bytes: Uint8Array): Promise<VerifyResult> {
    const inspection = await this.#ports.host.files.inspect(bytes);
    if (!inspection.ok) throw inspection.reason === 'tooHard' ? failure('file.tooHard', { params: { file: name, seconds: inspectionSeconds } }) : failure('file.unreadable', { params: { file: name } });
    const { kind, sha256, pages, codes, addresses } = inspection.findings;
    const found = [...codes.map((text) => ({ text, source: 'code' as const })), ...addresses.map((text) => ({ text, source: 'address' as const }))];
    return this.#checkFirst(found, { name, kind, sha256, pages, asked: false, archived: null });
  }

  /** The first text that names a document of this server; else the first that names another server. */
  async #checkFirst(texts: readonly { text: string; source: Source }[], file: VerifyResult['file']): Promise<VerifyResult> {
    const read = texts.map(({ text, source }) => ({ source, reading: readReference(text, this.#ports.erpUrl) }));
    for (const { source, reading } of read) if (reading.kind === 'own') return this.#ask(reading.reference, { source, file });
    for (const { source, reading } of read) if (reading.kind === 'foreign') return { ...this.#blank({ source, file }), verdict: 'foreign', foreignHost: reading.host };
    throw failure('verify.nothing');
  }

  async #ask(reference: VerifyReference, asked: Asked): Promise<VerifyResult> {
    const { number, hash } = reference;
    const answer = await this.#claim(reference);
    const file = await this.#compareFile(number, answer?.domain ?? null, asked.file);
    const base = { ...this.#blank({ ...asked, file }), number, hash };
    if (answer === null) return { ...base, domain: reference.domain, verdict: 'unknown' };
    const { domain, claim } = answer;
    const measured = await this.#measure(domain, number, claim, hash);
    const verdict = hash === null ? 'exists' : claim.valid === true ? 'valid' : measured.printedStatus !== null ? 'statusChanged' : 'changed';
    return { ...base, ...measured, verdict, domain, status: claim.status, date: claim.date };
  }

  #blank({ source, file }: Asked): VerifyResult {
    return { verdict: 'unknown', domain: null, number: null, type: null, hash: null, status: null, printedStatus: null, date: null, foreignHost: null, measured: 'not', source, file, checkedAt: this.#ports.now() };
  }

  /** The server's word; null when it has no such document. */
  async #claim({ domain, number, hash }: VerifyReference): Promise<{ domain: Domain; claim: VerifyClaim } | null> {
    for (const one of domain === null ? likelyDomains(number) : [domain]) {
      const claim = await this.#ports.erp.paper.verify(one, number, hash).catch((error: unknown) => {
        if (error instanceof AppFailure && error.error.code === 'server.notFound') return null;
        throw error;
      });
      if (claim?.exists === true) return { domain: one, claim };
    }
    return null;
  }

  /** Takes the hash over the server's document here. Whoever may not read the document can only believe the server. */
  async #measure(domain: Domain, number: string, claim: VerifyClaim, hash: string | null): Promise<Measured> {
    for (const key of await this.#candidates(domain, number)) {
      try {
        const { body } = await this.#ports.erp.paper.stored(key);
        const measured = measureHash(domain, number, body);
        const same = claim.hash === null ? 'not' : measured === claim.hash ? 'same' : 'differs';
        // Only where our form of the document is the server's does a hash of ours prove anything.
        const status = same === 'same' && hash !== null && claim.valid !== true ? printedStatus(domain, key.type, number, body, hash) : null;
        return { measured: same, printedStatus: status, type: key.type };
      } catch (error) {
        this.#ports.log.info('the document could not be read for measuring', { type: key.type, err: error });
      }
    }
    return { measured: 'not', printedStatus: null, type: null };
  }

  async #candidates(domain: Domain, number: string): Promise<DocumentKey[]> {
    const cached = await this.#ports.host.documents.findByNumber(domain, number);
    if (cached.length > 0) return cached;
    return documentTypes.filter((type) => documentTypeInfo[type].domain === domain && number.toUpperCase().startsWith(documentTypeInfo[type].prefix)).map((type) => ({ type, number }));
  }

  /** Whether a dropped PDF is, byte for byte, a copy of the archive. */
  async #compareFile(number: string, domain: Domain | null, file: VerifyResult['file']): Promise<VerifyResult['file']> {
    if (file === null || file.kind !== 'pdf' || domain === null) return file;
    for (const key of await this.#candidates(domain, number)) {
      try {
        const { value, source } = await this.#ports.archive.history(key);
        const entry = value.find(({ sha256 }) => sha256 === file.sha256);
        if (entry !== undefined) return { ...file, asked: true, archived: { at: entry.at, user: entry.user, path: entry.path } };
        if (source === 'server') return { ...file, asked: true };
      } catch (error) {
        this.#ports.log.info('the archive could not be asked', { type: key.type, err: error });
      }
    }
    return file;
  }
}

import { documentTypeInfo, type DocumentType } from '../../shared/domain/document-types.ts';
import type { BusinessDocument, DocumentKey } from '../../shared/domain/document.ts';
import type { DraftContent } from '../../shared/domain/draft.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import { onlyOpen } from '../../shared/domain/flow-open.ts';
import { copyOf, followTypes, followUpOf, withFollowFacts, type Flow, type InChain } from '../../shared/domain/flow.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import type { DocumentsService } from './documents.ts';

export type FlowPorts = {
  erp: Pick<Erp, 'documents' | 'capabilities'>;
  host: DataHost;
  documents: Pick<DocumentsService, 'refresh' | 'nextNumber'>;
  isOnline: () => boolean;
  now: () => number;
  log: Log;
};

/** What a follow-up begins with, and who made it. */
export type FollowUp = { content: DraftContent; source: 'server' | 'client' };

/** Documents read from the server for one look at a chain: each costs a request under the rate limit. */
const mostReads = 10;
/** Milliseconds for which a document that the server does not have is not asked for again. */
const absentFor = 5 * 60_000;

/** The chain of a document (Belegfluss), and the drafts that continue or copy it. */
export class FlowService {
  readonly #ports: FlowPorts;
  readonly #absent = new Map<string, number>();

  constructor(ports: FlowPorts) {
    this.#ports = ports;
  }

  /** The chain as far as it is in the cache. */
  cached(key: DocumentKey): Promise<Flow> {
    return this.#ports.host.documents.flow(key);
  }

  /** The same, after reading what the chain names and the cache lacks. What cannot be read stays a name. */
  async complete(key: DocumentKey): Promise<Flow> {
    let flow = await this.cached(key);
    for (let reads = 0; this.#ports.isOnline();) {
      const missing = flow.nodes.filter((node) => !node.cached && !this.#isAbsent(node.key)).slice(0, mostReads - reads);
      if (missing.length === 0) break;
      reads += missing.length;
      for (const node of missing) await this.#read(node.key);
      flow = await this.cached(key);
    }
    return flow;
  }

  /**
   * The next document of the flow, not stored anywhere yet: the server's draft where it can be asked, else ours. It takes over
   * what is still open where the whole chain is known.
   * @throws AppFailure input.invalid for a type that does not follow, server.notFound and network.* when the document itself cannot be read.
   */
  async followUp(key: DocumentKey, toType: DocumentType): Promise<FollowUp> {
    if (!followTypes[key.type].includes(toType)) throw failure('input.invalid');
    const from = await this.#document(key);
    const fromServer = await this.#askServer(from, toType);
    const today = this.#today();
    const draft = fromServer === null ? followUpOf(from, toType, today) : withFollowFacts(from, fromServer, today);
    const chain = await this.#chain(key);
    return { content: await this.#numbered(contentOf(chain === null ? draft : onlyOpen(from, draft, chain))), source: fromServer === null ? 'client' : 'server' };
  }

  /** A new document like this one. @throws AppFailure as {@link followUp} */
  async copy(key: DocumentKey): Promise<DraftContent> {
    return this.#numbered(copyOf(await this.#document(key), this.#today()));
  }

  /** Every document of a chain; null where one is missing, or may be, as on servers that list none: what is open is not known then. */
  async #chain(key: DocumentKey): Promise<InChain[] | null> {
    const { host } = this.#ports;
    if ((await host.pull.finishedAt()) === null) return null;
    const flow = await this.complete(key);
    if (flow.truncated || flow.nodes.some(({ cached }) => !cached)) return null;
    const records = await Promise.all(flow.nodes.map((node) => host.documents.get(node.key)));
    return records.flatMap((record) => (record === null ? [] : [{ document: record.document, workflow: record.workflow?.state ?? null }]));
  }

  async #document(key: DocumentKey): Promise<BusinessDocument> {
    return ((await this.#ports.host.documents.get(key)) ?? (await this.#ports.documents.refresh(key))).document;
  }

  async #askServer(from: BusinessDocument, toType: DocumentType): Promise<BusinessDocument | null> {
    const { erp, isOnline, log } = this.#ports;
    if (!isOnline()) return null;
    try {
      return (await erp.capabilities()).has('documents.follow') ? await erp.documents.follow(from, toType) : null;
    } catch (error) {
      // Who may not write here learns it now and not after filling in a form.
      if (error instanceof AppFailure && error.error.code === 'server.forbidden') throw error;
      log.info('making the follow-up without the server', { from: from.type, to: toType, err: error });
      return null;
    }
  }

  async #numbered(content: DraftContent): Promise<DraftContent> {
    const { number, provisional } = await this.#ports.documents.nextNumber(content.type);
    return { ...content, number, numberProvisional: provisional };
  }

  async #read(key: DocumentKey): Promise<void> {
    try {
      await this.#ports.documents.refresh(key);
    } catch (error) {
      // Whatever the reason, this look at the chain does not try it twice.
      this.#absent.set(nameOf(key), this.#ports.now());
      this.#ports.log.info('a document of a chain could not be read', { type: key.type, domain: documentTypeInfo[key.type].domain, err: error });
    }
  }

  #isAbsent(key: DocumentKey): boolean {
    const since = this.#absent.get(nameOf(key));
    return since !== undefined && this.#ports.now() - since < absentFor;
  }

  /** The calendar day here, not in UTC. */
  #today(): string {
    const now = new Date(this.#ports.now());
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  }
}

const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

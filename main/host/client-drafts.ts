import type { DocumentKey, DocumentRecord } from '../../shared/domain/document.ts';
import type { DiscardedDraft, Draft, DraftContent, DraftSummary, DraftVersion } from '../../shared/domain/draft.ts';
import type { Answers, Method, Params } from './protocol.ts';

/** One request to the data host. */
export type HostCall = <M extends Method>(method: M, ...params: Params<M> extends undefined ? [] : [Params<M>]) => Promise<Answers[M]>;

/** What people write. Every write is on disk when it resolves. @throws AppFailure draft.* as the repository says */
export type HostDrafts = {
  list(): Promise<DraftSummary[]>;
  /** What {@link restore} can bring back at this moment, the last one first. */
  discarded(now: number): Promise<DiscardedDraft[]>;
  get(id: string): Promise<Draft | null>;
  ofDocument(key: DocumentKey): Promise<Draft | null>;
  create(request: { id: string; content: DraftContent; base: DocumentRecord | null; now: number }): Promise<Draft>;
  save(request: { id: string; version: number; content: DraftContent; now: number }): Promise<{ version: number; savedAt: number }>;
  versions(id: string): Promise<DraftVersion[]>;
  version(id: string, version: number): Promise<DraftContent | null>;
  discard(id: string, now: number): Promise<void>;
  restore(id: string): Promise<Draft>;
};

export const hostDrafts = (call: HostCall): HostDrafts => ({
  list: () => call('drafts.list'),
  discarded: (now) => call('drafts.discarded', { now }),
  get: (id) => call('drafts.get', id),
  ofDocument: (key) => call('drafts.ofDocument', key),
  create: (request) => call('drafts.create', request),
  save: (request) => call('drafts.save', request),
  versions: (id) => call('drafts.versions', id),
  version: (id, version) => call('drafts.version', { id, version }),
  discard: async (id, now) => { await call('drafts.discard', { id, now }); },
  restore: (id) => call('drafts.restore', id),
});

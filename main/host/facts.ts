import type { DocumentType } from '../../shared/domain/document-types.ts';

/**
 * Facts under this prefix describe how far the cache has been filled. They go when the documents go: a cursor that
 * outlived its documents would hide the gap for ever.
 */
export const pullFactPrefix = 'pull.';

/**
 * Where the puller keeps how far it has read one type. Of its value the host knows `finishedAt` (epoch milliseconds, or
 * null): the end of the last complete pull, from which a list page takes its `asOf`.
 */
export const pullFact = (type: DocumentType): string => `${pullFactPrefix}${type}`;

/** Facts under this prefix are a person's own work: emptying the cache leaves them. */
export const workFactPrefix = 'work.';

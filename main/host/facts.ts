import type { DocumentType } from '../../shared/domain/document-types.ts';

/**
 * Facts under this prefix describe how far the cache has been filled. They go when the documents go: a cursor that
 * outlived its documents would hide the gap for ever.
 */
export const pullFactPrefix = 'pull.';

/**
 * Where the puller keeps the cursor of one type. Its `fetchedAt` is the moment of the last complete pull: `asOf` of a list
 * page is the oldest one among the types it shows.
 */
export const pullFact = (type: DocumentType): string => `${pullFactPrefix}${type}`;

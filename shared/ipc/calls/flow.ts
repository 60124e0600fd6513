import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { documentKeySchema, documentTypeSchema } from '../../domain/document.ts';
import { listFilterSchema } from '../../domain/document-list.ts';
import { draftContentSchema } from '../../domain/draft.ts';
import { flowSchema } from '../../domain/flow.ts';

/** The document flow, and drafts that come from a stored document. */
export const flowCalls = {
  /** The chain of a document from the cache alone. */
  'documents.flow': unlockedCall(documentKeySchema, flowSchema),
  /** The same, after asking the server for documents that the chain names and the cache lacks. */
  'documents.completeFlow': unlockedCall(documentKeySchema, flowSchema),
  /** What the next document begins with; `client` when it was made without the server. Stored by `drafts.create`. */
  'documents.followUp': unlockedCall(z.object({ from: documentKeySchema, toType: documentTypeSchema }), z.object({ content: draftContentSchema, source: z.enum(['server', 'client']) })),
  /** The content of a new document like this one. */
  'documents.copy': unlockedCall(documentKeySchema, draftContentSchema),
  /** The documents of a list, in its order, at most `selectionLimit`; `total` is how many match. */
  'documents.keys': unlockedCall(listFilterSchema, z.object({ keys: z.array(documentKeySchema), total: z.number().int() })),
};

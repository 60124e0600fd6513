import { z } from 'zod';
import { documentSchema, type BusinessDocument } from '../../shared/domain/document.ts';
import { mergeDocuments } from '../../shared/domain/merge.ts';

export const mergeInputSchema = z.object({ base: documentSchema, mine: documentSchema, mineLineIds: z.array(z.number().int()), theirs: documentSchema });
export type MergeInput = z.infer<typeof mergeInputSchema>;

/** `document` is null when both sides changed the same thing: a person decides then. */
export type Merged = {
  document: BusinessDocument | null;
  /** Ids of its lines for a draft that begins from theirs, see draft.ts. */
  lineIds: number[];
  /** What only they changed, see merge.ts. */
  taken: string[];
};

/** Merges for sending. In the data host, because a thousand lines take longer than a frame has (law 11). */
export function mergeForSending(input: MergeInput): Merged {
  const { document, conflicts, lineIdsOnTheirs, taken } = mergeDocuments(input);
  return { document: conflicts.length > 0 ? null : document, lineIds: lineIdsOnTheirs, taken };
}

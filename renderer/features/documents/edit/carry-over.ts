import { contentOf, filledLines, withReadyRow } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';

/**
 * What was typed while the draft was on its way, as a change of what is stored now: lines that were sent get the ids of
 * the stored ones, because these are what the merge goes by.
 */
export function carryOver(content: DraftContent, sent: DraftContent, record: DocumentRecord): DraftContent {
  const stored = contentOf(record.document);
  const position = new Map(filledLines(sent).map(({ id }, index) => [id, index]));
  let { nextLineId } = stored;
  const lines = content.lines.map((line) => ({ ...line, id: position.get(line.id) ?? nextLineId++ }));
  return withReadyRow({ ...content, number: stored.number, numberProvisional: false, lines, nextLineId });
}

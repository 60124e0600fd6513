import i18next from 'i18next';
import type { Language } from '../../i18n/language.ts';
import { exportColumns, type ExportWords } from '../../../shared/domain/list-export.ts';
import { workflowStates } from '../../../shared/domain/workflow.ts';
import { gatherWords, type PaperWords } from '../../../shared/paper/words.ts';

/** A text in a language of its own: paper and files may be in another one than the window. Raw, so that `{{…}}` stays. */
function textIn(language: Language, namespace: string, key: string): string | null {
  const text: unknown = i18next.getResource(language, namespace, key);
  return typeof text === 'string' ? text : null;
}

/** Everything the letter says by itself, in the language of the letter. */
export const paperWords = (language: Language): PaperWords => gatherWords(language, (namespace, key) => textIn(language, namespace, key));

/** Head and words of an exported list, in the language of the file. */
export function exportWords(language: Language): ExportWords {
  const { types, statuses } = paperWords(language);
  const column = (name: (typeof exportColumns)[number]): string => textIn(language, 'print', `export.column.${name}`) ?? name;
  return {
    language, types, statuses, sheet: textIn(language, 'documents', 'title') ?? '',
    columns: Object.fromEntries(exportColumns.map((name) => [name, column(name)])) as ExportWords['columns'],
    workflow: Object.fromEntries(workflowStates.map((state) => [state, textIn(language, 'documents', `state.${state}`) ?? state])) as ExportWords['workflow'],
  };
}

import { z } from 'zod';
import { documentTypeInfo, documentTypes } from '../domain/document-types.ts';
import { fallbackFormSpec } from '../domain/form-specs-fallback.ts';

/** Every text of the template itself; they stand in resources/locales under `paper`, keys `paper.<name>`. */
export const paperTextNames = [
  'position', 'article', 'qty', 'price', 'vatRate', 'net', 'number', 'date', 'partnerNumber', 'sumNet', 'tax', 'taxOf', 'gross', 'amount', 'currency', 'carriedOver', 'carriedOn',
  'pageOf', 'noLines', 'mark.draft', 'mark.pending', 'mark.rejected', 'note.draft', 'note.pending', 'note.rejected', 'note.copy', 'note.cached', 'verifyTitle', 'verifyHash', 'verifyNumber', 'provisional', 'noNumber',
] as const;
export type PaperTextName = (typeof paperTextNames)[number];

const text = z.string().max(600);

/**
 * The words on paper, in the language of the paper, which may be another than the window's. They come with the request
 * from where all words are; on paper they are escaped like any other text.
 */
export const paperWordsSchema = z.object({
  language: z.enum(['de', 'en']),
  texts: z.record(z.enum(paperTextNames), text),
  types: z.record(z.enum(documentTypes), text),
  /** Labels of header fields by name. */
  fields: z.record(z.string().max(64), text),
  /** Choices of a field, `field.value`. */
  options: z.record(z.string().max(140), text),
  /** Document statuses in normalised spelling. */
  statuses: z.record(z.string().max(64), text),
});
export type PaperWords = z.infer<typeof paperWordsSchema>;

/** `{{name}}` filled in. */
export const fill = (template: string, values: Readonly<Record<string, string>>): string => template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');

/**
 * Gathers the words from the app's texts. @param find a text by namespace and key in the language of the paper; null
 * when there is none, so that a server's own field keeps its own label
 */
export function gatherWords(language: PaperWords['language'], find: (namespace: 'paper' | 'documents', key: string) => string | null): PaperWords {
  const fields: Record<string, string> = {};
  const options: Record<string, string> = {};
  const statuses: Record<string, string> = {};
  const keep = (into: Record<string, string>, name: string, key: string): void => {
    const found = find('documents', key);
    if (found !== null) into[name] = found;
  };
  for (const type of documentTypes) {
    for (const field of fallbackFormSpec(type).fields) {
      keep(fields, field.name, `field.${field.name}`);
      for (const { value } of field.name === 'status' ? [] : (field.options ?? [])) keep(options, `${field.name}.${value}`, `option.${field.name}.${value}`);
    }
    for (const status of Object.keys(documentTypeInfo[type].statuses)) keep(statuses, status, `status.${status}`);
  }
  return paperWordsSchema.parse({
    language, fields, options, statuses,
    texts: Object.fromEntries(paperTextNames.map((name) => [name, find('paper', `paper.${name}`) ?? name])),
    types: Object.fromEntries(documentTypes.map((type) => [type, find('documents', `type.${type}`) ?? type])),
  });
}

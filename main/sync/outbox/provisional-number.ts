import { documentTypeInfo, type DocumentType } from '../../../shared/domain/document-types.ts';

/**
 * A number of our own, recognisable by its V (vorläufig): the time to the second and five signs by chance, so that neither
 * two drafts nor two computers choose the same one. @param now epoch milliseconds @param random 0 ≤ n < 1
 */
export function provisionalNumber(type: DocumentType, now: number, random: () => number): string {
  const stamp = new Date(now).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  const chance = Math.floor(random() * 36 ** 5).toString(36).padStart(5, '0').toUpperCase();
  return `${documentTypeInfo[type].prefix}V${stamp}${chance}`;
}

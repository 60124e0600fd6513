/**
 * Folding of text for search and for sorting. It runs here and not in SQLite's tokenizer, because SQLite folds neither
 * ß nor the German spellings ae, oe, ue, and because the list index must agree with the database letter by letter.
 */

const separators = /[^\p{L}\p{N}]+/u;
const longestWord = 64;

/** Text in the order of DIN 5007-1 when compared byte by byte: lower case, ä as a, ß as ss. */
export function sortKey(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

/**
 * The search form of a text. An `e` after a, o or u is dropped, so that Müller, Mueller and Muller find each other. The
 * rule looks only backwards: the form of a prefix is always a prefix of the form, which is what type-ahead needs.
 */
export function fold(text: string): string {
  return sortKey(text).replace(/(?<=[aou])e/gu, '');
}

/** The words a person searches with, folded; every one must be found as the start of a word of the document. */
export function queryWords(text: string): string[] {
  return [...new Set(split(text))];
}

/**
 * The distinct words under which a text is found. A number inside (`SO-2024-00123`) is found by each of its parts, also
 * without leading zeros.
 */
export function indexWords(texts: Iterable<string | null>): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    if (text === null || text === '') continue;
    for (const word of split(text)) {
      words.add(word);
      if (word.charCodeAt(0) === 48 && word.length > 1) {
        const bare = word.replace(/^0+/, '');
        if (bare !== '') words.add(bare);
      }
    }
  }
  return [...words];
}

function split(text: string): string[] {
  const words: string[] = [];
  for (const word of fold(text).split(separators)) if (word !== '') words.push(word.slice(0, longestWord));
  return words;
}

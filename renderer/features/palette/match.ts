const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');

/**
 * How well a title answers typed words: every word must begin a word of the title (3), or at least occur in it (1).
 * @returns 0 when a word is missing.
 */
export function score(title: string, typed: string): number {
  const words = plain(typed).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return 1;
  const target = plain(title);
  const starts = target.split(/[^\p{L}\p{N}]+/u);
  let sum = 0;
  for (const word of words) {
    if (starts.some((start) => start.startsWith(word))) sum += 3;
    else if (target.includes(word)) sum += 1;
    else return 0;
  }
  return sum + (target.startsWith(words[0] ?? '') ? 1 : 0);
}

/** The entries that answer, best first; equal ones keep their order. */
export function rank<T extends { title: string }>(entries: readonly T[], typed: string): T[] {
  return entries
    .map((entry) => ({ entry, points: score(entry.title, typed) }))
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points)
    .map(({ entry }) => entry);
}

import { call } from '../../../bridge/call.ts';
import { change } from './store.ts';
import { useWorking } from './working.ts';

/** Articles asked for at once; of a longer paste the rest keeps its assumed rate. */
const most = 100;

/**
 * Looks up which rate the articles of these lines had last, where one is only assumed: not every server names it with the
 * article. @param articleId the number of the article, where it was chosen and not only typed
 */
export async function askRates(id: string, lines: readonly number[], articleId: string | null = null): Promise<void> {
  const wanted = new Set(lines);
  const open = (useWorking.getState().drafts[id]?.content.lines ?? []).filter((line) => wanted.has(line.id) && line.vatRate.assumed === true && line.article.trim() !== '');
  const texts = [...new Set(open.map(({ article }) => article))].slice(0, most);
  if (texts.length === 0) return;
  // Without an answer it stays an assumption, and is said to be one.
  const rates = await call('lookups.vatRates', { articles: texts.map((text) => ({ text, id: articleId?.slice(0, 200) ?? null })) }).catch(() => []);
  texts.forEach((article, index) => {
    const rate = rates[index] ?? null;
    if (rate !== null) change(id, { type: 'knownRate', article, rate });
  });
}

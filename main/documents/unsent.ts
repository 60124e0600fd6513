import type { DocumentKey } from '../../shared/domain/document.ts';
import type { DataHost } from '../host/client.ts';

/** Commands read from the data host at once. */
const step = 500;

export const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

/**
 * The stored documents with changes that the server does not have, by {@link nameOf}: as a draft, or as a command whose draft
 * was lost. A submit that waits is none, it changes no content.
 */
export async function unsentDocuments({ drafts, outbox }: Pick<DataHost, 'drafts' | 'outbox'>): Promise<ReadonlySet<string>> {
  const names = new Set((await drafts.list()).filter(({ isNew }) => !isNew).map(nameOf));
  for (let after: number | null = 0; after !== null;) {
    const page: Awaited<ReturnType<DataHost['outbox']['list']>> = await outbox.list(after, step);
    for (const { kind, key } of page.entries) if (kind === 'update') names.add(nameOf(key));
    after = page.next;
  }
  return names;
}

/** Longest wait in milliseconds; main waits a little longer before it closes the cache. */
const longestWait = 1_000;

type Store = () => Promise<void>;

const all = new Set<Store>();

/**
 * Registers what stores things that are only in this window yet, such as the last keys typed into a form. It is asked
 * before the lock closes and before signing out, must not wait for a network, and rejects when it could not store.
 * Register it for as long as there may be something, not with the component that shows it: the lock takes screens away.
 * @returns a function that ends it.
 */
export function beforeLeaving(store: Store): () => void {
  all.add(store);
  return () => void all.delete(store);
}

/** Stores everything, starting before this returns. @returns false when something was not stored, or not in time: it is still in memory then. */
export async function storeEverything(limit = longestWait): Promise<boolean> {
  const started = [...all].map(async (store) => store());
  if (started.length === 0) return true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), limit); });
  const ended = Promise.allSettled(started).then((results) => results.every(({ status }) => status === 'fulfilled'));
  const isStored = await Promise.race([ended, late]);
  clearTimeout(timer);
  return isStored;
}

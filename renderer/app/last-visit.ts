import { useEffect } from 'react';
import { rememberLayout, useSettings } from '../state/settings.ts';
import { useAccount } from '../state/session.ts';
import { useNow } from '../ui/index.ts';

/** When a person last worked here before this start of the app, by account: every minute of this visit moves what is stored. */
const before = new Map<string, number | null>();

const keyOf = (account: string): string => `visit.${account}`.slice(0, 80);

/** The end of the visit before this one (epoch milliseconds); null at the first one. */
export function useLastVisit(): number | null {
  const account = useAccount()?.id ?? null;
  const stored = useSettings(({ settings }) => (account === null ? undefined : settings.layout[keyOf(account)]));
  if (account === null) return null;
  const known = before.get(account);
  if (known !== undefined) return known;
  const last = typeof stored === 'number' ? stored : null;
  before.set(account, last);
  return last;
}

/** Remembers that somebody works here, while the frame is on screen. */
export function useVisit(): void {
  const account = useAccount()?.id ?? null;
  const now = useNow();
  useLastVisit();
  useEffect(() => {
    if (account !== null) rememberLayout(keyOf(account), now);
  }, [account, now]);
}

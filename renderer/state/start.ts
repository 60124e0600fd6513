import { setAnswer } from '../bridge/answers.ts';
import { call } from '../bridge/call.ts';
import { forgetAnswers, onEvent, wireInvalidation } from '../bridge/events.ts';
import type { SessionState } from '../../shared/domain/session.ts';
import { switchLanguage } from '../i18n/index.ts';
import { languageFor } from '../i18n/language.ts';
import { useConnection } from './connection.ts';
import { useInfo } from './info.ts';
import { quitWhenAsked } from './leaving.ts';
import { setLock, useLock } from './lock.ts';
import { toastNotice } from './notice-toasts.ts';
import { useNotices } from './notices.ts';
import { useOutbox } from './outbox.ts';
import { causeOf, readRecovery, useRecovery } from './recovery.ts';
import { accountAfter, useSession } from './session.ts';
import { useSettings } from './settings.ts';
import { useSync } from './sync.ts';
import { useWaiting } from './waiting.ts';

function setSession(next: SessionState): void {
  const before = useSession.getState().account;
  const account = accountAfter(before, next);
  useSession.setState({ state: next, account });
  // Main tells the session anew after the cache was opened, whoever asked for it.
  if (useRecovery.getState().needed !== null) void readRecovery();
  if (account?.id === before?.id) return;
  // Answers belong to one account.
  forgetAnswers();
  useOutbox.setState({ state: null });
  if (account === null) return useSync.setState({ state: null });
  void call('sync.state').then((state) => useSync.setState({ state }), () => undefined);
  void call('outbox.state').then((state) => useOutbox.setState({ state }), () => undefined);
}

/** Applies language and theme. Main has set the window's theme already; the attribute only follows a change at once. */
function applySettings(): void {
  const { settings, systemLanguage } = useSettings.getState();
  switchLanguage(languageFor(settings.language, systemLanguage));
  const root = document.documentElement;
  if (settings.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = settings.theme;
}

function listen(): void {
  useSettings.subscribe(applySettings);
  onEvent('session.changed', setSession);
  onEvent('lock.changed', setLock);
  onEvent('connection.changed', (state) => useConnection.setState({ state }));
  onEvent('sync.changed', (state) => useSync.setState({ state }));
  onEvent('outbox.changed', (state) => useOutbox.setState({ state }));
  onEvent('requests.waiting', (info) => useWaiting.setState({ info }));
  onEvent('quit.asked', () => void quitWhenAsked().catch(() => undefined));
  onEvent('settings.changed', (settings) => useSettings.setState({ settings }));
  onEvent('notice', (error) => {
    // A screen of its own asks for the key; it must be there before the session that the notice comes with.
    const needed = causeOf(error);
    if (needed !== null) return useRecovery.setState({ needed });
    useNotices.getState().add(error);
    toastNotice(error);
  });
  wireInvalidation();
}

/**
 * Fills the stores once and keeps them filled by events. Subscribes first, so that nothing that happens meanwhile is
 * missed; an answer that arrives after an event does not overwrite it.
 * @param readAhead called when somebody is signed in; what it reads belongs to the first screen.
 */
export async function startState(readAhead: () => Promise<void>): Promise<void> {
  listen();
  const fill = async <T>(answer: Promise<T>, set: (value: T) => void): Promise<void> => answer.then(set, () => undefined);
  await Promise.all([
    fill(call('settings.read'), (settings) => useSettings.setState({ settings })),
    fill(call('app.info'), (info) => {
      useInfo.setState({ info });
      useSettings.setState({ systemLanguage: info.systemLanguage });
      // Whether a recovery key is still needed is asked below, not remembered.
      info.notices.filter((notice) => causeOf(notice) === null).forEach((notice) => useNotices.getState().add(notice));
    }),
    fill(call('session.state'), (state) => useSession.getState().state ?? setSession(state)).then(() => (useSession.getState().account === null ? undefined : readAhead())),
    fill(call('lock.state').catch(() => ({ status: 'inactive' as const })), (state) => useLock.getState().state ?? setLock(state)),
    readRecovery(),
    fill(call('connection.state'), (state) => useConnection.getState().state ?? useConnection.setState({ state })),
    fill(call('profiles.list'), (profiles) => setAnswer('profiles.list', undefined, profiles)),
  ]);
}

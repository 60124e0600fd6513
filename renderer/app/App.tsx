import { lazy, Suspense, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../shared/domain/session.ts';
import { useProfiles } from '../state/profiles.ts';
import { useSession } from '../state/session.ts';
import { ErrorPanel, Skeleton, ToastRegion } from '../ui/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { Plain } from './Plain.tsx';

const SetupScreen = lazy(() => import('../features/setup/index.tsx'));
const SignInScreen = lazy(() => import('../features/sign-in/index.tsx'));

/** Which part of the app is on screen. */
export type Stage = 'starting' | 'setup' | 'signIn' | 'work';

/**
 * A renewed sign-in starts from work and comes back to it, so the frame stays and with it everything that was typed;
 * only signing out leaves it.
 */
export function stageFor(session: SessionState | null, hasProfile: boolean | undefined, wasWorking: boolean): Stage {
  if (session === null || hasProfile === undefined) return 'starting';
  if (!hasProfile) return 'setup';
  if (session.status === 'signedIn' || (session.status === 'signingIn' && wasWorking)) return 'work';
  return 'signIn';
}

/** Decides between first start, sign-in and work. */
export function App(): ReactNode {
  const { i18n } = useTranslation();
  const session = useSession(({ state }) => state);
  const profiles = useProfiles();
  const [wasWorking, setWasWorking] = useState(false);
  const stage = stageFor(session, profiles.data === undefined ? undefined : profiles.data.activeId !== null, wasWorking);
  if (stage === 'work' && !wasWorking) setWasWorking(true);
  if (stage === 'signIn' && wasWorking) setWasWorking(false);
  return (
    <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'de-DE'}>
      <ErrorBoundary>
        {stage === 'work' ? <Frame /> : (
          <Plain>
            <Suspense>
              {stage === 'setup' && <SetupScreen />}
              {stage === 'signIn' && <SignInScreen />}
              {stage === 'starting' && (profiles.error === null ? profiles.isSlow && <Skeleton /> : <ErrorPanel error={profiles.error} onRetry={profiles.refetch} />)}
            </Suspense>
          </Plain>
        )}
      </ErrorBoundary>
      <ToastRegion />
    </I18nProvider>
  );
}

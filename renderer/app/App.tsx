import { lazy, Suspense, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../shared/domain/session.ts';
import { useProfiles } from '../state/profiles.ts';
import { useAccount, useSession } from '../state/session.ts';
import { ErrorPanel, Skeleton, ToastRegion } from '../ui/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { Plain } from './Plain.tsx';

const SetupScreen = lazy(() => import('../features/setup/index.tsx'));
const SignInScreen = lazy(() => import('../features/sign-in/index.tsx'));

/** Which part of the app is on screen. */
export type Stage = 'starting' | 'setup' | 'signIn' | 'work';

/** Work is what has an account, a sign-in that is being renewed included: only signing out leaves it. */
export function stageFor(session: SessionState | null, hasAccount: boolean, hasProfile: boolean | undefined): Stage {
  if (session === null || hasProfile === undefined) return 'starting';
  if (!hasProfile) return 'setup';
  return hasAccount ? 'work' : 'signIn';
}

/** Decides between first start, sign-in and work. */
export function App(): ReactNode {
  const { i18n } = useTranslation();
  const session = useSession(({ state }) => state);
  const profiles = useProfiles();
  const account = useAccount();
  const stage = stageFor(session, account !== null, profiles.data === undefined ? undefined : profiles.data.activeId !== null);
  return (
    <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'de-DE'}>
      <ErrorBoundary>
        {stage === 'work' ? <Frame key={account?.id} /> : (
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

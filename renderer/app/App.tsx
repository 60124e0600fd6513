import { lazy, Suspense, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { LockState } from '../../shared/domain/lock.ts';
import type { SessionState } from '../../shared/domain/session.ts';
import { useActivity } from '../features/lock/useActivity.ts';
import { useLeaving } from '../state/leaving.ts';
import { isShut, useLock } from '../state/lock.ts';
import { useProfiles } from '../state/profiles.ts';
import { useRecovery, type RecoveryCause } from '../state/recovery.ts';
import { useAccount, useSession } from '../state/session.ts';
import { ErrorPanel, Skeleton, ToastRegion } from '../ui/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { Plain } from './Plain.tsx';

const LeavingDialog = lazy(() => import('../features/leaving/index.tsx'));
const LockScreen = lazy(() => import('../features/lock/index.tsx'));
const RecoveryScreen = lazy(() => import('../features/recovery/index.tsx'));
const SetupScreen = lazy(() => import('../features/setup/index.tsx'));
const SignInScreen = lazy(() => import('../features/sign-in/index.tsx'));

/** Which part of the app is on screen. */
export type Stage = 'starting' | 'setup' | 'signIn' | 'locked' | 'recovery' | 'work';

/** What decides the stage; null and undefined are what main has not answered yet. */
export type Facts = { session: SessionState | null; hasAccount: boolean; hasProfile: boolean | undefined; lock: LockState | null; recovery: RecoveryCause | undefined };

/** Work is what has an account, a sign-in that is being renewed included: only signing out, the lock and a cache that stays shut leave it. */
export function stageFor({ session, hasAccount, hasProfile, lock, recovery }: Facts): Stage {
  if (session === null || hasProfile === undefined) return 'starting';
  if (!hasProfile) return 'setup';
  if (!hasAccount) return 'signIn';
  // Not before it is known whether anything may be seen at all.
  if (lock === null || recovery === undefined) return 'starting';
  if (isShut(lock)) return 'locked';
  return recovery === null ? 'work' : 'recovery';
}

/** Decides between first start, sign-in, lock and work. */
export function App(): ReactNode {
  const { i18n } = useTranslation();
  const session = useSession(({ state }) => state);
  const profiles = useProfiles();
  const account = useAccount();
  const lock = useLock(({ state }) => state);
  const recovery = useRecovery(({ needed }) => needed);
  const stage = stageFor({ session, hasAccount: account !== null, hasProfile: profiles.data === undefined ? undefined : profiles.data.activeId !== null, lock, recovery });
  const leaving = useLeaving(({ asked }) => asked);
  useActivity(stage === 'work');
  return (
    <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'de-DE'}>
      <ErrorBoundary>
        {stage === 'work' ? <Frame key={account?.id} /> : (
          <Plain isLocked={stage === 'locked'}>
            <Suspense>
              {stage === 'setup' && <SetupScreen />}
              {stage === 'signIn' && <SignInScreen />}
              {stage === 'locked' && <LockScreen />}
              {stage === 'recovery' && <RecoveryScreen />}
              {stage === 'starting' && (profiles.error === null ? profiles.isSlow && <Skeleton /> : <ErrorPanel error={profiles.error} onRetry={profiles.refetch} />)}
            </Suspense>
          </Plain>
        )}
      </ErrorBoundary>
      {leaving !== null && <Suspense><LeavingDialog asked={leaving} canWork={stage === 'work'} /></Suspense>}
      {/* What waits to be told may name documents; it comes back with the work. */}
      {stage !== 'locked' && <ToastRegion />}
    </I18nProvider>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../bridge/queries.ts';
import { useSignInState } from '../state/sign-in.ts';
import { Dialog } from '../ui/index.ts';
import { OnDevice } from '../features/sign-in/OnDevice.tsx';
import { Waiting } from '../features/sign-in/Waiting.tsx';

/** The sign-in that renews a running session: over the frame, so that nothing in it is lost. */
export function RenewSignIn(): ReactNode {
  const { t } = useTranslation('shell');
  const isPending = useSignInState((signIn) => signIn.isPending);
  const isOnDevice = useSignInState((signIn) => signIn.isOnDevice);
  const cancel = useAction('session.cancelSignIn');
  return <Dialog isOpen={isPending} isModal onClose={() => void cancel.run()} title={t('banner.signIn')}>{isOnDevice ? <OnDevice /> : <Waiting />}</Dialog>;
}

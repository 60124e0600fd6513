import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInSession } from '../../../shared/domain/sign-in-session.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Badge, Button, Dialog, ErrorPanel, Hidden, Skeleton } from '../../ui/index.ts';
import { deviceOf } from './device-of.ts';
import styles from './access.module.css';

type Asked = SignInSession | 'others' | null;

/** Where the account is signed in, and the way to end it there. */
export function SignIns(): ReactNode {
  const { t } = useTranslation('access');
  const isOffline = useIsOffline();
  const { data, error, isSlow, refetch } = useCall('session.list', undefined, { enabled: !isOffline });
  const [asked, setAsked] = useState<Asked>(null);
  const close = (isEnded: boolean): void => {
    setAsked(null);
    if (isEnded) refetch();
  };
  if (data === null) return <p className={styles.muted}>{t('signIns.unsupported')}</p>;
  if (data === undefined) {
    if (isOffline) return <p className={styles.muted}>{t('signIns.offline')}</p>;
    return error === null ? isSlow && <Skeleton /> : <ErrorPanel error={error} isInline onRetry={refetch} />;
  }
  const others = data.filter(({ current }) => !current);
  return (
    <div className={styles.texts}>
      <p className={styles.muted}>{t('signIns.lead')}</p>
      <table className={styles.table} aria-label={t('signIns.title')} data-testid="sign-ins">
        <thead><tr><th scope="col">{t('signIns.device')}</th><th scope="col">{t('signIns.address')}</th><th scope="col">{t('signIns.since')}</th><th scope="col">{t('signIns.lastSeen')}</th><th scope="col"><Hidden>{t('signIns.end')}</Hidden></th></tr></thead>
        <tbody>{data.map((session) => <Row key={session.id} session={session} isOffline={isOffline} onEnd={() => setAsked(session)} />)}</tbody>
      </table>
      {others.length === 0 ? <p>{t('signIns.onlyHere')}</p> : (
        <div><Button icon="signOut" isDisabled={isOffline} reason={t('signIns.offline')} onPress={() => setAsked('others')} data-testid="end-others">{t('signIns.endOthers', { count: others.length })}</Button></div>
      )}
      {asked !== null && <Confirm asked={asked} count={others.length} onClose={close} />}
    </div>
  );
}

function Row({ session, isOffline, onEnd }: { session: SignInSession; isOffline: boolean; onEnd: () => void }): ReactNode {
  const { t } = useTranslation('access');
  const format = useFormat();
  const device = deviceOf(session.userAgent) ?? t('signIns.unknownDevice');
  return (
    <tr data-session={session.current ? 'current' : 'other'}>
      <th scope="row"><span className={styles.badges}>{device}{session.current && <Badge tone="accent" icon="check">{t('signIns.this')}</Badge>}</span></th>
      <td>{session.ip === '' ? t('notReported') : session.ip}</td>
      <td>{session.createdAt === null ? t('notReported') : format.moment(session.createdAt)}</td>
      <td>{session.lastSeenAt === null ? t('notReported') : format.moment(session.lastSeenAt)}</td>
      <td>{!session.current && <Button variant="quiet" isDisabled={isOffline} reason={t('signIns.offline')} onPress={onEnd}>{t('signIns.end')}</Button>}</td>
    </tr>
  );
}

/** Asks before somebody else, or the same person elsewhere, is thrown out. */
function Confirm({ asked, count, onClose }: { asked: Exclude<Asked, null>; count: number; onClose: (isEnded: boolean) => void }): ReactNode {
  const { t } = useTranslation('access');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await (asked === 'others' ? call('session.endOthers') : call('session.end', { id: asked.id }));
      onClose(true);
    } catch (thrown) {
      setError(errorOf(thrown));
      setPending(false);
    }
  };
  // It has ended by itself meanwhile: what was wanted is so.
  const isGone = error?.code === 'server.notFound';
  return (
    <Dialog isOpen onClose={() => onClose(isGone)} title={asked === 'others' ? t('signIns.askOthers', { count }) : t('signIns.ask')} actions={<>
      <Button autoFocus onPress={() => onClose(isGone)}>{t('signIns.keep')}</Button>
      <Button variant="primary" icon="signOut" isPending={isPending} onPress={() => void run()} data-testid="confirm-end">{t('signIns.end')}</Button>
    </>}>
      <p>{t('signIns.consequence')}</p>
      {error !== null && <ErrorPanel error={error} isInline />}
    </Dialog>
  );
}

import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useAction, useCall } from '../bridge/queries.ts';
import { useFormat } from '../i18n/format.ts';
import { useConnection } from '../state/connection.ts';
import { useGrace } from '../state/grace.ts';
import { useSession } from '../state/session.ts';
import { useSignIn } from '../state/sign-in.ts';
import { useSync } from '../state/sync.ts';
import { useWaiting } from '../state/waiting.ts';
import { Banner, Button, ErrorPanel } from '../ui/index.ts';

/** Hardly anybody ever sees it, and nobody at the start. */
const WipeButton = lazy(() => import('../features/wipe/WipeButton.tsx').then((loaded) => ({ default: loaded.WipeButton })));

/** What concerns every screen, one line each, the most urgent first. */
export function Banners(): ReactNode {
  return <div><AuditAlarm /><NeedsSignIn /><GraceEnding /><SessionOnly /><Offline /><RateLimited /></div>;
}

/** Somebody who may read the log has found that it was changed. It stands on every screen until a reason is given. */
function AuditAlarm(): ReactNode {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const alarms = useCall('audit.alarms', undefined);
  // The audit screen itself says more about it.
  if (alarms.data === undefined || alarms.data.length === 0 || pathname.startsWith('/audit')) return null;
  return <Banner tone="danger" data-testid="audit-alarm-banner" action={<Button onPress={() => void navigate('/audit')} data-testid="audit-alarm-open">{t('banner.auditLook')}</Button>}>{t('banner.auditAlarm')}</Banner>;
}

function NeedsSignIn(): ReactNode {
  const { t } = useTranslation('shell');
  const needsSignIn = useSession(({ state }) => state?.status === 'signedIn' && state.needsSignIn);
  const isDisabled = useSession(({ state }) => state?.status === 'signedIn' && state.isDisabled === true);
  const signIn = useSignIn();
  if (!needsSignIn) return null;
  return (
    <>
      <Banner tone={isDisabled ? 'danger' : 'warning'} data-testid={isDisabled ? 'account-disabled' : 'needs-sign-in'} action={<>
        {isDisabled && <Suspense><WipeButton /></Suspense>}
        <Button variant="quiet" isPending={signIn.isPending} onPress={signIn.runOnDevice} data-testid="renew-on-device">{t('shell:device.start')}</Button>
        <Button variant={isDisabled ? 'default' : 'primary'} icon="signIn" isPending={signIn.isPending} onPress={signIn.run} data-testid="renew">{t('banner.signIn')}</Button>
      </>}>{t(isDisabled ? 'banner.disabled' : 'banner.needsSignIn')}</Banner>
      {signIn.error !== null && <ErrorPanel error={signIn.error} isInline onRetry={signIn.isOnDevice ? signIn.runOnDevice : signIn.run} />}
    </>
  );
}

/** Said before it happens: without a server the cache closes, and nothing in it is lost. */
function GraceEnding(): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const grace = useGrace();
  if (grace?.status !== 'ending') return null;
  return <Banner tone="warning" icon="clock" data-testid="grace">{t('banner.graceEnding', { when: format.moment(grace.endsAt) })}</Banner>;
}

function SessionOnly(): ReactNode {
  const { t } = useTranslation('shell');
  const cause = useSession(({ state }) => (state?.persistence.kind === 'memory' ? state.persistence.cause : null));
  const [isRead, setRead] = useState(false);
  if (cause === null || isRead) return null;
  return <Banner tone="warning" icon="key" onDismiss={() => setRead(true)} data-testid="session-only">{t('banner.sessionOnly')} {t(`banner.cause.${cause}`)}</Banner>;
}

/** Offline is normal here: it is said, with the age of the data, and does not shout. */
function Offline(): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const connection = useConnection(({ state }) => state);
  const asOf = useSync(({ state }) => state?.finishedAt ?? null);
  const retry = useAction('connection.retry');
  if (connection?.status !== 'offline') return null;
  const text = asOf === null ? t('banner.offlineEmpty', { since: format.moment(connection.since) }) : t('banner.offline', { since: format.moment(connection.since), asOf: format.moment(asOf) });
  const action = <Button variant="quiet" icon="refresh" isPending={retry.isPending} onPress={() => void retry.run().then((state) => state !== null && useConnection.setState({ state }))}>{t('connection.retry')}</Button>;
  return <Banner icon="offline" action={action} data-testid="offline">{text}</Banner>;
}

/** A wait shorter than this is over before anybody has read that there is one. */
const shortestTold = 1_000;

/** The server allows so many requests a minute, or asked for a pause: a clock instead of an error. */
function RateLimited(): ReactNode {
  const { t } = useTranslation('shell');
  const until = useWaiting(({ info }) => (info !== null && info.waiting > 0 ? info.until : null));
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  const began = useRef<number | null>(null);
  if (until === null) began.current = null;
  else began.current ??= until - now;
  if (until === null || (began.current ?? 0) < shortestTold) return null;
  const seconds = Math.ceil((until - now) / 1000);
  return <Banner icon="clock" data-testid="waiting">{seconds > 0 ? t('banner.rateLimited', { count: seconds }) : t('banner.rateLimitedNow')}</Banner>;
}

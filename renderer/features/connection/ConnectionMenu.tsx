import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionState } from '../../../shared/domain/connection.ts';
import { useAction } from '../../bridge/queries.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useFormat } from '../../i18n/format.ts';
import { useConnection } from '../../state/connection.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { Badge, Button, cx, ErrorPanel, PopoverButton } from '../../ui/index.ts';
import { adviceFor, peerView, viewOf } from './connection-view.ts';
import styles from './connection.module.css';

/** The dot in the title bar, and behind it the explanation: which server, since when, why, and what to do. */
export function ConnectionMenu(): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const state = useConnection((store) => store.state);
  const profile = useActiveProfile();
  const retry = useAction('connection.retry');
  const view = viewOf(state);
  const word = t(`connection.${view.word}`);
  const time = view.at === null ? '' : format.moment(view.at);
  const advice = adviceFor(state);
  return (
    <PopoverButton
      label={t('connection.label', { state: `${word} ${time}`.trim() })} data-testid="connection" width={400}
      trigger={<><span className={cx(styles.dot, styles[view.dot], styles[view.tone])} aria-hidden /><span>{word}</span>{' '}{time !== '' && <span className={styles.muted}>{time}</span>}</>}
    >
      <div className={styles.head}><b>{word}</b>{state !== null && <span className={styles.muted}>{t('connection.since', { when: format.moment(state.since) })}</span>}</div>
      {advice !== 'none' && <p>{t(`connection.advice.${advice}`)}</p>}
      <Peer name={t('connection.erp')} address={profile?.erpUrl} peer={state?.erp} />
      <Peer name={t('connection.identityProvider')} address={profile?.issuer} peer={state?.identityProvider} />
      <p className={styles.muted}>{state?.live === true ? t('connection.live') : t('connection.notLive')}</p>
      {state !== null && state.missingCapabilities.length > 0 && <p className={styles.muted}>{t('connection.missing', { list: format.list(state.missingCapabilities) })}</p>}
      {retry.error !== null && <ErrorPanel error={retry.error} isInline />}
      <div className={styles.actions}><Button icon="refresh" isPending={retry.isPending} onPress={() => void retry.run().then((next) => next !== null && useConnection.setState({ state: next }))}>{t('connection.retry')}</Button></div>
    </PopoverButton>
  );
}

function Peer({ name, address, peer }: { name: string; address: string | undefined; peer: ConnectionState['erp'] | undefined }): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const message = useMessage();
  const view = peerView(peer);
  const since = peer?.since ?? null;
  const error = peer?.error ?? null;
  return (
    <section className={styles.peer}>
      <div className={styles.head}><span>{name}</span><Badge tone={view.tone} icon={view.icon}>{t(`connection.${view.word}`)}</Badge></div>
      <div className={styles.address}>{address ?? '–'}</div>
      {since !== null && (
        <div className={styles.muted}>
          {t('connection.since', { when: format.moment(since) })}
          {peer?.seenAt !== undefined && ` · ${t('connection.seen', { when: format.moment(peer.seenAt) })}`}
        </div>
      )}
      {error !== null && <div>{message(error)} <span className={styles.muted}>({error.code})</span></div>}
    </section>
  );
}

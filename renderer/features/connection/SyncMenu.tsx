import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import { useSync } from '../../state/sync.ts';
import { Age, Button, DefinitionList, ErrorPanel, Icon, PopoverButton, ProgressBar } from '../../ui/index.ts';
import styles from './connection.module.css';

/** How far the local copy follows the server. */
export function SyncMenu(): ReactNode {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const sync = useSync(({ state }) => state);
  const isOffline = useIsOffline();
  const pull = useAction('sync.pull');
  const cancel = useAction('sync.cancel');
  const isPulling = sync?.status === 'pulling';
  const progress = isPulling && sync.expected > 0 ? `${Math.floor((sync.done / sync.expected) * 100)} %` : null;
  const error = sync?.error ?? null;
  const status = t(`sync.status.${sync?.status ?? 'idle'}`);
  return (
    <PopoverButton
      label={t('sync.label', { state: progress === null ? status : `${status} ${progress}` })} data-testid="sync"
      trigger={<><Icon name={sync?.status === 'failed' ? 'warning' : 'refresh'} className={sync?.status === 'failed' ? styles.warning : undefined} />{progress !== null && <span>{progress}</span>}</>}
    >
      <div className={styles.head}><b>{t('sync.title')}</b><span className={styles.muted}>{status}</span></div>
      {isPulling && (
        <ProgressBar
          label={t('sync.pulling')} value={sync.expected > 0 ? sync.done / sync.expected : null} onCancel={() => void cancel.run()}
          detail={sync.expected > 0 ? t('sync.progress', { done: format.integer(sync.done), expected: format.integer(sync.expected) }) : format.integer(sync.done)}
        />
      )}
      {isPulling && sync.perSecond !== null && sync.remainingMs !== null && (
        <p className={styles.muted}>{t('sync.pace', { perSecond: format.integer(sync.perSecond) })} · {sync.remainingMs < 60_000 ? t('sync.remainingUnderMinute') : t('sync.remaining', { count: Math.ceil(sync.remainingMs / 60_000) })}</p>
      )}
      {isPulling && sync.finishedAt === null && <p className={styles.muted}>{t('sync.firstHint')}</p>}
      <DefinitionList items={[
        { label: t('sync.cached'), value: format.integer(sync?.cached ?? 0) },
        { label: t('sync.finished'), value: <Age at={sync?.finishedAt ?? null} form="relative" /> },
      ]} />
      {error !== null && <ErrorPanel error={error} isInline />}
      {pull.error !== null && <ErrorPanel error={pull.error} isInline />}
      <div className={styles.actions}>
        <Button icon="refresh" isPending={pull.isPending || isPulling} isDisabled={isOffline} reason={t('sync.offlineReason')} shortcut="F5" onPress={() => void pull.run()}>{t('sync.pull')}</Button>
      </div>
    </PopoverButton>
  );
}

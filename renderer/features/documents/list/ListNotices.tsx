import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../../../shared/domain/connection.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel, ProgressBar } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import styles from './list.module.css';

export type ListNoticesProps = { sync: SyncState | null; canList: boolean; isOffline: boolean; asOf: number | null; error: AppError | null; onRetry: () => void; onOpenByNumber: () => void };

/** What concerns the list as a whole: how far it is loaded, and why it is not complete. */
export function ListNotices({ sync, canList, isOffline, asOf, error, onRetry, onOpenByNumber }: ListNoticesProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const pull = useAction('sync.pull');
  const cancel = useAction('sync.cancel');
  const isFirstPull = sync?.status === 'pulling' && asOf === null;
  const expected = sync?.expected ?? 0;
  return (
    <>
      {error !== null && <div className={styles.notice}><ErrorPanel error={error} title={t('list.failed')} onRetry={onRetry} isInline /></div>}
      {isFirstPull && (
        <div className={styles.notice}>
          <ProgressBar
            label={t('list.firstPull')} value={expected > 0 ? Math.min(1, sync.done / expected) : null} onCancel={() => void cancel.run()}
            detail={expected > 0 ? t('list.progress', { done: format.integer(sync.done), expected: format.integer(expected) }) : t('list.progressUnknown', { done: format.integer(sync.done) })}
          />
        </div>
      )}
      {sync?.status === 'failed' && sync.error !== null && !isOffline && (
        <div className={styles.notice}><ErrorPanel error={sync.error} title={t('list.pullFailed')} onRetry={() => void pull.run()} isInline /></div>
      )}
      {sync?.status === 'idle' && asOf === null && canList && !isOffline && sync.finishedAt === null && sync.cached > 0 && (
        <Banner tone="warning" action={<Button icon="refresh" onPress={() => void pull.run()}>{t('list.pullAgain')}</Button>}>{t('list.incomplete')}</Banner>
      )}
      {sync !== null && sync.unreadable.count > 0 && <Unreadable {...sync.unreadable} />}
      {!canList && <Banner tone="warning" action={<Button onPress={onOpenByNumber} data-testid="open-by-number">{t('open.button')}</Button>}>{t('list.unsupported')}</Banner>}
    </>
  );
}

/** The list looks whole and is not: these documents can be worked with only in the ERP itself. */
function Unreadable({ count, first }: SyncState['unreadable']): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const names = first.map(({ type, number }) => `${words.type(type)} ${number === '' ? t('list.unreadableNameless') : number}`).join(', ');
  return <Banner tone="warning" data-testid="unreadable-documents">{t('list.unreadable', { count, names: count > first.length ? `${names} …` : names })}</Banner>;
}

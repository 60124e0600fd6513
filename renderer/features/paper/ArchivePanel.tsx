import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ArchiveEntry } from '../../../shared/domain/verify.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Age, Badge, Button, EmptyState, ErrorPanel, Icon, Skeleton, useCopy } from '../../ui/index.ts';
import styles from './paper.module.css';

/** The archived copies of a document: when, by whom, and whether they are still what they were, claimed and measured apart. */
export function ArchivePanel({ document }: { document: DocumentKey }): ReactNode {
  const { t } = useTranslation('print');
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const { data, error, isSlow, isFetching, isPrevious, refetch } = useCall('paper.history', document);
  const shown = data !== undefined && !isPrevious ? data : null;
  return (
    <div className={styles.panel} data-testid="archive">
      <div className={styles.bar}>
        {shown !== null && (
          <>
            <Badge tone={shown.source === 'server' ? 'neutral' : 'warning'} icon={shown.source === 'server' ? 'server' : 'offline'}>{t(`archive.source.${shown.source}`)}</Badge>
            <Age at={shown.fetchedAt} />
            <span>{t('archive.count', { count: shown.value.length })}</span>
          </>
        )}
        <span className={styles.barEnd}>
          <Button variant="quiet" icon="security" onPress={() => void navigate(`/verify?number=${encodeURIComponent(document.number)}`)}>{t('archive.verify')}</Button>
          <Button variant="quiet" icon="refresh" isPending={isFetching} isDisabled={isOffline} reason={isOffline ? t('server.offline') : null} onPress={refetch}>{t('archive.refresh')}</Button>
        </span>
      </div>
      {error !== null && (
        error.code === 'server.forbidden' ? <EmptyState icon="lock" title={t('archive.forbidden')} hint={t('archive.forbiddenHint')} />
          : error.code === 'server.unsupported' || (error.code === 'server.notFound' && shown === null) ? <EmptyState icon="archive" title={t('archive.unsupported')} hint={t('archive.unsupportedHint')} />
            : isOffline ? <EmptyState icon="offline" title={t('archive.offline')} hint={t('archive.offlineHint')} />
              : <div className={styles.notice}><ErrorPanel error={error} title={t('archive.failed')} onRetry={refetch} isInline /></div>
      )}
      {isSlow && <div className={styles.notice}><Skeleton lines={5} /></div>}
      {error === null && shown !== null && shown.value.length === 0 && <EmptyState icon="archive" title={t('archive.empty')} hint={t('archive.emptyHint')} />}
      {shown !== null && shown.value.length > 0 && error?.code !== 'server.forbidden' && (
        <>
          <ul className={styles.copies} aria-label={t('archive.list')}>{shown.value.map((entry) => <Copy key={entry.path} entry={entry} document={document} isOffline={isOffline} onChecked={refetch} />)}</ul>
          <p className={styles.legend}><Icon name="info" />{t('archive.legend')}</p>
        </>
      )}
    </div>
  );
}

function Copy({ entry, document, isOffline, onChecked }: { entry: ArchiveEntry; document: DocumentKey; isOffline: boolean; onChecked: () => void }): ReactNode {
  const { t } = useTranslation('print');
  const format = useFormat();
  const { isCopied, copy } = useCopy();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const check = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await call('paper.recheck', { ...document, path: entry.path });
      onChecked();
    } catch (thrown) {
      setError(errorOf(thrown));
    }
    setPending(false);
  };
  return (
    <li className={styles.copy} data-testid="archive-copy" data-valid={entry.server?.valid}>
      <div className={styles.when}>
        <b>{entry.at === null ? t('archive.noTime') : format.dateTime(entry.at)}</b>
        <span className={styles.who}><Icon name="user" />{entry.user ?? t('archive.noUser')}</span>
      </div>
      <div className={styles.proof}>
        <ServerMark entry={entry} />
        <HereMark entry={entry} />
        <span className={styles.hash}>
          {t('archive.sha')} <code title={entry.sha256}>{entry.sha256.slice(0, 16)}…</code>
          <button type="button" className={styles.copyButton} aria-label={t('archive.copySha')} onClick={() => copy(entry.sha256)}><Icon name={isCopied ? 'check' : 'copy'} /></button>
        </span>
        {error !== null && <ErrorPanel error={error} title={t('archive.notChecked')} isInline />}
      </div>
      <Button variant="quiet" icon="security" isPending={isPending} isDisabled={isOffline} reason={isOffline ? t('server.offline') : null} onPress={() => void check()} data-testid="archive-recheck">{t('archive.check')}</Button>
    </li>
  );
}

function ServerMark({ entry: { server } }: { entry: ArchiveEntry }): ReactNode {
  const { t } = useTranslation('print');
  const format = useFormat();
  if (server === null) return <Badge icon="clock">{t('archive.server.open')}</Badge>;
  return <Badge tone={server.valid ? 'success' : 'danger'} icon={server.valid ? 'check' : 'error'}>{t(server.valid ? 'archive.server.valid' : 'archive.server.invalid', { time: format.moment(server.at) })}</Badge>;
}

function HereMark({ entry: { here } }: { entry: ArchiveEntry }): ReactNode {
  const { t } = useTranslation('print');
  if (here === null) return null;
  const tone = here.same === null ? 'neutral' : here.same ? 'success' : 'danger';
  const text = here.same === null ? 'archive.here.gone' : here.same ? 'archive.here.same' : 'archive.here.changed';
  return <Badge tone={tone} icon={here.same === null ? 'info' : here.same ? 'check' : 'error'}>{t(text, { file: here.file })}</Badge>;
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { workflowActionSchema, workflowStateSchema } from '../../../shared/domain/workflow.ts';
import type { DocumentKey, TrailEntry } from '../../../shared/domain/document.ts';
import { useNavigate } from 'react-router';
import { documentTypeInfo } from '../../../shared/domain/document-types.ts';
import { logAddress } from '../../app/addresses.ts';
import { useSecurityReason } from '../../app/useWaiting.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Age, Badge, Button, EmptyState, ErrorPanel, Icon, Skeleton, useCopy } from '../../ui/index.ts';
import { StateBadge } from '../documents/StateBadge.tsx';
import { gapsOf, momentOf, newestFirst } from './trail-view.ts';
import styles from './trail.module.css';

/** Who did what to one document, when and why, with refused attempts; how old it is and where it comes from. */
export function TrailPanel({ document }: { document: DocumentKey }): ReactNode {
  const { t } = useTranslation('documents');
  const { data, error, isSlow, isFetching, isPrevious, refetch } = useCall('documents.trail', document);
  const navigate = useNavigate();
  const mayNotRead = useSecurityReason();
  const gaps = gapsOf(data?.value ?? []);
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        {data !== undefined && !isPrevious && (
          <>
            <Badge tone={data.source === 'server' ? 'neutral' : 'warning'} icon={data.source === 'server' ? 'server' : 'offline'}>{t(`trail.source.${data.source}`)}</Badge>
            <Age at={data.fetchedAt} />
            <span>{t('trail.count', { count: data.value.length })}</span>
          </>
        )}
        <Button variant="quiet" icon="audit" isDisabled={mayNotRead !== null} reason={mayNotRead} onPress={() => void navigate(logAddress({ resource: `${documentTypeInfo[document.type].domain}/${document.number}` }))} data-testid="trail-in-log">{t('trail.inLog')}</Button>
        <Button variant="quiet" icon="refresh" isPending={isFetching} onPress={refetch}>{t('trail.refresh')}</Button>
      </div>
      {error !== null && <div className={styles.error}><ErrorPanel error={error} title={t('trail.failed')} onRetry={refetch} isInline /></div>}
      {isSlow && <div className={styles.error}><Skeleton lines={6} /></div>}
      {data !== undefined && !isPrevious && data.value.length === 0 && <EmptyState icon="history" title={t('trail.empty')} hint={t('trail.emptyHint')} />}
      {data !== undefined && !isPrevious && data.value.length > 0 && (
        <>
          <ol className={styles.list} aria-label={t('tab.trail')}>{newestFirst(data.value).map((entry, index) => <Entry key={entry.seq ?? `${entry.at}-${index}`} entry={entry} hideUser={gaps.user} mayNotRead={mayNotRead} />)}</ol>
          {(gaps.user || gaps.hash) && <p className={styles.gaps}><Icon name="info" />{t(gaps.user ? 'trail.gap.user' : 'trail.gap.hash')}</p>}
        </>
      )}
    </div>
  );
}

function Entry({ entry, hideUser, mayNotRead }: { entry: TrailEntry; hideUser: boolean; mayNotRead: string | null }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const navigate = useNavigate();
  const { isCopied, copy } = useCopy();
  const action = workflowActionSchema.safeParse(entry.action);
  const moment = momentOf(entry);
  const state = (value: string | null): ReactNode => {
    const known = workflowStateSchema.safeParse(value);
    return known.success ? <StateBadge state={known.data} /> : value;
  };
  return (
    <li className={styles.entry} data-refused={!entry.accepted || undefined} data-action={entry.action}>
      <span className={styles.sign}><Icon name={entry.accepted ? 'check' : 'reject'} /></span>
      <div className={styles.what}>
        <div className={styles.headline}>
          <b>{!action.success ? entry.action : entry.accepted ? t(`trail.action.${action.data}`) : t(`action.${action.data}`)}</b>
          {!entry.accepted && <Badge tone="danger" icon="reject">{t('trail.refused')}</Badge>}
          {entry.to !== null && <span className={styles.change}>{entry.from !== null && <>{state(entry.from)}<Icon name="chevronRight" label={t('trail.to')} /></>}{state(entry.to)}</span>}
        </div>
        {entry.reason !== null && <p className={styles.reason}>{entry.reason}</p>}
        <p className={styles.facts}>
          {entry.policy !== null && <span>{t('trail.policy')} <code>{entry.policy}</code></span>}
          {entry.correlationId !== null && (
            <span>
              {t('trail.correlationId')} <code>{entry.correlationId}</code>
              <button type="button" className={styles.copy} aria-label={t('trail.copyId')} onClick={() => copy(entry.correlationId ?? '')}><Icon name={isCopied ? 'check' : 'copy'} /></button>
              {mayNotRead === null && <button type="button" className={styles.copy} aria-label={t('trail.entryInLog')} title={t('trail.entryInLog')} onClick={() => void navigate(logAddress({ correlationId: entry.correlationId ?? '' }))}><Icon name="audit" /></button>}
            </span>
          )}
          {entry.seq !== null && <span>{t('trail.seq', { seq: format.integer(entry.seq) })}</span>}
        </p>
      </div>
      <div className={styles.who}>
        {!hideUser && <span className={styles.user}><Icon name="user" />{entry.user ?? t('trail.unknownUser')}</span>}
        {moment === null ? <span className={styles.time}>{t('trail.unknownTime')}</span> : <time className={styles.time} dateTime={new Date(moment).toISOString()} title={format.relative(moment)}>{format.dateTime(moment)}</time>}
      </div>
    </li>
  );
}

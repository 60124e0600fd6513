import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { setAnswer } from '../../../bridge/answers.ts';
import { call } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useConnection, useIsOffline } from '../../../state/connection.ts';
import { Banner, ErrorPanel, Skeleton } from '../../../ui/index.ts';
import { FlowPicture } from './FlowPicture.tsx';
import { FlowTable } from './FlowTable.tsx';
import { Progress } from './Progress.tsx';
import styles from './flow.module.css';

/** The chain that a document stands in: as a picture to walk through, what is still open, and as a table. */
export function FlowPanel({ document: { type, number } }: { document: DocumentKey }): ReactNode {
  const { t } = useTranslation('documents');
  const isOffline = useIsOffline();
  const canList = !useConnection(({ state }) => state?.missingCapabilities.includes('documents.list') ?? false);
  const key = useMemo(() => ({ type, number }), [type, number]);
  const { data, error, isSlow, isPrevious, refetch } = useCall('documents.flow', key);
  const hasGaps = data !== undefined && !isPrevious && data.nodes.some(({ cached }) => !cached);
  const [isAsking, setAsking] = useState(false);

  useEffect(() => {
    if (!hasGaps || isOffline) return;
    let isWanted = true;
    setAsking(true);
    // What comes back is shown wherever this chain is looked at; without it the names stay names.
    void call('documents.completeFlow', key).then((flow) => setAnswer('documents.flow', key, flow), () => undefined).finally(() => { if (isWanted) setAsking(false); });
    return () => { isWanted = false; };
  }, [hasGaps, isOffline, key]);

  if (error !== null) return <div className={styles.notice}><ErrorPanel error={error} title={t('flow.failed')} onRetry={refetch} isInline /></div>;
  if (data === undefined) return isSlow ? <div className={styles.notice}><Skeleton lines={6} /></div> : null;
  return (
    <div className={styles.panel} data-testid="flow">
      {hasGaps && !isAsking && <Banner tone={isOffline ? 'warning' : 'neutral'} icon={isOffline ? 'offline' : 'info'}>{t(isOffline ? 'flow.gaps.offline' : 'flow.gaps.absent')}</Banner>}
      {!canList && <Banner icon="info">{t('flow.gaps.watch')}</Banner>}
      {data.truncated && <Banner icon="info">{t('flow.truncated', { count: data.nodes.length })}</Banner>}
      {data.nodes.length === 1 ? <p className={styles.alone}>{t('flow.alone')}</p> : <FlowPicture flow={data} current={key} />}
      {data.progress !== null && <Progress progress={data.progress} />}
      {data.nodes.length > 1 && <FlowTable flow={data} current={key} />}
    </div>
  );
}

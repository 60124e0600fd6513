import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ReviewSummary } from '../../../../shared/security/review/finding.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { Badge, Button, DataTable, EmptyState, ErrorPanel, Skeleton, StatusLine, type Column } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { NewReviewDialog } from './NewReviewDialog.tsx';

/** All reviews, the newest first: what was looked at, how far it is, how it ended. */
export function ReviewHistory(): ReactNode {
  const { t } = useTranslation('security-review');
  const format = useFormat();
  const navigate = useNavigate();
  const mayAct = useActReason();
  const list = useCall('review.list', undefined);
  const [isAsking, ask] = useState(false);
  const [chosen, choose] = useState<string | null>(null);
  const open = (id: string): void => void navigate(`/security/review/${id}`);
  useCommand({ id: 'review.new', title: t('action.new'), group: 'document', shortcut: 'Ctrl+N', isEnabled: mayAct === null, reason: mayAct, run: () => ask(true) });
  const columns = useMemo((): Column<ReviewSummary>[] => [
    { id: 'period', header: t('column.period'), width: 200, render: (row) => `${format.date(row.from)} – ${format.date(row.to)}` },
    { id: 'state', header: t('column.state'), width: 208, grow: 1, render: (row) => (row.finished !== null ? <Badge tone="success" icon="check">{t('state.finished')}</Badge> : row.decided < row.total ? <Badge tone="warning" icon="clock">{t('state.open', { count: row.total - row.decided })}</Badge> : <Badge tone="accent">{t('state.ready')}</Badge>) },
    { id: 'total', header: t('column.total'), width: 128, align: 'end', render: (row) => format.integer(row.total) },
    { id: 'raised', header: t('column.raised'), width: 112, align: 'end', render: (row) => format.integer(row.raised) },
    { id: 'at', header: t('column.at'), width: 152, render: (row) => format.dateTime(row.createdAt) },
    { id: 'by', header: t('column.by'), width: 112, grow: 1, render: (row) => row.createdBy },
  ], [t, format]);
  const rows = list.data ?? [];
  const begin = <Button icon="plus" variant="primary" shortcut="Ctrl+N" isDisabled={mayAct !== null} reason={mayAct} onPress={() => ask(true)} data-testid="review-new">{t('action.new')}</Button>;
  return (
    <AreaFrame bar={<AreaBar summary={t('summary.none')} actions={begin} />} foot={<StatusLine items={[t('count', { count: rows.length }), mayAct !== null && mayAct]} end={t('listKeys')} />}>
      {list.error !== null && <ErrorPanel error={list.error} onRetry={list.refetch} isInline />}
      {list.data === undefined ? list.isSlow && <Skeleton /> : (
        <DataTable
          label={t('table.reviews')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={({ id }) => id} selectedKey={chosen} onSelect={({ id }) => choose(id)} onActivate={({ id }) => open(id)}
          empty={<EmptyState icon="audit" title={t('empty.title')} hint={t('empty.hint')} />}
        />
      )}
      {isAsking && <NewReviewDialog onClose={() => ask(false)} onStarted={open} />}
    </AreaFrame>
  );
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListRow } from '../../../../shared/domain/document-list.ts';
import { useFormat } from '../../../i18n/format.ts';
import { fitColumns, type Column } from '../../../ui/index.ts';
import { StateBadge } from '../StateBadge.tsx';
import { useWords } from '../words.ts';

/** What stays longest when the list gets narrow. */
const priority = ['number', 'gross', 'workflow', 'partner', 'type', 'date', 'status', 'changed', 'net'];

/** The columns of the document list that fit into a width; their ids are the sort columns of the contract. */
export function useListColumns(width: number): Column<ListRow>[] {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const columns = useMemo(() => {
    const column = (id: string, least: number, render: Column<ListRow>['render'], more: Partial<Column<ListRow>> = {}): Column<ListRow> =>
      ({ id, header: t(`column.${id}`), width: least, render, isSortable: true, ...more });
    return [
      column('number', 142, (row) => row.number),
      column('type', 132, (row) => words.type(row.type)),
      column('date', 92, (row) => (row.date === null ? '–' : format.date(row.date))),
      column('partner', 150, (row) => <span title={row.partnerName ?? undefined}>{row.partnerName ?? '–'}</span>, { grow: 1 }),
      column('net', 100, (row) => format.amount(row.net), { align: 'end' }),
      column('gross', 100, (row) => format.amount(row.gross), { align: 'end' }),
      column('status', 112, (row) => words.status(row.status)),
      column('workflow', 124, (row) => <StateBadge state={row.workflow} />),
      column('changed', 120, (row) => (row.changedAt === null ? '–' : <time dateTime={new Date(row.changedAt).toISOString()} title={format.dateTime(row.changedAt)}>{format.relative(row.changedAt)}</time>)),
    ];
  }, [t, words, format]);
  return useMemo(() => fitColumns(columns, priority, width), [columns, width]);
}

import { useCallback, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkRow } from '../../../../shared/domain/bulk.ts';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { add, zero } from '../../../../shared/domain/money.ts';
import type { WorkflowAction } from '../../../../shared/domain/workflow.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { DataTable, Money, fitColumns, useWidth, type Column } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import styles from './bulk.module.css';

/** More than this is not read only to be looked at; the action itself reads all of them. */
const mostShown = 500;
const priority = ['number', 'gross', 'partner', 'type'];
const rowKey = ({ key }: BulkRow): string => `${key.type}/${key.number}`;
const none: readonly BulkRow[] = [];

/** The chosen documents and what they come to. */
export function ChosenTable({ keys, action }: { keys: readonly DocumentKey[]; action: WorkflowAction }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const isMany = keys.length > mostShown;
  const { data } = useCall('bulk.plan', { action, keys: [...keys] }, { enabled: keys.length > 0 && !isMany });
  const rows = data?.rows ?? none;
  const sum = useMemo(() => rows.reduce((total, { gross }) => add(total, gross ?? zero), zero), [rows]);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const columns = useMemo(() => fitColumns<Column<BulkRow>>([
    { id: 'number', header: t('column.number'), width: 142, render: ({ key }) => key.number },
    { id: 'type', header: t('column.type'), width: 126, render: ({ key }) => words.type(key.type) },
    { id: 'partner', header: t('column.partner'), width: 140, grow: 1, render: ({ partnerName }) => partnerName ?? '–' },
    { id: 'gross', header: t('column.gross'), width: 108, align: 'end', render: ({ gross }) => (gross === null ? '–' : format.amount(gross)) },
  ], priority, width), [t, words, format, width]);
  const getRow = useCallback((index: number) => rows[index], [rows]);
  if (isMany) return null;
  return (
    <>
      <p className={styles.summary}><span>{t('bulk.sum')} <Money value={sum} isStrong /></span></p>
      <div className={styles.table}><div ref={frame} className={styles.frame}><DataTable label={t('bulk.chosenTable')} columns={columns} rowCount={rows.length} getRow={getRow} rowKey={rowKey} /></div></div>
    </>
  );
}

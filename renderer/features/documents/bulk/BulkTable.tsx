import { useCallback, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkRow } from '../../../../shared/domain/bulk.ts';
import { transitions, type WorkflowAction } from '../../../../shared/domain/workflow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, DataTable, fitColumns, useWidth, type Column, type IconName, type Tone } from '../../../ui/index.ts';
import { stateLook, useWords } from '../words.ts';
import styles from './bulk.module.css';

/** What became of a row, in one or two words. */
export function useRowResult(action: WorkflowAction): (row: BulkRow) => string {
  const { t } = useTranslation('documents');
  const words = useWords();
  return useCallback((row) => (row.state === 'done' ? words.state(transitions[action].to) : t(`bulk.row.${row.state}`)), [t, words, action]);
}

const look = (action: WorkflowAction, state: BulkRow['state']): { tone: Tone; icon: IconName } => {
  switch (state) {
    case 'done': return stateLook[transitions[action].to];
    case 'refused': return { tone: 'danger', icon: 'error' };
    case 'skipped': return { tone: 'warning', icon: 'lock' };
    case 'sending': return { tone: 'accent', icon: 'send' };
    case 'waiting': return { tone: 'neutral', icon: 'clock' };
  }
};

const priority = ['number', 'why', 'result', 'gross', 'type', 'partner'];
const rowKey = ({ key }: BulkRow): string => `${key.type}/${key.number}`;

/** The documents of a bulk action, each with its result and, where there is one, the reason. */
export function BulkTable({ rows, action, isPlan = false }: { rows: readonly BulkRow[]; action: WorkflowAction; isPlan?: boolean }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const result = useRowResult(action);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const hasReasons = rows.some(({ error }) => error !== null);
  const columns = useMemo(() => {
    const why = (row: BulkRow): string => (row.error === null ? '' : words.about(row.error));
    const all: Column<BulkRow>[] = [
      { id: 'number', header: t('column.number'), width: 136, render: ({ key }) => key.number },
      { id: 'type', header: t('column.type'), width: 108, render: ({ key }) => words.type(key.type) },
      { id: 'partner', header: t('column.partner'), width: 140, render: ({ partnerName }) => partnerName ?? '–' },
      { id: 'gross', header: t('column.gross'), width: 92, align: 'end', render: ({ gross }) => (gross === null ? '–' : format.amount(gross)) },
      { id: 'result', header: t('bulk.result'), width: 128, render: (row) => (isPlan && row.state === 'waiting' ? <Badge tone="success" icon="check">{t('bulk.row.possible')}</Badge> : <Badge {...look(action, row.state)}>{result(row)}</Badge>) },
      { id: 'why', header: t('bulk.why'), width: hasReasons ? 260 : 140, grow: 1, render: (row) => <span title={why(row)} data-testid="bulk-why">{why(row)}</span> },
    ];
    return fitColumns(all, priority, width);
  }, [t, words, format, result, action, isPlan, width, hasReasons]);
  const getRow = useCallback((index: number) => rows[index], [rows]);
  return <div ref={frame} className={styles.frame}><DataTable label={t('bulk.table')} columns={columns} rowCount={rows.length} getRow={getRow} rowKey={rowKey} /></div>;
}

import { useCallback, useMemo, useRef, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { DataTable, fitColumns, useNow, useWidth, type Column, type DataTableHandle } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { CommandState, DecisionState } from './EntryState.tsx';
import type { OutboxEntry } from './outbox-model.ts';
import styles from './outbox.module.css';

export type OutboxListProps = { entries: readonly OutboxEntry[]; selected: string | null; onSelect: (entry: OutboxEntry) => void; empty: ReactNode; ref?: Ref<DataTableHandle> };

/** What stays longest when the list gets narrow. */
const priority = ['number', 'state', 'what', 'since', 'partner', 'turn', 'type'];

const keyOf = (entry: OutboxEntry): string => entry.id;

/** What waits: what a person must do first, then in the order in which it is sent. */
export function OutboxList({ entries, selected, onSelect, empty, ref }: OutboxListProps): ReactNode {
  const { t } = useTranslation('outbox');
  const words = useWords();
  const format = useFormat();
  const now = useNow();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const columns = useMemo((): Column<OutboxEntry>[] => {
    const document = (entry: OutboxEntry) => (entry.kind === 'command' ? entry.command.key : entry.decision.key);
    const since = (entry: OutboxEntry): number => (entry.kind === 'command' ? entry.command.queuedAt : entry.decision.decidedAt);
    const all: Column<OutboxEntry>[] = [
      { id: 'turn', header: t('column.turn'), width: 32, align: 'end', render: (entry) => (entry.kind === 'command' && entry.turn !== null ? format.integer(entry.turn) : '') },
      { id: 'state', header: t('column.state'), width: 132, render: (entry) => (entry.kind === 'command' ? <CommandState command={entry.command} /> : <DecisionState decision={entry.decision} />) },
      { id: 'what', header: t('column.what'), width: 80, render: (entry) => (entry.kind === 'command' ? t(`kind.${entry.command.kind}`) : words.action(entry.decision.action)) },
      { id: 'number', header: t('column.number'), width: 138, render: (entry) => document(entry).number },
      { id: 'type', header: t('column.type'), width: 120, render: (entry) => words.type(document(entry).type) },
      { id: 'partner', header: t('column.partner'), width: 108, grow: 1, render: (entry) => (entry.kind === 'command' ? entry.command.partnerName : entry.decision.seen.document.partnerName) ?? '–' },
      { id: 'since', header: t('column.since'), width: 92, render: (entry) => <span title={format.dateTime(since(entry))}>{format.relative(since(entry), now)}</span> },
    ];
    return fitColumns(all, priority, width);
  }, [t, words, format, now, width]);
  const getRow = useCallback((index: number) => entries[index], [entries]);
  return (
    <div ref={frame} className={styles.list}>
      <DataTable {...(ref === undefined ? {} : { ref })} label={t('table')} columns={columns} rowCount={entries.length} getRow={getRow} rowKey={keyOf} selectedKey={selected} onSelect={onSelect} empty={empty} />
    </div>
  );
}

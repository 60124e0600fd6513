import { useMemo, useRef, type ReactNode } from 'react';
import { DataTable, type DataTableProps } from './DataTable.tsx';
import { fitColumns, useWidth } from './fit-columns.ts';
import styles from './data-table.module.css';

/** A table that gives up columns rather than cut them or scroll sideways. @param props.priority ids of the columns, the last to go first */
export function FitTable<Row>({ priority, columns, ...rest }: DataTableProps<Row> & { priority: readonly string[] }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const fitting = useMemo(() => fitColumns(columns, priority, width), [columns, priority, width]);
  return <div ref={frame} className={styles.fit}><DataTable {...rest} columns={fitting} /></div>;
}

import { useMemo, useRef, type ReactNode } from 'react';
import { DataTable, type DataTableProps } from '../../ui/index.ts';
import { fitColumns, useWidth } from '../documents/list/fit-columns.ts';
import styles from './security.module.css';

/** A table that gives up columns rather than cut them or scroll sideways. @param props.priority ids of the columns, the last to go first */
export function FitTable<Row>({ priority, columns, ...rest }: DataTableProps<Row> & { priority: readonly string[] }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const fitting = useMemo(() => fitColumns(columns, priority, width), [columns, priority, width]);
  return <div ref={frame} className={styles.fit}><DataTable {...rest} columns={fitting} /></div>;
}

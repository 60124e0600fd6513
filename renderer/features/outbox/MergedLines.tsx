import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Merge } from '../../../shared/domain/merge.ts';
import type { LineColumn, Side } from '../../../shared/domain/merge-values.ts';
import { lineNet } from '../../../shared/domain/money.ts';
import { useFormat } from '../../i18n/format.ts';
import { Icon, type IconName } from '../../ui/index.ts';
import { mergedRows, type MergedRow, type Origin } from './conflict-model.ts';
import styles from './conflict.module.css';

const columns: readonly LineColumn[] = ['article', 'qty', 'price', 'cost', 'vatRate'];

/** The sign beside a value that is not simply as it was. */
const signs: Readonly<Partial<Record<Origin, IconName>>> = { mine: 'user', theirs: 'server', agreed: 'check', chosen: 'check', open: 'warning' };

/** The lines of the result, line by line, with who each changed value is from. */
export function MergedLines({ merge, choices }: { merge: Merge; choices: Readonly<Record<string, Side>> }): ReactNode {
  const { t } = useTranslation(['outbox', 'documents']);
  const rows = mergedRows(merge, choices);
  if (rows.length === 0) return null;
  let position = 0;
  return (
    <section className={styles.part} aria-label={t('conflict.lines')}>
      <h3>{t('conflict.lines')}</h3>
      <div className={styles.linesScroll} tabIndex={0} role="group" aria-label={t('conflict.lines')}>
        <table className={styles.lines} data-testid="merged-lines">
          <thead>
            <tr>
              <th scope="col">{t('line.position', { ns: 'documents' })}</th>
              {columns.map((column) => <th key={column} scope="col" className={column === 'article' ? undefined : styles.figure}>{t(`line.${column}`, { ns: 'documents' })}</th>)}
              <th scope="col" className={styles.figure}>{t('line.net', { ns: 'documents' })}</th>
              <th scope="col">{t('conflict.origin')}</th>
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Row key={row.id} row={row} position={row.isGone ? null : ++position} />)}</tbody>
        </table>
      </div>
      <p className={styles.legend}>{(['mine', 'theirs', 'chosen', 'open'] as const).map((origin) => <span key={origin}><Icon name={signs[origin] ?? 'info'} />{t(`origin.${origin}`)}</span>)}</p>
    </section>
  );
}

function Row({ row, position }: { row: MergedRow; position: number | null }): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const { line } = row;
  const text = (column: LineColumn): string => {
    const value = line[column];
    if (column === 'article') return line.article;
    return value === null ? '–' : format.decimal(value, { min: column === 'price' || column === 'cost' ? 2 : 0 });
  };
  const isWhole = Object.values(row.cells).every((origin) => origin === 'same') && row.origin !== 'same';
  return (
    <tr data-gone={row.isGone || undefined} data-line-id={row.id}>
      <td className={styles.position}>{position ?? <Icon name="trash" label={t('conflict.gone')} />}</td>
      {columns.map((column) => (
        <td key={column} className={column === 'article' ? styles.article : styles.figure} data-origin={row.cells[column]}>
          <span>{text(column)}</span>
          {signs[row.cells[column]] !== undefined && !isWhole && <Icon name={signs[row.cells[column]] ?? 'info'} label={t(`origin.${row.cells[column]}`)} />}
        </td>
      ))}
      <td className={styles.figure}>{row.isGone ? '–' : format.amount(lineNet(line))}</td>
      <td className={styles.about}>{isWhole || row.isGone ? <><Icon name={signs[row.origin] ?? 'info'} />{t(`${row.isGone ? 'gone' : 'added'}.${row.origin}`)}</> : null}</td>
    </tr>
  );
}

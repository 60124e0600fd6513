import { useCallback, useRef, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format.ts';
import { Button, Hidden } from '../../../ui/index.ts';
import { lineColumns, type DraftAction, type LineColumn, type LineDraft } from './draft.ts';
import type { Entry } from './drafts.ts';
import { LineRow, type LineNote } from './LineRow.tsx';
import styles from './grid.module.css';

export type LinesGridProps = { lines: readonly LineDraft[]; removed: Entry['removed']; notes: ReadonlyMap<number, readonly LineNote[]>; change: (action: DraftAction) => void };

const noNotes: readonly LineNote[] = [];

/** Rows of a spreadsheet as its clipboard text has them; null for a single value, which is typed as usual. */
export function spreadsheetRows(text: string): string[][] | null {
  const rows = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').map((row) => row.split('\t'));
  return rows.length === 1 && rows[0]?.length === 1 ? null : rows;
}

/**
 * The lines of a document as a grid for the keyboard: Enter goes on, the arrows go up and down, Ctrl+Delete removes,
 * Ctrl+Insert inserts, and a copied table can be pasted.
 */
export function LinesGrid({ lines, removed, notes, change }: LinesGridProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const grid = useRef<HTMLDivElement>(null);
  // The handlers must not change with every key typed, or every row would be drawn again.
  const latest = useRef(lines);
  latest.current = lines;

  const focus = useCallback((line: LineDraft | undefined, column: LineColumn): void => {
    if (line !== undefined) grid.current?.querySelector<HTMLInputElement>(`[data-cell="${line.id}:${column}"]`)?.focus();
  }, []);
  const next = useCallback((id: number, column: LineColumn): void => {
    const following = lineColumns[lineColumns.indexOf(column) + 1];
    const index = latest.current.findIndex((line) => line.id === id);
    if (following !== undefined) focus(latest.current[index], following);
    else focus(latest.current[index + 1], 'article');
  }, [focus]);
  const remove = useCallback((id: number): void => {
    const index = latest.current.findIndex((line) => line.id === id);
    const neighbour = latest.current[index + 1] ?? latest.current[index - 1];
    change({ type: 'deleteLine', line: id });
    focus(neighbour, 'article');
  }, [change, focus]);

  const cellOf = (target: EventTarget): { id: number; column: LineColumn; index: number } | null => {
    const [id, column] = (target as HTMLElement).dataset?.['cell']?.split(':') ?? [];
    const index = lines.findIndex((line) => line.id === Number(id));
    return id === undefined || index < 0 ? null : { id: Number(id), column: column as LineColumn, index };
  };
  const keyDown = (event: KeyboardEvent): void => {
    const cell = cellOf(event.target);
    if (cell === null || event.altKey) return;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (!isCtrl && event.key === 'Enter') next(cell.id, cell.column);
    else if (!isCtrl && event.key === 'ArrowDown') focus(lines[cell.index + 1], cell.column);
    else if (!isCtrl && event.key === 'ArrowUp') focus(lines[cell.index - 1], cell.column);
    else if (isCtrl && event.key === 'Delete' && cell.index < lines.length - 1) remove(cell.id);
    else if (isCtrl && event.key === 'Insert') change({ type: 'insertLine', before: cell.id });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const paste = (event: ClipboardEvent): void => {
    const cell = cellOf(event.target);
    const rows = spreadsheetRows(event.clipboardData.getData('text/plain'));
    if (cell === null || rows === null) return;
    event.preventDefault();
    change({ type: 'paste', line: cell.id, column: cell.column, rows, language: format.language });
  };
  return (
    <div className={styles.frame}>
      <div ref={grid} role="table" aria-label={t('line.table')} className={styles.grid} data-margin={notes.size > 0 || undefined} onKeyDown={keyDown} onPaste={paste}>
        <div role="row" className={styles.head}>
          <span role="columnheader" className={styles.position}>{t('line.position')}</span>
          <span role="columnheader">{t('line.article')}</span>
          {(['qty', 'price', 'cost', 'vatRate', 'net'] as const).map((column) => <span key={column} role="columnheader" className={styles.headNumber}>{t(`line.${column}`)}</span>)}
          <span role="columnheader"><Hidden>{t('line.tools')}</Hidden></span>
        </div>
        {lines.map((line, index) => <LineRow key={line.id} line={line} position={index + 1} notes={notes.get(line.id) ?? noNotes} change={change} next={next} remove={remove} />)}
      </div>
      <div className={styles.foot}>
        {removed === null ? <span>{t('line.keys')}</span> : (
          <span role="status" className={styles.removed}>
            {t('line.removed', { position: removed.index + 1 })}
            <Button variant="quiet" icon="undo" onPress={() => change({ type: 'restoreLine', ...removed })}>{t('line.restore')}</Button>
          </span>
        )}
      </div>
    </div>
  );
}

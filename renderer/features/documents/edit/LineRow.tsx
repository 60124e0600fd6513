import { memo, useId, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { draftLineNet, isEmptyLine } from '../../../../shared/domain/draft-document.ts';
import type { DraftLine } from '../../../../shared/domain/draft.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon } from '../../../ui/index.ts';
import { ArticleCell } from './ArticleCell.tsx';
import { cellText } from './cell-text.ts';
import { typedSince, type ContentAction } from './content.ts';
import { lineColumns, type LineColumn } from './lines.ts';
import { readings } from './guards.ts';
import { NumberCell } from './NumberCell.tsx';
import styles from './grid.module.css';

/** Something to say about a line, in words; `column` is where it is marked. */
export type LineNote = { column: string; text: string; tone: 'error' | 'warning' | 'info' };

export type LineRowProps = {
  line: DraftLine;
  position: number;
  notes: readonly LineNote[];
  /** Columns that belong to the marked cells, separated by spaces. */
  marked: string;
  change: (action: ContentAction) => void;
  visit: (path: string) => void;
  /** Moves the cursor to the cell after this one. */
  next: (line: number, column: LineColumn) => void;
  remove: (lines: readonly number[]) => void;
};

const worst = (notes: readonly LineNote[]): LineNote['tone'] => (['error', 'warning', 'info'] as const).find((tone) => notes.some((note) => note.tone === tone)) ?? 'info';
const icons = { error: 'error', warning: 'warning', info: 'info' } as const;

/** One line of the grid. It is drawn again only when its own data changes, so that typing stays fast in long documents. */
export const LineRow = memo(function LineRow({ line, position, notes: given, marked, change, visit, next, remove }: LineRowProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const noteId = useId();
  const awaited = useRef<DraftLine | null>(null);
  const isReady = isEmptyLine(line);
  const notes = useMemo(() => [...given, ...readings(line, format.language).map(({ column, text, value, other }): LineNote => ({
    column, tone: 'info', text: t('line.reading', { text, value: format.decimal(value, { min: 2 }), other: format.decimal(other) }),
  }))], [given, line, format, t]);
  const label = (column: LineColumn): string => t('line.cell', { column: t(`line.${column}`), position });
  const path = (column: string): string => `lines.${line.id}.${column}`;
  const has = (column: string, tone: LineNote['tone']): boolean => notes.some((note) => note.tone === tone && note.column === column);
  const describedBy = notes.length > 0 ? noteId : undefined;
  const isMarked = (column: LineColumn): true | undefined => (marked.split(' ').includes(column) ? true : undefined);
  const tone = worst(notes);
  return (
    <div role="row" aria-rowindex={position + 1} className={styles.row} data-line={line.id} data-tone={notes.length > 0 ? tone : undefined} data-ready={isReady || undefined}>
      <span role="cell" className={styles.position}>{isReady ? '' : position}</span>
      <span role="cell" className={styles.cell} data-marked={isMarked('article')}>
        <ArticleCell
          label={label('article')} cell={`${line.id}:article`} text={line.article} placeholder={isReady ? t('line.ready') : undefined} isInvalid={has('article', 'error')} describedBy={describedBy}
          onType={(text) => {
            awaited.current = null;
            change({ type: 'setArticle', line: line.id, text });
          }} onAwait={() => { awaited.current = line; }}
          onPick={(item) => {
            change({ type: 'pickArticle', line: line.id, item, keep: awaited.current === null ? [] : typedSince(line, awaited.current) });
            awaited.current = null;
          }}
          onNext={() => next(line.id, 'article')} onLeave={() => { if (!isReady) visit(path('article')); }}
        />
      </span>
      {lineColumns.filter((column) => column !== 'article').map((column) => (
        <span key={column} role="cell" className={styles.cell} data-marked={isMarked(column)}>
          <NumberCell
            cell={`${line.id}:${column}`} label={label(column)} text={cellText(line, column, format)} isInvalid={has(column, 'error')} describedBy={describedBy} hasWarning={has(column, 'warning')}
            onType={(text) => change({ type: 'typeCell', line: line.id, column, text, language: format.language })}
            onLeave={() => {
              change({ type: 'settleCell', line: line.id, column });
              if (!isReady) visit(path(column));
            }}
          />
        </span>
      ))}
      <span role="cell" className={styles.net}>{isReady ? '' : format.amount(draftLineNet(line))}</span>
      <span role="cell" className={styles.tools}>{!isReady && <button type="button" className={styles.remove} aria-label={t('line.remove', { position })} title={t('line.remove', { position })} onClick={() => remove([line.id])}><Icon name="trash" /></button>}</span>
      {notes.length > 0 && (
        <span role="cell" id={noteId} className={styles.note} data-tone={tone}>
          <Icon name={icons[tone]} /><span>{notes.map((note) => note.text).join(' ')}</span>
        </span>
      )}
    </div>
  );
});

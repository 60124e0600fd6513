import { memo, useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LookupItem } from '../../../../shared/domain/form-spec.ts';
import { lineNet, zero } from '../../../../shared/domain/money.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon, IconButton } from '../../../ui/index.ts';
import { ArticleCell } from './ArticleCell.tsx';
import { NumberCell } from './NumberCell.tsx';
import { isEmptyLine, lineColumns, type DraftAction, type LineColumn, type LineDraft, type NumberColumn } from './draft.ts';
import styles from './grid.module.css';

/** Something to say about a line, in words; `column` is where it is marked. */
export type LineNote = { column: string; text: string; isError: boolean };

export type LineRowProps = {
  line: LineDraft;
  position: number;
  notes: readonly LineNote[];
  change: (action: DraftAction) => void;
  /** Moves the cursor to the cell after this one. */
  next: (line: number, column: LineColumn) => void;
  remove: (line: number) => void;
};

/** Digits shown after the decimal sign at least. */
const digits: Readonly<Record<NumberColumn, number>> = { qty: 0, price: 2, cost: 2, vatRate: 0 };

/** One line of the grid. It is drawn again only when its own data changes, so that typing stays fast in long documents. */
export const LineRow = memo(function LineRow({ line, position, notes, change, next, remove }: LineRowProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const noteId = useId();
  const isReady = isEmptyLine(line);
  const label = (column: LineColumn): string => t('line.cell', { column: t(`line.${column}`), position });
  const path = (column: string): string => `lines.${line.id}.${column}`;
  const isInvalid = (column: string): boolean => notes.some((note) => note.isError && note.column === column);
  const describedBy = notes.length > 0 ? noteId : undefined;
  return (
    <div role="row" className={styles.row} data-line={line.id} data-wrong={notes.some((note) => note.isError) || undefined} data-warning={notes.length > 0 || undefined}>
      <span role="cell" className={styles.position}>{isReady ? '' : position}</span>
      <span role="cell" className={styles.cell}>
        <ArticleCell
          label={label('article')} cell={`${line.id}:article`} text={line.article} placeholder={isReady ? t('line.ready') : undefined} isInvalid={isInvalid('article')} describedBy={describedBy}
          onType={(text) => change({ type: 'setArticle', line: line.id, text })} onPick={(item: LookupItem) => change({ type: 'pickArticle', line: line.id, item })}
          onNext={() => next(line.id, 'article')} onLeave={() => { if (!isReady) change({ type: 'visit', path: path('article') }); }}
        />
      </span>
      {lineColumns.filter((column) => column !== 'article').map((column) => (
        <span key={column} role="cell" className={styles.cell}>
          <NumberCell
            cell={`${line.id}:${column}`} label={label(column)} content={line[column]} minDigits={digits[column]} isInvalid={isInvalid(column)} describedBy={describedBy}
            hasWarning={notes.some((note) => !note.isError && note.column === column)}
            onType={(text) => change({ type: 'typeCell', line: line.id, column, text, language: format.language })}
            onLeave={() => {
              change({ type: 'settleCell', line: line.id, column });
              if (!isReady) change({ type: 'visit', path: path(column) });
            }}
          />
        </span>
      ))}
      <span role="cell" className={styles.net}>{isReady ? '' : format.amount(lineNet({ qty: line.qty.value ?? zero, price: line.price.value, vatRate: line.vatRate.value }))}</span>
      <span role="cell" className={styles.tools}>{!isReady && <IconButton icon="trash" label={t('line.remove', { position })} shortcut="Ctrl+Delete" onPress={() => remove(line.id)} />}</span>
      {notes.length > 0 && (
        <span role="cell" id={noteId} className={styles.note} data-error={notes.some((note) => note.isError) || undefined}>
          <Icon name={notes.some((note) => note.isError) ? 'error' : 'warning'} /><span>{notes.map((note) => note.text).join(' ')}</span>
        </span>
      )}
    </div>
  );
});

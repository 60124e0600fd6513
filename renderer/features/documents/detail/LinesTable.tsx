import { useRef, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import type { DocumentLine } from '../../../../shared/domain/document.ts';
import { lineNet } from '../../../../shared/domain/money.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon } from '../../../ui/index.ts';
import type { Blocker } from '../actions/action-model.ts';
import { useWords } from '../words.ts';
import styles from './lines.module.css';

/** From here on only the lines in sight exist; below it every line can be found with the screen reader's own search. */
const virtualFrom = 200;

export function LinesHead(): ReactNode {
  const { t } = useTranslation('documents');
  return (
    <div role="row" className={styles.head}>
      <span role="columnheader" className={styles.position}>{t('line.position')}</span>
      <span role="columnheader">{t('line.article')}</span>
      {(['qty', 'price', 'cost', 'vatRate', 'net'] as const).map((column) => <span key={column} role="columnheader" className={styles.number}>{t(`line.${column}`)}</span>)}
    </div>
  );
}

/** The lines of a document for reading, with what concerns a line beside it. */
export function LinesTable({ lines, findings }: { lines: readonly DocumentLine[]; findings: ReadonlyMap<number, Blocker> }): ReactNode {
  const { t } = useTranslation('documents');
  if (lines.length === 0) return <p className={styles.empty}>{t('line.none')}</p>;
  return lines.length < virtualFrom ? (
    <div role="table" aria-label={t('line.table')} aria-rowcount={lines.length + 1} className={styles.table} data-margin={findings.size > 0 || undefined}>
      <LinesHead />
      {lines.map((line, index) => <Row key={index} line={line} index={index} finding={findings.get(index)} />)}
    </div>
  ) : <LongTable lines={lines} findings={findings} />;
}

function LongTable({ lines, findings }: { lines: readonly DocumentLine[]; findings: ReadonlyMap<number, Blocker> }): ReactNode {
  const { t } = useTranslation('documents');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 28, overscan: 12 });
  return (
    <div ref={scroller} className={styles.long} role="table" aria-label={t('line.table')} aria-rowcount={lines.length + 1} data-margin={findings.size > 0 || undefined}>
      <LinesHead />
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return line !== undefined && (
            <div key={item.key} ref={rows.measureElement} data-index={item.index} className={styles.virtual} style={{ transform: `translateY(${item.start}px)` }}>
              <Row line={line} index={item.index} finding={findings.get(item.index)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ line, index, finding }: { line: DocumentLine; index: number; finding: Blocker | undefined }): ReactNode {
  const format = useFormat();
  const words = useWords();
  const amount = (value: string | null, min: number): string => (value === null ? '–' : format.decimal(value, { min }));
  return (
    <div role="row" aria-rowindex={index + 2} className={styles.row} data-wrong={finding !== undefined || undefined}>
      <span role="cell" className={styles.position}>{index + 1}</span>
      <span role="cell" className={styles.article} title={line.article}>{line.article}</span>
      <span role="cell" className={styles.number}>{amount(line.qty, 0)}</span>
      <span role="cell" className={styles.number}>{amount(line.price, 2)}</span>
      <span role="cell" className={styles.cost}>{amount(line.cost, 2)}</span>
      <span role="cell" className={styles.number}>{line.vatRate === null ? '–' : format.decimal(line.vatRate)}</span>
      <span role="cell" className={styles.number}>{format.amount(lineNet(line))}</span>
      {finding !== undefined && <span role="cell" className={styles.note}><Icon name="warning" />{words.about(finding.messageKey === 'guards.priceBelowCost' ? { ...finding, messageKey: 'documents.line.belowCost' } : finding)}</span>}
    </div>
  );
}

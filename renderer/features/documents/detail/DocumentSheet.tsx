import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { Blocker } from '../actions/action-model.ts';
import { HeaderFacts } from './HeaderFacts.tsx';
import { LinesTable } from './LinesTable.tsx';
import { Totals } from './Totals.tsx';
import styles from './sheet.module.css';

/** A document for reading: header, lines with what concerns them, totals at the foot. */
export function DocumentSheet({ record, findings }: { record: DocumentRecord; findings: ReadonlyMap<number, Blocker> }): ReactNode {
  const { t } = useTranslation('documents');
  const { document } = record;
  return (
    <div className={styles.sheet}>
      <div className={styles.scroll}>
        <HeaderFacts document={document} />
        {documentTypeInfo[document.type].hasLines && <LinesTable lines={document.lines} findings={findings} />}
      </div>
      <Totals totals={document.totals} note={documentTypeInfo[document.type].hasLines ? t('line.count', { count: document.lines.length }) : undefined} />
    </div>
  );
}

import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { Button, useCopy } from '../../../ui/index.ts';
import styles from './sheet.module.css';

/** The record as this client holds it. */
export function RawData({ record }: { record: DocumentRecord }): ReactNode {
  const { t } = useTranslation('documents');
  const { isCopied, copy } = useCopy();
  const text = useMemo(() => JSON.stringify(record, null, 2), [record]);
  return (
    <div>
      <div className={styles.rawBar}>
        <span>{t('raw.hint')}</span>
        <Button variant="quiet" icon={isCopied ? 'check' : 'copy'} onPress={() => copy(text.slice(0, 20_000))}>{t(isCopied ? 'raw.copied' : 'raw.copy')}</Button>
      </div>
      <pre className={styles.raw} tabIndex={0} aria-label={t('tab.raw')}>{text}</pre>
    </div>
  );
}

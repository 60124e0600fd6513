import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { ErrorPanel, ProgressBar } from '../../ui/index.ts';
import { forgetPrint, printName, usePrints } from './store.ts';
import { WrittenNotice } from './WrittenNotice.tsx';
import styles from './paper.module.css';

/** How the server's print of this document goes: under way, saved and archived, or why not. */
export function PrintNotice({ document }: { document: DocumentKey }): ReactNode {
  const { t } = useTranslation('print');
  const print = usePrints(({ prints }) => prints[printName(document)]);
  if (print === undefined) return null;
  if (print.status === 'running') return <div className={styles.notice}><ProgressBar label={t('server.printing')} value={null} /></div>;
  if (print.status === 'failed') return <div className={styles.notice}><ErrorPanel error={print.error} title={t('server.failed')} isInline /></div>;
  return <WrittenNotice file={print.file} onDismiss={() => forgetPrint(document)}>{t('server.saved', { name: print.file.name })}</WrittenNotice>;
}

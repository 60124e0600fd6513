import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Totals as Amounts } from '../../../../shared/domain/money.ts';
import { Money } from '../../../ui/index.ts';
import styles from './sheet.module.css';

/** Net, tax and gross at the foot of a document; in sight however far its lines are scrolled. */
export function Totals({ totals, note }: { totals: Amounts; note?: ReactNode }): ReactNode {
  const { t } = useTranslation('documents');
  return (
    <footer className={styles.totals}>
      {note !== undefined && <span className={styles.totalsNote}>{note}</span>}
      <dl>
        <div><dt>{t('total.net')}</dt><dd><Money value={totals.net} /></dd></div>
        <div><dt>{t('total.tax')}</dt><dd><Money value={totals.tax} /></dd></div>
        <div className={styles.gross}><dt>{t('total.gross')}</dt><dd data-testid="total-gross"><Money value={totals.gross} isStrong /></dd></div>
      </dl>
    </footer>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openOf, type FlowProgress } from '../../../../shared/domain/flow.ts';
import { compare, zero, type Decimal } from '../../../../shared/domain/money.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon, Money } from '../../../ui/index.ts';
import styles from './flow.module.css';

/** More articles than this are counted, not listed: the documents themselves list them. */
const shownArticles = 40;

const isOpen = (amount: Decimal | null): boolean => amount !== null && compare(amount, zero) > 0;

/** What was ordered, delivered, invoiced and paid, and what of it is still open. */
export function Progress({ progress }: { progress: FlowProgress }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const { articles, ordered, invoiced, paid } = progress;
  const toInvoice = ordered === null ? null : openOf(ordered, invoiced);
  const toPay = invoiced === null ? null : openOf(invoiced, paid);
  const open = articles.map((article) => ({ ...article, toDeliver: openOf(article.ordered, article.delivered) ?? zero }));
  const amounts: [string, Decimal | null][] = [['ordered', ordered], ['invoiced', invoiced], ['paid', paid]];
  const rests: [string, Decimal | null][] = [['toInvoice', toInvoice], ['toPay', toPay]];
  return (
    <section className={styles.section} aria-labelledby="flow-progress" data-testid="flow-progress">
      <h3 id="flow-progress">{t('flow.progress')}</h3>
      <dl className={styles.amounts}>
        {amounts.map(([name, amount]) => <div key={name}><dt>{t(`flow.progress.${name}`)}</dt><dd><Money value={amount} /></dd></div>)}
        {rests.map(([name, amount]) => amount !== null && (
          <div key={name} className={styles.rest} data-open={isOpen(amount)}><dt>{t(`flow.progress.${name}`)}</dt><dd>{isOpen(amount) ? <><Icon name="clock" /><Money value={amount} isStrong /></> : <><Icon name="check" />{t('flow.progress.nothing')}</>}</dd></div>
        ))}
      </dl>
      {open.length > 0 && (
        <table className={styles.table}>
          <thead><tr><th scope="col">{t('flow.column.article')}</th>{(['ordered', 'delivered', 'invoiced', 'toDeliver'] as const).map((name) => <th key={name} scope="col" className={styles.end}>{t(`flow.quantity.${name}`)}</th>)}</tr></thead>
          <tbody>
            {open.slice(0, shownArticles).map((article) => (
              <tr key={article.article}>
                <th scope="row" className={styles.article} title={article.article}>{article.article || '–'}</th>
                {(['ordered', 'delivered', 'invoiced'] as const).map((name) => <td key={name} className={styles.end}>{format.decimal(article[name])}</td>)}
                <td className={styles.end} data-open={isOpen(article.toDeliver)}>{isOpen(article.toDeliver) ? <b>{format.decimal(article.toDeliver)}</b> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open.length > shownArticles && <p className={styles.more}>{t('flow.progress.more', { count: open.length - shownArticles })}</p>}
    </section>
  );
}

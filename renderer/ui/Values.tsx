import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decimal } from '../../shared/domain/money.ts';
import { useFormat } from '../i18n/format.ts';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import styles from './values.module.css';

const minute = 60_000;

/** The present time, renewed every minute, so that ages on screen stay true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minute);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export type AgeProps = {
  /** Epoch milliseconds; null when it was never read. */
  at: number | null;
  /** Milliseconds after which the age is marked. Default one day. */
  oldAfter?: number;
  /** `moment`: "Stand 10:42" (default); `relative`: "vor 3 Tagen". */
  form?: 'moment' | 'relative';
};

/** How old something on screen is. */
export function Age({ at, oldAfter = 24 * 60 * minute, form = 'moment' }: AgeProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (at === null) return <span className={styles.old}><Icon name="warning" className={styles.icon} />{t(form === 'moment' ? 'age.never' : 'age.notYet')}</span>;
  const isOld = now - at > oldAfter;
  const text = form === 'relative' || isOld ? format.relative(at, now) : format.moment(at, now);
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTime(at)} className={cx(isOld && styles.old)}>
      {isOld && <Icon name="clock" className={styles.icon} />}
      {form === 'moment' ? t('age.asOf', { when: text }) : text}
    </time>
  );
}

/** An amount in euros, right-aligned figures; negative ones are marked by the sign, not by colour. */
export function Money({ value, isStrong = false }: { value: Decimal | string | null; isStrong?: boolean }): ReactNode {
  const format = useFormat();
  return <span className={cx(styles.money, isStrong && styles.strong)}>{value === null ? '–' : format.money(value)}</span>;
}

/** Facts by name. */
export function DefinitionList({ items, columns = 1 }: { items: readonly { label: string; value: ReactNode }[]; columns?: 1 | 2 | 3 }): ReactNode {
  return (
    <dl className={styles.facts} style={{ gridTemplateColumns: `repeat(${columns}, minmax(88px, max-content) minmax(0, 1fr))` }}>
      {items.map(({ label, value }) => (
        <div key={label} className={styles.fact}><dt>{label}</dt><dd>{value ?? '–'}</dd></div>
      ))}
    </dl>
  );
}

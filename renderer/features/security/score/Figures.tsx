import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Score } from '../../../../shared/security/score/score.ts';
import { useFormat } from '../../../i18n/format.ts';
import { percentOf, weightOf } from './rows.ts';
import styles from './score.module.css';

/** The score and its halves, each with what it was computed from. */
export function Figures({ score }: { score: Score }): ReactNode {
  const { t } = useTranslation('security-score');
  const format = useFormat();
  return (
    <table className={styles.figures} aria-label={t('figures')} data-testid="score-figures">
      <tbody>
        {(['total', 'technical', 'organisational'] as const).map((part) => {
          const { score: share, earned, possible } = score[part];
          const value = percentOf(share);
          return (
            <tr key={part} data-part={part}>
              <th scope="row">{t(`part.${part}`)}</th>
              <td className={styles.value}>{value === null ? '–' : t('percent', { value: format.decimal(value, { min: 1 }) })}</td>
              <td className={styles.of}>{t('earnedOf', { earned: format.decimal(weightOf(earned)), of: format.integer(possible / 10_000) })}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

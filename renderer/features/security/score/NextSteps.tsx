import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Score } from '../../../../shared/security/score/score.ts';
import { provenAt } from '../../../../shared/security/score/ways.ts';
import type { ScoreSettings } from '../../../../shared/security/score/weights.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Checkbox, ErrorPanel } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { useWayName } from './useWayName.ts';
import styles from './score.module.css';

const shown = 10;

/** What would raise the score most, and what is decided about this organisation. */
export function NextSteps({ score, settings, mayAct, onShow }: { score: Score; settings: ScoreSettings; mayAct: string | null; onShow: (point: string) => void }): ReactNode {
  const { t } = useTranslation('security-score');
  const format = useFormat();
  const wayName = useWayName();
  const save = useAction('score.saveSettings');
  const steps = score.points.filter(({ gain }) => gain > 0).toSorted((a, b) => b.gain - a.gain).slice(0, shown);
  return (
    <Pane title={t('steps.title')} data-testid="score-steps">
      <p className={styles.muted}>{t('steps.hint')}</p>
      <table className={styles.plain} aria-label={t('steps.title')}>
        <thead><tr><th scope="col">{t('column.name')}</th><th scope="col" className={styles.end}>{t('steps.gainHead')}</th><th scope="col">{t('steps.where')}</th></tr></thead>
        <tbody>
          {steps.map(({ point, gain }) => (
            <tr key={point}>
              <td><button type="button" className={styles.linkButton} onClick={() => onShow(point)}>{t(`point.${point}`)}</button></td>
              <td className={styles.end}>{t('gainShort', { value: format.decimal(String(gain / 10), { min: 1 }) })}</td>
              <td>{provenAt(point) === '/security/score' ? t('way.attest') : <Link to={provenAt(point)}>{wayName(provenAt(point))}</Link>}</td>
            </tr>
          ))}
          {steps.length === 0 && <tr><td colSpan={3} className={styles.muted}>{t('steps.none')}</td></tr>}
        </tbody>
      </table>
      <Section title={t('models.title')}>
        {save.error !== null && <ErrorPanel error={save.error} isInline />}
        <Checkbox isSelected={settings.usesModels} isDisabled={mayAct !== null} onChange={(usesModels) => void save.run({ usesModels })}>{t('models.uses')}</Checkbox>
        <p className={styles.muted}>{t(settings.usesModels ? 'models.on' : 'models.off')}</p>
      </Section>
      <Section title={t('rules.title')}>
        <p className={styles.muted}>{t('rules.text')}</p>
        <p className={styles.muted}>{t('rules.comparison')}</p>
      </Section>
    </Pane>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoctorReport, DoctorStep, KeychainRepair } from '../../../shared/domain/keychain.ts';
import { Badge, Button, type IconName, type Tone } from '../../ui/index.ts';
import styles from './diagnostics.module.css';

const looks: Record<DoctorStep['status'], { tone: Tone; icon: IconName }> = {
  ok: { tone: 'success', icon: 'check' }, warning: { tone: 'warning', icon: 'warning' }, failed: { tone: 'danger', icon: 'error' }, skipped: { tone: 'neutral', icon: 'minus' },
};

type Props = { report: DoctorReport; /** The repair that runs just now. */ running: KeychainRepair | null; onRepair: (repair: KeychainRepair) => void; /** Beside the heading. */ actions?: ReactNode };

/** What the doctor found, step by step. */
export function Findings({ report: { state, givesKey, steps }, running, onRepair, actions }: Props): ReactNode {
  const { t } = useTranslation('diagnostics');
  const { t: words } = useTranslation('keychain');
  // What was not asked, because nobody's data is here, must not read as an answer.
  const knowsKey = givesKey || steps.some(({ id, status }) => id === 'entry' && status === 'failed');
  return (
    <section aria-labelledby="diagnostics-keychain" data-testid="doctor" data-state={state}>
      <div className={styles.partHead}><h2 id="diagnostics-keychain" className={styles.subtitle}>{t('keychain')}</h2>{actions}</div>
      <p className={styles.summary}><b>{words(`state.${state}`)}</b> {knowsKey && t(givesKey ? 'givesKey.true' : 'givesKey.false')}</p>
      <ol className={styles.steps} aria-label={t('steps')}>
        {steps.map(({ id, status, cause, repair }, index) => (
          <li key={id} className={styles.step} data-step={id} data-status={status}>
            <span className={styles.number} aria-hidden>{index + 1}</span>
            <div className={styles.text}>
              <div className={styles.head}><b>{words(`step.${id}`)}</b><Badge tone={looks[status].tone} icon={looks[status].icon}>{t(`status.${status}`)}</Badge></div>
              {cause !== null && <p className={styles.cause}>{words(`cause.${cause}`)}</p>}
            </div>
            {repair !== null && <Button isPending={running === repair} onPress={() => onRepair(repair)}>{words(`repair.${repair}`)}</Button>}
          </li>
        ))}
      </ol>
    </section>
  );
}

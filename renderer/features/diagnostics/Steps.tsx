import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticStep } from '../../../shared/domain/diagnostics.ts';
import { addTexts } from '../../i18n/index.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, type IconName, type Tone } from '../../ui/index.ts';
import styles from './diagnostics.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/{diagnostics,keychain}.json', { eager: true, import: 'default' }));

const looks: Record<DiagnosticStep['status'], { tone: Tone; icon: IconName }> = {
  ok: { tone: 'success', icon: 'check' }, warning: { tone: 'warning', icon: 'warning' }, failed: { tone: 'danger', icon: 'error' }, skipped: { tone: 'neutral', icon: 'minus' },
  waiting: { tone: 'neutral', icon: 'clock' }, running: { tone: 'accent', icon: 'refresh' },
};

/** The steps in their order: what was found, why in plain words, what to do, and the facts for whoever mends it. */
export function Steps({ steps }: { steps: readonly DiagnosticStep[] }): ReactNode {
  const { t, i18n } = useTranslation('diagnostics');
  const { t: words } = useTranslation('keychain');
  const format = useFormat();
  const bytes = (value: string): string => {
    const megabytes = Number(value) / 1e6;
    return megabytes >= 1000 ? `${format.decimal((megabytes / 1000).toFixed(1))} GB` : `${format.decimal(megabytes.toFixed(1))} MB`;
  };
  /** A version stands for itself. */
  const watcher = (value: string): string => (i18n.exists(`diagnostics:watcher.${value}`) ? t(`watcher.${value}`) : value);
  const shown: Readonly<Record<string, (value: string) => string>> = {
    pulled: (value) => format.dateTime(Date.parse(value)), documents: (value) => format.integer(Number(value)), keychain: (value) => words(`state.${value}`), size: bytes, free: bytes, prometheus: watcher, alertmanager: watcher, loki: watcher,
  };
  const factOf = ([name, value]: [string, string]): string => t(`fact.${name}`, { value: shown[name]?.(value) ?? value });
  return (
    <ol className={styles.steps} aria-label={t('way')} data-testid="diagnosis">
      {steps.map(({ id, status, cause, facts }, index) => {
        const todo = cause !== null && i18n.exists(`diagnostics:todo.${cause}`) ? t(`todo.${cause}`) : null;
        const known = Object.entries(facts);
        return (
          <li key={id} className={styles.step} data-step={id} data-status={status} data-cause={cause ?? undefined}>
            <span className={styles.number} aria-hidden>{index + 1}</span>
            <div className={styles.text}>
              <div className={styles.head}><b>{t(`step.${id}`)}</b><Badge tone={looks[status].tone} icon={looks[status].icon}>{t(`status.${status}`)}</Badge></div>
              {cause !== null && <p className={styles.cause}>{t(`cause.${cause}`)}{todo !== null && <> <span className={styles.todo}>{todo}</span></>}</p>}
              {known.length > 0 && <p className={styles.facts}>{known.map(factOf).join(' · ')}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

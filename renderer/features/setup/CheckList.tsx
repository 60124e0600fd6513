import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMessage } from '../../i18n/errors.ts';
import { Button, cx, Icon, useCopy, type IconName } from '../../ui/index.ts';
import { adminReport, hasFailed, type CheckStep } from './report.ts';
import styles from './setup.module.css';

const icons: Record<CheckStep['status'], IconName> = { ok: 'check', warning: 'warning', failed: 'error', skipped: 'minus' };

/** The live check, step by step, with the reason of each failure and what to tell the administrator. */
export function CheckList({ steps, input }: { steps: readonly CheckStep[]; input: { erpUrl: string; issuer: string; clientId: string } }): ReactNode {
  const { t } = useTranslation('setup');
  const message = useMessage();
  const { copy, isCopied } = useCopy();
  const report = (): string => adminReport(steps, input, {
    title: t('report.title'), step: (id) => t(`check.${id}`), status: (status) => t(`status.${status}`),
    error: (step) => (step.error === null ? null : message(step.error)), advice: (id) => t(`advice.${id}`),
  });
  return (
    <div className={styles.check}>
      <ul aria-label={t('check.title')}>
        {steps.map((step) => (
          <li key={step.id} className={styles.step} data-status={step.status}>
            <span className={cx(styles.stepIcon, styles[step.status])}><Icon name={icons[step.status]} label={t(`status.${step.status}`)} /></span>
            <div className={styles.stepText}>
              <div><b>{t(`check.${step.id}`)}</b>{step.detail !== null && <span className={styles.detail}>{step.detail}</span>}</div>
              {step.status === 'skipped' && <p className={styles.muted}>{t('status.skipped')}</p>}
              {step.error !== null && <p>{message(step.error)}</p>}
              {step.status === 'failed' && <p className={styles.muted}>{t(`advice.${step.id}`)}</p>}
            </div>
          </li>
        ))}
      </ul>
      {hasFailed(steps) && <Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(report())}>{isCopied ? t('report.copied') : t('report.copy')}</Button>}
    </div>
  );
}

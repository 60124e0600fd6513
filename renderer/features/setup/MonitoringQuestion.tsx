import { useRef, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/index.ts';
import { MonitoringFields } from '../monitoring/MonitoringFields.tsx';
import { useMonitoringForm } from '../monitoring/useMonitoringForm.ts';
import type { QuestionProps } from './questions.tsx';
import styles from './setup.module.css';

/** Which servers watch the ERP. Nobody has to answer, and what does not answer now may do so later. */
export function MonitoringQuestion({ answers, change, back, next }: QuestionProps): ReactNode {
  const { t } = useTranslation('monitoring');
  const { t: setup } = useTranslation('setup');
  const form = useMonitoringForm(answers.monitoring, (monitoring) => change({ monitoring }), { profileId: null, erpUrl: answers.erpUrl.trim() });
  const firstField = useRef<HTMLFormElement>(null);
  const isAnswered = form.answers.length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (form.isEmpty) return next();
    void form.check().then((found) => {
      if (found?.every(({ status }) => status === 'ok') === true) next();
      if (found === null) firstField.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    });
  };
  const goOn = (): void => {
    if (form.read() !== null) next();
  };
  return (
    <form ref={firstField} onSubmit={submit} noValidate className={styles.form}>
      <h1 className={styles.title}>{t('question')}</h1>
      <p className={styles.muted}>{t('lead')} {t('later')}</p>
      <MonitoringFields form={form} autoFocus />
      <div className={styles.actions}>
        <Button onPress={back}>{setup('back')}</Button>
        <span className={styles.space} />
        {isAnswered && <Button variant="quiet" onPress={goOn} data-testid="monitoring-anyway">{setup('continueAnyway')}</Button>}
        <Button type="submit" variant="primary" isPending={form.isPending} data-testid="monitoring-next">{form.isEmpty ? t('skip') : isAnswered ? t('checkAgain') : t('checkAndContinue')}</Button>
      </div>
    </form>
  );
}

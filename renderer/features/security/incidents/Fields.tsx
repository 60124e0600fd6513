import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge, DateField, TextField } from '../../../ui/index.ts';
import type { Severity } from '../../../../shared/security/incidents/phases.ts';
import { minutesOf, momentOf, partsOf } from './left.ts';
import { namespace, severityLooks } from './words.ts';
import styles from './incidents.module.css';

/** A day and a time of day. `onChange` gets null while they are no moment. */
export function MomentField({ label, value, onChange, 'data-testid': testId }: { label: string; value: number | null; onChange: (at: number | null) => void; 'data-testid'?: string }): ReactNode {
  const { t } = useTranslation(namespace);
  const [parts, setParts] = useState(() => (value === null ? { day: null as string | null, time: '' } : partsOf(value)));
  const change = (next: { day: string | null; time: string }): void => {
    setParts(next);
    onChange(momentOf(next.day, next.time));
  };
  return (
    <div role="group" aria-label={label} className={styles.moment} data-testid={testId}>
      <DateField label={label} value={parts.day} onChange={(day) => change({ ...parts, day })} />
      <TextField label={t('field.time')} value={parts.time} onChange={(time) => change({ ...parts, time })} error={parts.time !== '' && minutesOf(parts.time) === null ? t('field.noTime') : undefined} />
    </div>
  );
}

export function SeverityBadge({ severity }: { severity: Severity }): ReactNode {
  const { t } = useTranslation(namespace);
  return <Badge {...severityLooks[severity]}>{t(`severity.${severity}`)}</Badge>;
}

/** Unmistakable wherever an exercise is shown. */
export function ExerciseBadge(): ReactNode {
  const { t } = useTranslation(namespace);
  return <span className={styles.exercise}>{t('exercise.badge')}</span>;
}

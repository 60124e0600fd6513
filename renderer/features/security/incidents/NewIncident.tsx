import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { responseMs, severities, type Severity } from '../../../../shared/security/incidents/phases.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { Banner, Button, Checkbox, Dialog, ErrorPanel, Select, TextArea, TextField } from '../../../ui/index.ts';
import { useActReason } from '../rights.ts';
import { MomentField } from './Fields.tsx';
import { namespace, severityLooks } from './words.ts';
import styles from './incidents.module.css';

/** A new incident. @param entry an entry of the audit log that it begins with */
export function NewIncident({ title: given, origin, entry, onClose }: { title: string; origin: string | null; entry: number | null; onClose: (id: string | null) => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const reason = useActReason();
  const [now] = useState(() => Math.floor(Date.now() / 60_000) * 60_000);
  const [title, setTitle] = useState(given.slice(0, 300));
  const [description, setDescription] = useState('');
  const [severity, setSeverity] = useState<Severity>('high');
  const [isExercise, setExercise] = useState(false);
  const [detectedAt, setDetected] = useState<number | null>(now);
  const [awareAt, setAware] = useState<number | null>(now);
  const [error, setError] = useState<AppError | null>(null);
  const [isPending, setPending] = useState(false);
  const missing = reason ?? (title.trim() === '' ? t('errors:incident.emptyTitle') : detectedAt === null || awareAt === null ? t('field.noTime') : null);
  const run = async (): Promise<void> => {
    if (detectedAt === null || awareAt === null) return;
    setPending(true);
    setError(null);
    try {
      const { incident } = await call('incidents.create', { title: title.trim(), description, severity, isExercise, detectedAt, awareAt, origin: origin === null ? null : origin.slice(0, 300) });
      if (entry !== null) await call('incidents.attach', { id: incident.id, target: { indexes: [entry] } }).catch(() => undefined);
      onClose(incident.id);
    } catch (thrown) {
      setError(errorOf(thrown));
      setPending(false);
    }
  };
  return (
    <Dialog isOpen isModal size="medium" onClose={() => onClose(null)} title={t('new.title')} actions={<>
      <Button onPress={() => onClose(null)}>{t('cancel')}</Button>
      <Button variant="primary" icon="plus" isPending={isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid="incident-create">{t(isExercise ? 'new.exercise' : 'new.create')}</Button>
    </>}>
      <div className={styles.form} data-testid="incident-form">
        <TextField label={t('field.title')} value={title} onChange={setTitle} isRequired autoFocus maxLength={300} data-testid="incident-title" />
        <Select label={t('column.severity')} value={severity} onChange={setSeverity} options={severities.map((value) => ({ value, label: t(`severity.${value}`), note: t('severity.response', { hours: String(responseMs[value] / 3_600_000) }) }))} data-testid="incident-severity" />
        <TextArea label={t('field.description')} value={description} onChange={setDescription} rows={4} maxLength={10_000} />
        <div className={styles.pair}>
          <MomentField label={t('field.detectedAt')} value={detectedAt} onChange={setDetected} />
          <MomentField label={t('field.awareAt')} value={awareAt} onChange={setAware} />
        </div>
        <p className={styles.muted}>{t('new.awareHint')}</p>
        <Checkbox isSelected={isExercise} onChange={setExercise}>{t('exercise.start')}</Checkbox>
        {isExercise && <div className={styles.exerciseBand}>{t('exercise.hint')}</div>}
        {severityLooks[severity].tone === 'danger' && !isExercise && <Banner tone="warning">{t('new.graveHint')}</Banner>}
        {origin !== null && <p className={styles.muted}>{t('new.origin', { origin })}</p>}
        {entry !== null && <p className={styles.muted}>{t('new.entry', { number: String(entry + 1) })}</p>}
        {error !== null && <ErrorPanel error={error} isInline />}
      </div>
    </Dialog>
  );
}

import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { checksOf } from '../../../../../shared/security/incidents/checklists.ts';
import type { Incident } from '../../../../../shared/security/incidents/incident.ts';
import { phases, severities, type Phase, type Severity } from '../../../../../shared/security/incidents/phases.ts';
import { Button, Dialog, Hidden, Icon, Select, TextField, Tooltip, cx } from '../../../../ui/index.ts';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace } from '../words.ts';
import styles from '../incidents.module.css';

/** Whether everything on the list of a phase is ticked off: having gone past it says nothing. */
const isWorkedOff = ({ checklist, severity }: Incident, phase: Phase): boolean => checksOf(phase, severity).every(({ id }) => checklist[id]?.done === true);

/** The six phases, the present one marked; a press goes to another. Beside them severity, and the end. */
export function PhaseStepper({ stored: { incident }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const [asks, setAsks] = useState<'severity' | 'close' | 'reopen' | null>(null);
  const present = phases.indexOf(incident.phase);
  const id = useId();
  const why = reason ?? (incident.closed === null ? null : t('errors:incident.notOpen'));
  /** Why a phase cannot be gone to; null when it can. With its reason the button stays reachable by keyboard. */
  const blocked = (phase: Phase): string | null => why ?? (phase === 'preparation' ? t('phase.preparationHint') : phase === 'lessons' ? t('phase.lessonsHint') : null);
  return (
    <div className={styles.steps}>
      <ol className={styles.stepper} aria-label={t('phases')}>
        {phases.map((phase, index) => (
          <li key={phase} aria-current={phase === incident.phase ? 'step' : undefined} className={cx(styles.step, index < present && styles.past, phase === incident.phase && styles.present)}>
            <Tooltip native text={blocked(phase)}>
              <button type="button" className={styles.stepButton} aria-disabled={blocked(phase) !== null} aria-describedby={`${id}-${phase}`} onClick={() => { if (blocked(phase) === null) void doing.obey({ do: 'phase', phase, note: '' }); }} data-phase={phase}>
                {isWorkedOff(incident, phase) ? <Icon name="check" className={styles.sign} label={t('checks.all')} /> : <span className={styles.stepNumber}>{index + 1}</span>}
                {t(`phase.${phase}`)}
              </button>
            </Tooltip>
            <Hidden id={`${id}-${phase}`}>{blocked(phase) ?? ''}</Hidden>
          </li>
        ))}
      </ol>
      <div className={styles.buttons}>
        <Button isDisabled={reason !== null} reason={reason} onPress={() => setAsks('severity')}>{t('severity.change')}</Button>
        {incident.closed === null
          ? <Button icon="check" isDisabled={reason !== null} reason={reason} onPress={() => setAsks('close')} data-testid="incident-close">{t('close.open')}</Button>
          : <Button icon="undo" isDisabled={reason !== null} reason={reason} onPress={() => setAsks('reopen')}>{t('reopen.open')}</Button>}
      </div>
      {asks !== null && <Ask kind={asks} severity={incident.severity} phase={incident.phase} doing={doing} onClose={() => setAsks(null)} />}
    </div>
  );
}

/** The reason that stands in the time line afterwards. */
function Ask({ kind, severity: present, phase, doing, onClose }: { kind: 'severity' | 'close' | 'reopen'; severity: Severity; phase: Phase; doing: TabProps['doing']; onClose: () => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const [text, setText] = useState('');
  const [severity, setSeverity] = useState(present);
  const missing = kind !== 'close' && text.trim() === '' ? t('reasonMissing') : kind === 'severity' && severity === present ? t('severity.same') : null;
  const run = async (): Promise<void> => {
    const done = await doing.obey(kind === 'severity' ? { do: 'severity', severity, reason: text } : kind === 'close' ? { do: 'close', note: text } : { do: 'reopen', reason: text });
    if (done) onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t(`${kind}.title`)} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button variant="primary" isPending={doing.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid={`incident-${kind}-confirm`}>{t(`${kind}.confirm`)}</Button>
    </>}>
      <div className={styles.form}>
        {kind === 'severity' && <Select label={t('column.severity')} value={severity} onChange={setSeverity} options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))} />}
        {kind === 'close' && <p>{t('close.hint', { phase: t(`phase.${phase}`) })}</p>}
        <TextField label={t(kind === 'close' ? 'field.note' : 'field.reason')} value={text} onChange={setText} maxLength={300} autoFocus={kind !== 'severity'} />
      </div>
    </Dialog>
  );
}

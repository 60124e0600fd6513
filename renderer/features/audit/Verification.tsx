import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditAlarm, AuditStatus } from '../../../shared/domain/audit.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { call } from '../../bridge/call.ts';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Banner, Button, Dialog, ErrorPanel, ProgressBar, TextArea } from '../../ui/index.ts';
import { IncidentButton } from '../security/IncidentButton.tsx';
import styles from './audit.module.css';

/** What the last check has shown: calm when all holds, unmistakable when not, and until somebody gives a reason. */
export function Verification({ status, job }: { status: AuditStatus; job: Job | null }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const [asked, ask] = useState<AuditAlarm | null>(null);
  const open = status.alarms.filter(({ acknowledged }) => acknowledged === null);
  const { verified } = status;
  return (
    <div className={styles.verification}>
      {open.map((alarm) => (
        <Banner key={alarm.id} tone="danger" data-testid="audit-alarm" action={<><IncidentButton origin="/audit" title={t('incidentAlarm', { fault: t(`fault.${alarm.fault}`) })} entry={alarm.firstBad} /><Button onPress={() => ask(alarm)} data-testid="audit-acknowledge">{t('alarm.acknowledge')}</Button></>}>
          <strong>{t(`fault.${alarm.fault}`)}</strong>{' '}
          {alarm.firstBad !== null && (alarm.fault === 'splitView' ? t('alarm.agreedUntil', { number: format.integer(alarm.firstBad) }) : t('alarm.firstBad', { number: format.integer(alarm.firstBad + 1) }))}{' '}
          {t('alarm.proven', { count: alarm.verifiedSize, shown: format.integer(alarm.verifiedSize), when: format.dateTime(alarm.raisedAt) })}
        </Banner>
      ))}
      {open.length === 0 && verified !== null && (
        <Banner tone="success" data-testid="audit-verified">
          {t(status.kind === 'signed' ? 'verified.signed' : 'verified.witness', { count: verified.size, shown: format.integer(verified.size), when: format.moment(verified.at) })}
        </Banner>
      )}
      {status.oldest !== null && <Banner tone="warning" data-testid="audit-oldest">{t('claimed.oldest', { when: format.moment(status.oldest) })}</Banner>}
      {job?.status === 'failed' && job.error !== null && <ErrorPanel error={job.error} isInline />}
      {job?.status === 'running' && (
        <ProgressBar label={t(`job.${job.kind.split('.')[1] ?? 'visit'}`)} value={job.total === 0 ? null : job.done / job.total} detail={job.total === 0 ? '' : `${format.integer(job.done)} / ${format.integer(job.total)}`} onCancel={() => void call('jobs.cancel', { id: job.id })} />
      )}
      {asked !== null && <Acknowledge alarm={asked} onClose={() => ask(null)} />}
    </div>
  );
}

function Acknowledge({ alarm, onClose }: { alarm: AuditAlarm; onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const [reason, setReason] = useState('');
  const action = useAction('audit.acknowledge');
  const send = (): void => void action.run({ id: alarm.id, reason }).then((done) => { if (done !== null) onClose(); });
  return (
    <Dialog
      isOpen isModal onClose={onClose} title={t('alarm.acknowledge')}
      actions={<><Button onPress={onClose}>{t('common:action.cancel')}</Button><Button variant="primary" isDisabled={reason.trim() === ''} reason={reason.trim() === '' ? t('alarm.reasonNeeded') : null} isPending={action.isPending} onPress={send} data-testid="audit-acknowledge-send">{t('alarm.send')}</Button></>}
    >
      <p className={styles.text}>{t('alarm.explain')}</p>
      <TextArea label={t('alarm.reason')} value={reason} onChange={setReason} maxLength={1000} autoFocus data-testid="audit-reason" />
      {action.error !== null && <ErrorPanel error={action.error} isInline />}
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { standingAlarms, wholeJournal, type AuditAlarm, type AuditStatus } from '../../../shared/domain/audit.ts';
import type { Job } from '../../../shared/domain/job.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call } from '../../bridge/call.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Banner, Button, Dialog, ErrorPanel, ProgressBar, TextArea, useNow } from '../../ui/index.ts';
import { IncidentButton } from '../security/IncidentButton.tsx';
import styles from './audit.module.css';

/** A log that nobody has read for so long proves nothing of today. */
const oldAfter = 7 * 86_400_000;

/** What the last check has shown: calm when all holds, unmistakable when not, and until somebody gives a reason. */
export function Verification({ status, job }: { status: AuditStatus; job: Job | null }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const [asked, ask] = useState<AuditAlarm | 'section' | null>(null);
  const standing = standingAlarms(status);
  const open = status.alarms.filter(({ acknowledged }) => acknowledged === null);
  const { verified } = status;
  const sealed = status.sections.at(-1);
  const now = useNow();
  const isOld = verified !== null && now - verified.at > oldAfter;
  const missing = useCall('audit.journal', { filter: wholeJournal, offset: 0, limit: 1 }).data?.statuses.missing ?? 0;
  return (
    <div className={styles.verification}>
      {open.map((alarm) => (
        <Banner key={alarm.id} tone="danger" data-testid="audit-alarm" action={<><IncidentButton origin="/audit" title={t('incidentAlarm', { fault: t(`fault.${alarm.fault}`) })} entry={alarm.firstBad} /><Button onPress={() => ask(alarm)} data-testid="audit-acknowledge">{t('alarm.acknowledge')}</Button></>}>
          <strong>{t(`fault.${alarm.fault}`)}</strong>{' '}
          {alarm.firstBad !== null && (alarm.fault === 'splitView' ? t('alarm.agreedUntil', { number: format.integer(alarm.firstBad) }) : t('alarm.firstBad', { number: format.integer(alarm.firstBad + 1) }))}{' '}
          {t('alarm.proven', { count: alarm.verifiedSize, shown: format.integer(alarm.verifiedSize), when: format.dateTime(alarm.raisedAt) })}
        </Banner>
      ))}
      {open.length === 0 && standing.map((alarm) => (
        <Banner key={alarm.id} tone="warning" data-testid="audit-standing" action={<Button onPress={() => ask('section')} data-testid="audit-new-section">{t('section.begin')}</Button>}>
          <strong>{t('alarm.known', { fault: t(`fault.${alarm.fault}`) })}</strong>{' '}
          {t('alarm.excused', { by: alarm.acknowledged?.by ?? '', reason: alarm.acknowledged?.reason ?? '' })}{' '}
          {t('alarm.stands', { seen: format.dateTime(alarm.lastSeen), when: verified === null ? '–' : format.dateTime(verified.at) })}
        </Banner>
      ))}
      {open.length === 0 && standing.length === 0 && verified !== null && (
        <Banner tone={isOld || missing > 0 ? 'warning' : 'success'} data-testid="audit-verified">
          {t(status.kind === 'signed' ? 'verified.signed' : 'verified.witness', { count: verified.size, shown: format.integer(verified.size), when: format.moment(verified.at) })}
          {isOld && ` ${t('verified.old')}`}
          {missing > 0 && ` ${t('verified.journal', { count: missing, shown: format.integer(missing) })}`}
          {sealed !== undefined && ` ${t('section.current', { number: sealed.number + 1, when: format.dateTime(sealed.sealedAt) })}`}
        </Banner>
      )}
      {status.oldest !== null && <Banner tone="warning" data-testid="audit-oldest">{t('claimed.oldest', { when: format.moment(status.oldest) })}</Banner>}
      {status.complete !== null && job?.status !== 'running' && <Completeness complete={status.complete} />}
      {job?.status === 'failed' && job.error !== null && <ErrorPanel error={job.error} isInline />}
      {job?.status === 'running' && (
        <ProgressBar label={t(`job.${job.kind.split('.')[1] ?? 'visit'}`)} value={job.total === 0 ? null : job.done / job.total} detail={job.total === 0 ? '' : `${format.integer(job.done)} / ${format.integer(job.total)}`} onCancel={() => void call('jobs.cancel', { id: job.id })} />
      )}
      {asked === 'section' ? <NewSection onClose={() => ask(null)} /> : asked !== null && <Acknowledge alarm={asked} onClose={() => ask(null)} />}
    </div>
  );
}

/** How far every entry was hashed again, and how to go on where that was cut off. */
function Completeness({ complete: { next, of, at } }: { complete: NonNullable<AuditStatus['complete']> }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const verify = useAction('audit.verify');
  const values = { shown: format.integer(next), of: format.integer(of), when: format.moment(at) };
  if (next >= of) return <p className={styles.text} data-testid="audit-complete">{t('complete.done', values)}</p>;
  return <Banner tone="neutral" data-testid="audit-complete" action={<Button isPending={verify.isPending} onPress={() => void verify.run({ restart: false })} data-testid="audit-resume">{t('complete.resume')}</Button>}>{t('complete.partly', values)}</Banner>;
}

function Acknowledge({ alarm, onClose }: { alarm: AuditAlarm; onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const action = useAction('audit.acknowledge');
  return <ReasonDialog title={t('alarm.acknowledge')} explain={t('alarm.explain')} send={t('alarm.send')} action={action} onSend={(reason) => action.run({ id: alarm.id, reason })} onClose={onClose} testId="audit-acknowledge-send" />;
}

function NewSection({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const action = useAction('audit.newSection');
  return <ReasonDialog title={t('section.begin')} explain={t('section.explain')} send={t('section.send')} action={action} onSend={(reason) => action.run({ reason })} onClose={onClose} testId="audit-section-send" />;
}

type ReasonProps = { title: string; explain: string; send: string; action: { isPending: boolean; error: AppError | null }; onSend: (reason: string) => Promise<unknown>; onClose: () => void; testId: string };

function ReasonDialog({ title, explain, send, action, onSend, onClose, testId }: ReasonProps): ReactNode {
  const { t } = useTranslation('audit');
  const [reason, setReason] = useState('');
  const isEmpty = reason.trim() === '';
  return (
    <Dialog
      isOpen isModal onClose={onClose} title={title}
      actions={<><Button onPress={onClose}>{t('common:action.cancel')}</Button><Button variant="primary" isDisabled={isEmpty} reason={isEmpty ? t('alarm.reasonNeeded') : null} isPending={action.isPending} onPress={() => void onSend(reason).then((done) => { if (done !== null) onClose(); })} data-testid={testId}>{send}</Button></>}
    >
      <p className={styles.text}>{explain}</p>
      <TextArea label={t('alarm.reason')} value={reason} onChange={setReason} maxLength={1000} autoFocus data-testid="audit-reason" />
      {action.error !== null && <ErrorPanel error={action.error} isInline />}
    </Dialog>
  );
}

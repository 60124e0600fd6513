import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { duties, dutyAnswers, reportKinds, type Duty, type ReportKind } from '../../../../../shared/security/incidents/incident.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { Badge, Button, Dialog, ErrorPanel, Select, TextArea, TextField } from '../../../../ui/index.ts';
import { Section } from '../../Pane.tsx';
import { MomentField } from '../Fields.tsx';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace } from '../words.ts';
import styles from '../incidents.module.css';

const authorities: Readonly<Record<ReportKind, string>> = { gdpr33: 'authority.gdpr', gdpr34: 'authority.people', nis2Early: 'authority.nis2', nis2Notification: 'authority.nis2', nis2Final: 'authority.nis2' };

/** What has to be told to whom, whether it has to be, and what was told when, by whom and under which number. */
export function ReportsTab(props: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const { stored: { incident }, reason } = props;
  const [asks, setAsks] = useState<{ kind: 'report'; report: ReportKind } | { kind: 'duty'; duty: Duty } | { kind: 'aware' } | null>(null);
  const reports = Object.entries(incident.reports).toSorted(([, a], [, b]) => a.at - b.at);
  return (
    <div className={styles.padded}>
      <Section title={t('duties')} actions={<Button isDisabled={reason !== null} reason={reason} onPress={() => setAsks({ kind: 'aware' })}>{t('aware.change')}</Button>}>
        <table className={styles.table} aria-label={t('duties')}>
          <thead><tr><th scope="col">{t('column.duty')}</th><th scope="col">{t('column.answer')}</th><th scope="col">{t('column.reason')}</th><th scope="col">{t('column.by')}</th><td /></tr></thead>
          <tbody>
            {duties.map((duty) => {
              const { applies, reason: why, at, by } = incident.duties[duty];
              return (
                <tr key={duty} data-duty={duty}>
                  <th scope="row">{t(`duty.${duty}`)}</th><td><Badge tone={applies === 'open' ? 'warning' : applies === 'yes' ? 'accent' : 'neutral'} icon={applies === 'open' ? 'warning' : applies === 'yes' ? 'check' : 'minus'}>{t(`answer.${applies}`)}</Badge></td>
                  <td className={styles.wrap}>{why === '' ? '–' : why}</td><td>{at === null ? '–' : `${by ?? ''} · ${format.moment(at)}`}</td>
                  <td><Button variant="quiet" isDisabled={reason !== null} reason={reason} onPress={() => setAsks({ kind: 'duty', duty })} data-testid={`duty-${duty}`}>{t('duty.decide')}</Button></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Section>
      <Section title={t('reports')} actions={reportKinds.map((report) => <Button key={report} icon="send" isDisabled={reason !== null} reason={reason} onPress={() => setAsks({ kind: 'report', report })} data-testid={`report-${report}`}>{t(`reportKind.${report}`)}</Button>)}>
        {reports.length === 0 ? <p className={styles.muted}>{t('reportsNone')}</p> : (
          <table className={styles.table} aria-label={t('reports')} data-testid="incident-reports">
            <thead><tr><th scope="col">{t('column.report')}</th><th scope="col">{t('column.toldAt')}</th><th scope="col">{t('column.authority')}</th><th scope="col">{t('column.reference')}</th><th scope="col">{t('column.teller')}</th><th scope="col">{t('field.note')}</th></tr></thead>
            <tbody>{reports.map(([id, one]) => <tr key={id}><th scope="row">{t(`reportKind.${one.kind}`)}</th><td>{format.dateTime(one.at)}</td><td>{one.authority}</td><td>{one.reference === '' ? '–' : one.reference}</td><td>{one.by}</td><td className={styles.wrap}>{one.note === '' ? '–' : one.note}</td></tr>)}</tbody>
          </table>
        )}
      </Section>
      {asks?.kind === 'report' && <Told {...props} report={asks.report} onClose={() => setAsks(null)} />}
      {asks?.kind === 'duty' && <Decide {...props} duty={asks.duty} onClose={() => setAsks(null)} />}
      {asks?.kind === 'aware' && <Aware {...props} onClose={() => setAsks(null)} />}
    </div>
  );
}

type AskProps = TabProps & { onClose: () => void };

/** Writes down a report that was made: this app sends nothing to an authority. */
function Told({ doing, report, onClose }: AskProps & { report: ReportKind }): ReactNode {
  const { t } = useTranslation(namespace);
  const [authority, setAuthority] = useState(t(authorities[report]));
  const [reference, setReference] = useState('');
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const [at, setAt] = useState<number | null>(() => Date.now());
  const missing = authority.trim() === '' || by.trim() === '' ? t('report.missing') : at === null ? t('field.noTime') : null;
  const run = async (): Promise<void> => {
    if (at !== null && await doing.obey({ do: 'report', kind: report, authority, reference, note, at, by })) onClose();
  };
  return (
    <Dialog isOpen isModal size="medium" onClose={onClose} title={t('report.tell', { report: t(`reportKind.${report}`) })} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button variant="primary" isPending={doing.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid="report-confirm">{t('report.confirm')}</Button>
    </>}>
      <div className={styles.form}>
        <p className={styles.muted}>{t('report.hint')}</p>
        <TextField label={t('column.authority')} value={authority} onChange={setAuthority} maxLength={300} isRequired />
        <div className={styles.pair}>
          <TextField label={t('column.teller')} value={by} onChange={setBy} maxLength={200} isRequired autoFocus data-testid="report-by" />
          <TextField label={t('column.reference')} value={reference} onChange={setReference} maxLength={300} data-testid="report-reference" />
        </div>
        <MomentField label={t('column.toldAt')} value={at} onChange={setAt} />
        <TextArea label={t('field.note')} value={note} onChange={setNote} rows={3} maxLength={10_000} />
        {doing.error !== null && <ErrorPanel error={doing.error} isInline />}
      </div>
    </Dialog>
  );
}

function Decide({ stored: { incident }, doing, duty, onClose }: AskProps & { duty: Duty }): ReactNode {
  const { t } = useTranslation(namespace);
  const [applies, setApplies] = useState(incident.duties[duty].applies);
  const [reason, setReason] = useState(incident.duties[duty].reason);
  const missing = applies === 'no' && reason.trim() === '' ? t('errors:incident.noReason') : null;
  const run = async (): Promise<void> => {
    if (await doing.obey({ do: 'duty', duty, applies, reason })) onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t(`duty.${duty}`)} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button variant="primary" isPending={doing.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid="duty-confirm">{t('duty.decide')}</Button>
    </>}>
      <div className={styles.form}>
        <p>{t(`duty.${duty}Hint`)}</p>
        <Select label={t('column.answer')} value={applies} onChange={setApplies} options={dutyAnswers.map((value) => ({ value, label: t(`answer.${value}`) }))} data-testid="duty-answer" />
        <TextField label={t('field.reason')} value={reason} onChange={setReason} maxLength={300} data-testid="duty-reason" />
        {doing.error !== null && <ErrorPanel error={doing.error} isInline />}
      </div>
    </Dialog>
  );
}

function Aware({ stored: { incident }, doing, onClose }: AskProps): ReactNode {
  const { t } = useTranslation(namespace);
  const [awareAt, setAware] = useState<number | null>(incident.awareAt);
  const [reason, setReason] = useState('');
  const missing = awareAt === null ? t('field.noTime') : reason.trim() === '' ? t('reasonMissing') : null;
  const run = async (): Promise<void> => {
    if (awareAt !== null && await doing.obey({ do: 'aware', awareAt, reason })) onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('aware.change')} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button variant="primary" isPending={doing.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()}>{t('aware.confirm')}</Button>
    </>}>
      <div className={styles.form}>
        <p>{t('aware.hint')}</p>
        <MomentField label={t('field.awareAt')} value={awareAt} onChange={setAware} />
        <TextField label={t('field.reason')} value={reason} onChange={setReason} maxLength={300} />
        {doing.error !== null && <ErrorPanel error={doing.error} isInline />}
      </div>
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/ipc/contract.ts';
import { matcherText, type FiredAlert, type Silence } from '../../../../shared/security/alerts/alert.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Button, DefinitionList, ErrorPanel } from '../../../ui/index.ts';
import { useActReason, useServerReason } from '../rights.ts';
import { IncidentButton } from '../IncidentButton.tsx';
import { Pane, Section } from '../Pane.tsx';
import { SilenceDialog } from './SilenceDialog.tsx';
import { SeverityMark, StateMark, useAlertTexts } from './marks.tsx';
import styles from './alerts.module.css';

export type AlertPaneProps = { alert: FiredAlert; state: CallOutput<'alerts.state'>; onClose: () => void; onThresholds: () => void };

/** One alert: what it says, its labels, and who has silenced it until when. */
export function AlertPane({ alert, state, onClose, onThresholds }: AlertPaneProps): ReactNode {
  const { t } = useTranslation('security-alerts');
  const format = useFormat();
  const { nameOf, summaryOf } = useAlertTexts();
  const [isSilencing, setSilencing] = useState(false);
  const serverReason = useServerReason();
  const actReason = useActReason();
  const silences = state.silences.filter(({ id }) => alert.silencedBy.includes(id));
  const more = Object.entries(alert.annotations).filter(([name]) => name !== 'summary');
  return (
    <Pane title={nameOf(alert)} marks={<><StateMark state={alert.state} /><SeverityMark severity={alert.severity} /></>} onClose={onClose} data-testid="alert-pane">
      <p className={styles.words}>{summaryOf(alert)}</p>
      <Section title={t('detail.facts')} actions={<IncidentButton title={`${nameOf(alert)}: ${summaryOf(alert)}`.slice(0, 300)} origin="/security/alerts" />}>
        <DefinitionList items={[{ label: t('column.since'), value: format.dateTime(alert.since) }, { label: t('column.origin'), value: alert.origin === 'local' ? t('origin.localHint') : state.alertmanager }, ...more.map(([label, value]) => ({ label, value }))]} />
      </Section>
      {alert.origin === 'local' ? (
        <Section title={t('detail.threshold')} actions={<Button icon="edit" isDisabled={actReason !== null} reason={actReason} onPress={onThresholds}>{t('thresholds.open')}</Button>}><p className={styles.words}>{t('detail.thresholdHint')}</p></Section>
      ) : (
        <>
          <Section title={t('detail.labels')}><DefinitionList items={Object.entries(alert.labels).map(([label, value]) => ({ label, value: <span className={styles.code}>{value}</span> }))} /></Section>
          <Section title={t('detail.silences')} actions={<Button icon="minus" isDisabled={serverReason !== null} reason={serverReason} onPress={() => setSilencing(true)} data-testid="alert-silence">{t('silence.open')}</Button>}>
            {silences.length === 0 ? <p className={styles.words}>{t('detail.noSilence')}</p> : silences.map((silence) => <SilenceRow key={silence.id} silence={silence} />)}
          </Section>
        </>
      )}
      {isSilencing && <SilenceDialog alert={alert} onClose={() => setSilencing(false)} />}
    </Pane>
  );
}

/** A silence with its reason, who wrote it, and its end. */
export function SilenceRow({ silence }: { silence: Silence }): ReactNode {
  const { t } = useTranslation('security-alerts');
  const format = useFormat();
  const expire = useAction('alerts.expire');
  const serverReason = useServerReason();
  return (
    <div className={styles.silence} data-testid="silence">
      <div className={styles.silenceText}>
        <p>{silence.reason}</p>
        <p className={styles.muted}>{t(`silence.${silence.state}`, { by: silence.createdBy, until: format.dateTime(silence.endsAt), from: format.dateTime(silence.startsAt) })}</p>
        <p className={styles.code}>{silence.matchers.map(matcherText).join(', ')}</p>
        {expire.error !== null && <ErrorPanel error={expire.error} isInline />}
      </div>
      {silence.state !== 'expired' && <Button icon="close" isDisabled={serverReason !== null} reason={serverReason} isPending={expire.isPending} onPress={() => void expire.run({ id: silence.id })} data-testid="silence-expire">{t('silence.expire')}</Button>}
    </div>
  );
}

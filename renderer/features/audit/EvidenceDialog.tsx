import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import { call } from '../../bridge/call.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { useAccount } from '../../state/session.ts';
import { Banner, Button, DefinitionList, Dialog, ErrorPanel } from '../../ui/index.ts';
import { filterLines, listedEntries, reportLines } from './evidence-report.ts';
import { useAuditFilter } from './filter.ts';
import { useActionName } from './names.ts';
import styles from './audit.module.css';

/** Entries that one file holds at most, as main has it. */
const most = 10_000;

/** The entries that the filter leaves, with their proofs, checkpoint, cosignature and a report, in one file that proves itself. */
export function EvidenceDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const nameOf = useActionName();
  const account = useAccount();
  const profile = useActiveProfile();
  const { filter } = useAuditFilter();
  const status = useCall('audit.status', undefined);
  const list = useCall('audit.list', { filter, offset: 0, limit: listedEntries });
  const save = useAction('audit.saveEvidence');
  const [saved, setSaved] = useState<CallOutput<'audit.saveEvidence'>>(null);
  const total = list.data?.total ?? 0;
  const verified = status.data?.verified ?? null;
  const conditions = filterLines(filter, t, format, nameOf);
  const closed = verified === null ? t('checkpoints.none') : total === 0 ? t('empty.filtered') : total > most ? t('bundle.tooMany', { shown: format.integer(most) }) : null;
  const write = async (): Promise<void> => {
    const state = await call('audit.status');
    const report = reportLines({ status: state, filter, rows: list.data?.rows ?? [], total, server: profile?.erpUrl ?? '', by: account?.userName ?? '', madeAt: Date.now() }, t, format, nameOf);
    const written = await save.run({ target: { filter }, report, unproven: t('bundle.unproven', { left: '{{left}}' }), suggestedName: t('bundle.fileName', { date: new Date().toISOString().slice(0, 10) }) });
    if (written !== null) setSaved(written);
  };
  return (
    <Dialog
      isOpen isModal size="medium" onClose={onClose} title={t('bundle.heading')}
      actions={<><Button onPress={onClose}>{t('common:action.close')}</Button><Button variant="primary" icon="chain" isDisabled={closed !== null} reason={closed} isPending={save.isPending} onPress={() => void write()} data-testid="evidence-save">{t('bundle.save')}</Button></>}
    >
      <p className={styles.text}>{t('bundle.explain')}</p>
      <DefinitionList items={[
        { label: t('bundle.which'), value: conditions.length === 0 ? t('bundle.everything') : conditions.join(' · ') },
        { label: t('bundle.count'), value: format.integer(total) },
        { label: t('checkpoints.newest'), value: verified === null ? null : t('checkpoints.newestAt', { size: format.integer(verified.size), when: format.dateTime(verified.at) }) },
        { label: t('bundle.contents'), value: t('bundle.parts') },
        { label: t('bundle.limits'), value: t('bundle.limit', { shown: format.integer(most) }) },
      ]} />
      <div className={styles.verification} aria-live="polite">
        {[status.error, list.error, save.error].map((error, at) => error !== null && <ErrorPanel key={at} error={error} isInline />)}
        {saved !== null && <Banner tone={saved.unproven === 0 ? 'success' : 'warning'} onDismiss={() => setSaved(null)}>{t('bundle.saved', { count: saved.entries, shown: format.integer(saved.entries) })} {saved.unproven > 0 && `${t('bundle.unproven', { left: format.integer(saved.unproven) })} `}{t('proof.saved', { path: saved.path })}</Banner>}
      </div>
    </Dialog>
  );
}

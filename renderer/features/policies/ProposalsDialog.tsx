import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeJournal } from '../../../shared/domain/audit.ts';
import { aloneAction, type Proposal, type RuleRecord } from '../../../shared/policy/records.ts';
import { automationAdded, verdictOf } from '../../../shared/policy/compare.ts';
import { proposedChanges, withChanges } from '../../../shared/policy/edit.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Banner, Button, Dialog, EmptyState, ErrorPanel, TextField } from '../../ui/index.ts';
import { ChangeFile } from './ChangeFile.tsx';
import { Change } from './ChangesDialog.tsx';
import { Verdict } from './LintPanel.tsx';
import styles from './policies.module.css';

const tones = { open: 'warning', scheduled: 'accent', approved: 'success', rejected: 'neutral', stale: 'danger' } as const;
const icons = { open: 'clock', scheduled: 'calendar', approved: 'check', rejected: 'close', stale: 'warning' } as const;

/** What waits for a second pair of eyes, and what became of earlier proposals. */
export function ProposalsDialog({ records, userName, mayDecide, hasProposals, onDecided, onClose }: { records: readonly RuleRecord[]; userName: string; mayDecide: string | null; hasProposals: boolean; onDecided: () => void; onClose: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const proposals = useCall('policy.proposals', undefined, { enabled: hasProposals });
  const [isApplied, setApplied] = useState(false);
  return (
    <Dialog isOpen onClose={onClose} size="large" title={t('proposals.title')} actions={<Button onPress={onClose}>{t('close')}</Button>}>
      <ChangeFile records={records} mayApply={mayDecide} onApplied={() => { setApplied(true); onDecided(); }} onRefused={onDecided} />
      {isApplied && <Banner tone="success" data-testid="change-file-applied">{t('changeFile.applied')}</Banner>}
      {!hasProposals && <p className={styles.muted}>{t('changeFile.noProposals')}</p>}
      {proposals.error !== null && <ErrorPanel error={proposals.error} isInline onRetry={proposals.refetch} />}
      {proposals.data?.value.length === 0 && <EmptyState icon="success" title={t('proposals.none')} hint={t('proposals.noneHint')} />}
      <ul className={styles.proposals} data-testid="policy-proposals">
        {proposals.data?.value.map((proposal) => (
          <One key={proposal.id} proposal={proposal} records={records} reason={proposal.author === userName ? t('proposals.own') : mayDecide} onDecided={() => { proposals.refetch(); onDecided(); }} />
        ))}
      </ul>
      <Exceptions />
    </Dialog>
  );
}

function One({ proposal, records, reason, onDecided }: { proposal: Proposal; records: readonly RuleRecord[]; reason: string | null; onDecided: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const [why, setWhy] = useState('');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const isOpen = proposal.state === 'open';
  const changes = proposedChanges(proposal, records);
  const rules = records.map(({ rule }) => rule);
  const added = isOpen ? automationAdded(rules, withChanges(rules, changes)) : [];
  const decide = async (verdict: 'approve' | 'reject'): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await call('policy.decide', { id: proposal.id, verdict, confirmed: verdictOf(added), ...(why.trim() !== '' && { reason: why.trim() }) });
      onDecided();
    } catch (thrown) {
      setError(errorOf(thrown));
      // Where the rules have moved, what is read next must be the new verdict.
      onDecided();
    }
    setPending(false);
  };
  return (
    <li data-state={proposal.state}>
      <p className={styles.badges}><Badge tone={tones[proposal.state]} icon={icons[proposal.state]}>{t(`proposals.state.${proposal.state}`)}</Badge><b>{proposal.author}</b> {format.moment(proposal.at)}</p>
      {proposal.reason !== null && <p>{proposal.reason}</p>}
      {proposal.activateAt !== null && <p>{t('proposals.activateAt', { at: format.moment(proposal.activateAt) })}</p>}
      {proposal.decidedBy !== null && <p className={styles.muted}>{t('proposals.decided', { by: proposal.decidedBy, at: format.moment(proposal.decidedAt ?? 0) })}{proposal.decisionReason === null ? '' : `: ${proposal.decisionReason}`}</p>}
      {isOpen && <Verdict isEdited added={added} />}
      <ul className={styles.changeList}>{changes.map((change) => <Change key={change.op === 'delete' ? change.base.rule.id : change.rule.id} change={change} />)}</ul>
      {isOpen && (
        <div className={styles.decide}>
          <TextField label={t('proposals.reason')} value={why} onChange={setWhy} maxLength={2000} />
          <Button icon="reject" isPending={isPending} isDisabled={reason !== null || why.trim() === ''} reason={reason ?? t('proposals.needsReason')} onPress={() => void decide('reject')}>{t('proposals.reject')}</Button>
          <Button variant="primary" icon="check" isPending={isPending} isDisabled={reason !== null} reason={reason} onPress={() => void decide('approve')} data-testid="approve-proposal">{t('proposals.approve')}</Button>
        </div>
      )}
      {error !== null && <ErrorPanel error={error} isInline />}
    </li>
  );
}

const shownExceptions = 20;

/** What one person made active alone, from the journal of this computer. */
function Exceptions(): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const journal = useCall('audit.journal', { filter: { ...wholeJournal, text: aloneAction }, offset: 0, limit: shownExceptions });
  if (journal.error !== null) return <ErrorPanel error={journal.error} isInline onRetry={journal.refetch} />;
  const rows = (journal.data?.rows ?? []).filter(({ action }) => action === aloneAction);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="policy-exceptions">
      <h3 id="policy-exceptions">{t('exceptions.title')}</h3>
      <p className={styles.muted}>{t('exceptions.hint')}</p>
      <ul className={styles.proposals} data-testid="policy-exceptions">
        {rows.map(({ seq, at, actor, detail }) => <li key={seq}><p className={styles.badges}><Badge tone="warning" icon="user">{t('exceptions.badge')}</Badge><b>{actor}</b> {format.moment(at)}</p>{detail !== null && <p>{detail}</p>}</li>)}
      </ul>
    </section>
  );
}

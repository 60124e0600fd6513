import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/domain/job.ts';
import { useAction } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Button } from '../../ui/index.ts';
import { CheckpointDialog } from './CheckpointDialog.tsx';
import { ExportAction } from './ExportAction.tsx';
import { EvidenceDialog } from './EvidenceDialog.tsx';

/** What one can do with the log as a whole, the primary action last. */
export function HeaderActions({ job }: { job: Job | null }): ReactNode {
  const { t } = useTranslation('audit');
  const isOffline = useIsOffline();
  const [shown, show] = useState<'checkpoints' | 'evidence' | null>(null);
  const visit = useAction('audit.visit');
  const verify = useAction('audit.verify');
  const isRunning = job?.status === 'running';
  const busy = isRunning ? t('running') : null;
  const look = (): void => void visit.run();
  const checkAll = (): void => void verify.run({ restart: true });
  useCommand({ id: 'audit.visit', title: t('action.visit'), group: 'view', shortcut: 'F5', isEnabled: !isOffline, reason: isOffline ? t('offline') : null, run: look });
  useCommand({ id: 'audit.verify', title: t('action.verify'), group: 'view', run: checkAll });
  useCommand({ id: 'audit.checkpoints', title: t('checkpoints.title'), group: 'view', run: () => show('checkpoints') });
  useCommand({ id: 'audit.evidence', title: t('bundle.heading'), group: 'view', run: () => show('evidence') });
  return (
    <>
      <ExportAction />
      <Button icon="archive" onPress={() => show('evidence')} data-testid="audit-evidence">{t('action.bundle')}</Button>
      <Button icon="chain" onPress={() => show('checkpoints')} data-testid="audit-checkpoints">{t('action.checkpoints')}</Button>
      <Button icon="check" isDisabled={isRunning} reason={busy} onPress={checkAll} data-testid="audit-verify">{t('action.verify')}</Button>
      <Button icon="refresh" variant="primary" shortcut="F5" isDisabled={isOffline || isRunning} reason={isOffline ? t('offline') : busy} onPress={look} data-testid="audit-visit">{t('action.visit')}</Button>
      {shown === 'checkpoints' && <CheckpointDialog isRunning={isRunning} onClose={() => show(null)} />}
      {shown === 'evidence' && <EvidenceDialog onClose={() => show(null)} />}
    </>
  );
}

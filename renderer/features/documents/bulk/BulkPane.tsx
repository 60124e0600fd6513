import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { workflowActions, type WorkflowAction } from '../../../../shared/domain/workflow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Banner, Button, ErrorPanel, type IconName } from '../../../ui/index.ts';
import type { Selection } from '../list/useSelection.ts';
import { useWords } from '../words.ts';
import { BulkPlanView } from './BulkPlanView.tsx';
import { BulkResult } from './BulkResult.tsx';
import { planBulk, useBulk } from './bulk-store.ts';
import { ChosenTable } from './ChosenTable.tsx';
import pane from '../detail/pane.module.css';
import styles from './bulk.module.css';

const icons: Readonly<Record<WorkflowAction, IconName>> = { submit: 'send', approve: 'check', reject: 'reject', post: 'post' };

export type BulkPaneProps = {
  selection: Selection;
  /** The actions of the screen with their keys. */
  shortcuts: Partial<Record<WorkflowAction, string>>;
};

/** Several documents at once: what to do with them, what that would do, and what became of each. */
export function BulkPane({ selection, shortcuts }: BulkPaneProps): ReactNode {
  const stage = useBulk((store) => store.stage);
  if (stage === null) return <Choose selection={selection} shortcuts={shortcuts} />;
  return stage.kind === 'sent' ? <BulkResult stage={stage} onClose={selection.clear} /> : <BulkPlanView stage={stage} />;
}

function Choose({ selection: { keys, cutFrom, error, clear }, shortcuts }: BulkPaneProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const isOffline = useIsOffline();
  const reason = isOffline ? t('bulk.offline') : null;
  const actions = workflowActions.filter((action) => action in shortcuts);
  return (
    <section className={pane.pane} aria-label={t('bulk.title')} data-testid="bulk">
      <header className={pane.head}>
        <div className={pane.title}><h2>{t('bulk.chosen', { count: keys.length, shown: format.integer(keys.length) })}</h2></div>
        <Button variant="quiet" icon="close" onPress={clear} shortcut="Escape">{t('bulk.clear')}</Button>
      </header>
      {cutFrom !== null && <Banner tone="warning">{t('bulk.cut', { shown: format.integer(keys.length), total: format.integer(cutFrom) })}</Banner>}
      {error !== null && <div className={pane.notice}><ErrorPanel error={error} title={t('bulk.notChosen')} isInline /></div>}
      <div className={styles.actions}>
        {actions.map((action) => (
          <Button key={action} icon={icons[action]} {...(shortcuts[action] !== undefined && { shortcut: shortcuts[action] })} isDisabled={isOffline} reason={reason} onPress={() => void planBulk(action, keys)} data-testid={`bulk-${action}`}>
            {words.action(action)} …
          </Button>
        ))}
      </div>
      <p className={styles.hint}>{t('bulk.hint')}</p>
      {keys.length > 0 && <ChosenTable keys={keys} action={actions[0] ?? 'approve'} />}
      {actions.map((action) => <ActionCommand key={action} action={action} shortcut={shortcuts[action] ?? ''} reason={reason} run={() => void planBulk(action, keys)} />)}
    </section>
  );
}

function ActionCommand({ action, shortcut, reason, run }: { action: WorkflowAction; shortcut: string; reason: string | null; run: () => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  useCommand({ id: `bulk.${action}`, title: t('bulk.command', { action: words.action(action) }), group: 'document', ...(shortcut !== '' && { shortcut }), isEnabled: reason === null, reason, run });
  return null;
}

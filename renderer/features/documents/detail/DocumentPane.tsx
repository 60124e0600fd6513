import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { useCommand } from '../../../state/commands.ts';
import { EmptyState, ErrorPanel, Skeleton, Tabs, Button } from '../../../ui/index.ts';
import { ArchivePanel } from '../../paper/ArchivePanel.tsx';
import { PrintNotice } from '../../paper/PrintNotice.tsx';
import { TrailPanel } from '../../trail/TrailPanel.tsx';
import { ActionBar } from '../actions/ActionBar.tsx';
import { actionViews, editBlockers, lineFindings, stateOf } from '../actions/action-model.ts';
import { DocumentForm } from '../edit/DocumentForm.tsx';
import { beginEdit, hideForm, leave } from '../edit/store.ts';
import { useDraftOf } from '../edit/useDraftOf.ts';
import { WaitingDraft } from '../edit/WaitingDraft.tsx';
import { keyOf } from '../edit/working.ts';
import { FlowPanel } from '../flow/FlowPanel.tsx';
import { ChangedState } from './ChangedState.tsx';
import { DocumentSheet } from './DocumentSheet.tsx';
import { PendingSubmit } from './PendingSubmit.tsx';
import { StoredDraft } from './StoredDraft.tsx';
import { PaneHead } from './PaneHead.tsx';
import { RawData } from './RawData.tsx';
import { useDocument } from './useDocument.ts';
import styles from './pane.module.css';

export type DocumentPaneProps = { document: DocumentKey; account: Account; onClose?: (() => void) | undefined };

/** One document: read, acted on, edited, with its trail. Everything that happens to it happens here. */
export function DocumentPane({ document: key, account, onClose }: DocumentPaneProps): ReactNode {
  const { t } = useTranslation('documents');
  const isOffline = useIsOffline();
  const view = useDocument(key);
  const { record, isPrevious, refresh } = view;
  const name = keyOf(key);
  const draft = useDraftOf(key);
  const [tab, setTab] = useLayoutValue<string>('documents.tab', 'document');
  const isCurrent = record !== null && !isPrevious;
  // What is submitted, approved or posted is what the server has: not what lies here beside it.
  const isDirty = draft.isUnsent;
  const views = useMemo(() => (record === null ? [] : actionViews({ record, account, isOffline, isDirty })), [record, account, isOffline, isDirty]);
  const findings = useMemo(() => lineFindings(views), [views]);
  useCommand({ id: 'documents.refresh', title: t('pane.refresh'), group: 'document', shortcut: 'F5', isEnabled: !isOffline, reason: isOffline ? t('pane.offline') : null, run: () => void refresh() });

  if (record === null) return <Missing view={view} document={key} isOffline={isOffline} onClose={onClose} />;
  const edit = (): void => {
    const blockers = editBlockers({ record, account });
    // What was typed before the document was submitted can still be looked at and made a document of its own.
    if (!isCurrent || blockers.some(({ kind }) => draft.stored === null || kind !== 'state')) return;
    if (draft.stored === null) beginEdit(record);
    else draft.show();
    setTab('document');
  };
  const tabs = (sheet: ReactNode): ReactNode => (
    <div className={styles.tabs}>
      <Tabs
        label={t('pane.views')} selected={tab} onSelect={setTab}
        tabs={[
          { id: 'document', label: t('tab.document'), content: sheet },
          { id: 'flow', label: t('flow.tab'), content: <FlowPanel document={key} /> },
          { id: 'trail', label: t('tab.trail'), content: <TrailPanel document={key} /> },
          { id: 'archive', label: t('tab.archive'), content: <ArchivePanel document={key} /> },
          { id: 'raw', label: t('tab.raw'), content: <RawData record={record} /> },
        ]}
      />
    </div>
  );
  return (
    <article className={styles.pane} aria-label={`${t(`type.${record.document.type}`)} ${record.document.number}`} data-testid="document" data-number={isCurrent ? record.document.number : undefined} data-state={stateOf(record)}>
      <PaneHead record={record} isRefreshing={view.isRefreshing} isOffline={isOffline} isEditing={draft.form?.state === 'open'} onRefresh={() => void refresh()} onClose={onClose} />
      {isCurrent && view.error !== null && (
        <div className={styles.notice}><ErrorPanel error={view.error} title={t('pane.notRefreshed')} onRetry={() => void refresh()} isInline /></div>
      )}
      {draft.form !== null && isCurrent && stateOf(record) !== 'draft' && <ChangedState state={stateOf(record)} draft={draft.form.state === 'open' ? draft.form.id : null} />}
      {draft.form === null ? (
        <>
          <ActionBar key={name} record={record} account={account} views={views} isReady={isCurrent} onStart={() => undefined} onEdit={edit} onDone={refresh} />
          {draft.stored !== null && isCurrent && <StoredDraft draft={draft.stored} onShow={edit} onDiscard={() => void draft.discard()} error={draft.error} />}
          <PrintNotice document={key} />
          <PendingSubmit document={key} />
          {tabs(<DocumentSheet record={record} findings={findings} />)}
        </>
      ) : draft.form.state === 'open' ? (
        <DocumentForm key={draft.form.id} working={draft.form} account={account} state={isCurrent ? stateOf(record) : 'draft'} onSent={() => undefined} onLeft={() => undefined} onShow={() => setTab('document')}>
          {(bar, body) => <>{bar}{tabs(body)}</>}
        </DocumentForm>
      ) : (
        <WaitingDraft working={draft.form} onLeft={() => { hideForm(key); if (draft.form !== null) void leave(draft.form.id); }}>
          {(bar, body) => <>{bar}{tabs(body)}</>}
        </WaitingDraft>
      )}
    </article>
  );
}

function Missing({ view, document, isOffline, onClose }: { view: ReturnType<typeof useDocument>; document: DocumentKey; isOffline: boolean; onClose: (() => void) | undefined }): ReactNode {
  const { t } = useTranslation('documents');
  const close = onClose === undefined ? undefined : <Button onPress={onClose}>{t('pane.close')}</Button>;
  if (view.error?.code === 'server.notFound') return <EmptyState icon="documents" title={t('pane.notFound', { number: document.number })} hint={t('pane.notFoundHint')} action={close} />;
  if (view.error !== null) return <div className={styles.notice}><ErrorPanel error={view.error} title={t('pane.notRead', { number: document.number })} onRetry={() => void view.refresh()} action={close} /></div>;
  if (isOffline) return <EmptyState icon="offline" title={t('pane.notCached', { number: document.number })} hint={t('pane.notCachedHint')} action={close} />;
  return view.isLoading ? <div className={styles.skeleton}><Skeleton lines={10} /></div> : null;
}

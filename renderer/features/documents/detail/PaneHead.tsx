import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { Age, Badge, IconButton } from '../../../ui/index.ts';
import { stateOf } from '../actions/action-model.ts';
import { StateBadge } from '../StateBadge.tsx';
import { useWords } from '../words.ts';
import styles from './pane.module.css';

export type PaneHeadProps = { record: DocumentRecord; isRefreshing: boolean; isOffline: boolean; isEditing: boolean; onRefresh: () => void; onClose?: (() => void) | undefined };

/** What the document is, where it stands, and how old this view of it is. */
export function PaneHead({ record, isRefreshing, isOffline, isEditing, onRefresh, onClose }: PaneHeadProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const { document } = record;
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h2><span className={styles.type}>{words.type(document.type)}</span> {document.number}</h2>
        <p className={styles.partner}>{document.partnerName ?? document.partnerId ?? t('pane.noPartner')}</p>
      </div>
      <span data-testid="workflow-state" data-state={stateOf(record)}><StateBadge state={stateOf(record)} /></span>
      {isEditing && <Badge tone="accent" icon="edit">{t('pane.editing')}</Badge>}
      <span className={styles.age} data-testid="age"><Age at={record.fetchedAt} oldAfter={isOffline ? 60_000 : 24 * 60 * 60_000} /></span>
      <IconButton icon="refresh" label={t('pane.refresh')} shortcut="F5" isPending={isRefreshing} isDisabled={isOffline} reason={isOffline ? t('pane.offline') : null} onPress={onRefresh} />
      {onClose !== undefined && <IconButton icon="close" label={t('pane.close')} onPress={onClose} />}
    </header>
  );
}

import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypeInfo, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { decide } from '../../../../shared/rbac/access.ts';
import { call } from '../../../bridge/call.ts';
import { accessOf } from '../../../state/session.ts';
import { Badge, EmptyState, IconButton } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { presetRange } from '../list/filters.ts';
import { DocumentForm } from './DocumentForm.tsx';
import { newDraft } from './draft.ts';
import { newDraftName, useDrafts } from './drafts.ts';
import styles from '../detail/pane.module.css';

export type NewDocumentProps = { type: DocumentType; account: Account; onSaved: (record: DocumentRecord, thenSubmit: boolean) => void; onLeft: () => void };

/** A document that does not exist yet. What was begun of this type is continued. */
export function NewDocument({ type, account, onSaved, onLeft }: NewDocumentProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const name = newDraftName(type);
  const entry = useDrafts(({ entries }) => entries[name]);
  const { domain } = documentTypeInfo[type];
  const access = decide(accessOf(account), { anyOf: [`${domain}:write`] });
  useEffect(() => {
    if (!access.allowed) return;
    const { entries, open, change } = useDrafts.getState();
    if (entries[name] !== undefined) return;
    open(name, newDraft(type, presetRange('today', new Date()).from));
    // Without a number the form still works: the field stays empty and says that one is needed.
    void call('documents.nextNumber', { type }).then(({ number, provisional }) => change(name, { type: 'propose', number, provisional }), () => undefined);
  }, [name, type, access.allowed]);
  if (!access.allowed) return <EmptyState icon="lock" title={t('new.forbidden', { type: words.type(type) })} hint={t('blocked.scope', { scope: access.missing.join(', '), roles: words.roles(access.heldBy.join(', ')) })} />;
  if (entry === undefined) return null;
  return (
    <article className={styles.pane} aria-label={t('new.title', { type: words.type(type) })} data-testid="new-document">
      <header className={styles.head}>
        <div className={styles.title}>
          <h2>{t('new.title', { type: words.type(type) })}</h2>
          <p className={styles.partner}>{entry.draft.number === '' ? t('new.numberPending') : entry.draft.number}</p>
        </div>
        <Badge tone="accent" icon="plus">{t('new.badge')}</Badge>
        <IconButton icon="close" label={t('pane.close')} onPress={onLeft} />
      </header>
      <DocumentForm key={name} name={name} entry={entry} account={account} onSaved={onSaved} onLeft={onLeft}>
        {(bar, body) => <>{bar}<div className={styles.tabs}>{body}</div></>}
      </DocumentForm>
    </article>
  );
}

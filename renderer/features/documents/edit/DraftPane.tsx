import { memo, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { documentTypeInfo } from '../../../../shared/domain/document-types.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { decide } from '../../../../shared/rbac/access.ts';
import { errorOf } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { accessOf } from '../../../state/session.ts';
import { Badge, Button, EmptyState, ErrorPanel, IconButton } from '../../../ui/index.ts';
import { AlreadyFollowed } from '../flow/AlreadyFollowed.tsx';
import { presetRange } from '../list/filters.ts';
import { useWords } from '../words.ts';
import { DocumentForm } from './DocumentForm.tsx';
import { beginNew, leave, openDraft, showForm } from './store.ts';
import { useStableCall } from './useStable.ts';
import { WaitingDraft } from './WaitingDraft.tsx';
import { useWorking, type Working } from './working.ts';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import styles from '../detail/pane.module.css';

/** Begins a document of a type and goes to its draft: the address names it from the first key on. */
export function NewDocument({ type, account, onLeft }: { type: DocumentType; account: Account; onLeft: () => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const navigate = useNavigate();
  const [id] = useState(() => crypto.randomUUID());
  const access = decide(accessOf(account), { anyOf: [`${documentTypeInfo[type].domain}:write`] });
  useEffect(() => {
    if (!access.allowed) return;
    beginNew(id, type, presetRange('today', new Date()).from);
    void navigate(`/documents/draft/${id}`, { replace: true });
  }, [id, type, access.allowed, navigate]);
  if (access.allowed) return null;
  return <EmptyState icon="lock" title={t('new.forbidden', { type: words.type(type) })} hint={t('blocked.scope', { scope: access.missing.join(', '), roles: words.roles(access.heldBy.join(', ')) })} action={<Button onPress={onLeft}>{t('pane.close')}</Button>} />;
}

export type DraftPaneProps = { id: string; account: Account; onStored: (record: DocumentRecord) => void; onLeft: () => void };

/** A draft by its id, wherever it was begun: a new document, a copy, a follow-up, or changes to a stored one. */
export function DraftPane({ id, account, onStored, onLeft }: DraftPaneProps): ReactNode {
  const { t } = useTranslation('documents');
  const working = useWorking(({ drafts }) => drafts[id]);
  const opening = useOpening(id, working !== undefined);
  const navigate = useNavigate();
  const left = useStableCall(() => void leave(id).then(onLeft));
  useEffect(() => {
    // Changes to a stored document are written in its own place.
    if (working === undefined || working.base === null) return;
    const { type, number } = working.base.document;
    showForm(working.base.document, id);
    void navigate(`/documents/${type}/${encodeURIComponent(number)}`, { replace: true });
  }, [id, working, navigate]);
  if (opening.error !== null) return <div className={styles.notice}><ErrorPanel error={opening.error} title={t('draft.notRead')} onRetry={opening.again} action={<Button onPress={onLeft}>{t('pane.close')}</Button>} /></div>;
  if (opening.isGone) return <GoneDraft last={opening.last} onLeft={onLeft} />;
  if (working === undefined || working.base !== null) return null;
  const frame = (bar: ReactNode, body: ReactNode): ReactNode => <>{bar}<div className={styles.tabs}>{body}</div></>;
  return (
    <article className={styles.pane} aria-label={t('new.title', { type: t(`type.${working.content.type}`) })} data-testid="new-document" data-draft={id}>
      <DraftHead type={working.content.type} number={working.content.number} isProvisional={working.content.numberProvisional} partner={working.content.partnerName} state={working.state} onClose={left} />
      <AlreadyFollowed type={working.content.type} fields={working.content.fields} />
      {working.state === 'open'
        ? <DocumentForm key={id} working={working} account={account} onSent={(record) => { if (record !== null) onStored(record); }} onLeft={onLeft}>{frame}</DocumentForm>
        : <WaitingDraft working={working} onLeft={left}>{frame}</WaitingDraft>}
    </article>
  );
}

type DraftHeadProps = { type: DocumentType; number: string; isProvisional: boolean; partner: string | null; state: Working['state']; onClose: () => void };

const DraftHead = memo(function DraftHead({ type, number, isProvisional, partner, state, onClose }: DraftHeadProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h2>{t('new.title', { type: words.type(type) })}</h2>
        <p className={styles.partner}>
          {number === '' ? t('new.numberPending') : number}
          {isProvisional && number !== '' && <span className={styles.provisional}> {t('number.provisionalShort')}</span>}
          {partner !== null && ` · ${partner}`}
        </p>
      </div>
      {state === 'open' ? <Badge tone="accent" icon="plus">{t('new.badge')}</Badge> : <Badge tone={state === 'queued' ? 'accent' : 'warning'} icon={state === 'queued' ? 'clock' : 'warning'}>{t(`draft.state.${state}`)}</Badge>}
      <IconButton icon="close" label={t('pane.close')} onPress={onClose} />
    </header>
  );
});

type Opening = { isGone: boolean; error: AppError | null; again: () => void; /** The document it was of, as last known here. */ last: Working['content'] | null };

/** Reads the draft from the cache, again after the lock has emptied this window. */
function useOpening(id: string, isOpen: boolean): Opening {
  const [state, setState] = useState<{ isGone: boolean; error: AppError | null }>({ isGone: false, error: null });
  const [turn, setTurn] = useState(0);
  const [last, setLast] = useState<Working['content'] | null>(null);
  const content = useWorking(({ drafts }) => drafts[id]?.content ?? null);
  useEffect(() => { if (content !== null) setLast(content); }, [content]);
  useEffect(() => {
    if (isOpen) return setState({ isGone: false, error: null });
    let isWanted = true;
    openDraft(id).then((found) => { if (isWanted) setState({ isGone: !found, error: null }); }, (thrown: unknown) => { if (isWanted) setState({ isGone: false, error: errorOf(thrown) }); });
    return () => { isWanted = false; };
  }, [id, isOpen, turn]);
  return { ...state, last, again: () => setTurn(turn + 1) };
}

/** It was sent or thrown away meanwhile; where its document is known, that is one step away. */
function GoneDraft({ last, onLeft }: { last: Working['content'] | null; onLeft: () => void }): ReactNode {
  const { t } = useTranslation('documents');
  const navigate = useNavigate();
  const key = last === null || last.number === '' ? null : { type: last.type, number: last.number };
  const { data } = useCall('documents.cached', key ?? { type: 'sales_order', number: '-' }, { enabled: key !== null });
  const isSent = key !== null && data !== null && data !== undefined;
  useEffect(() => {
    if (isSent && key !== null) void navigate(`/documents/${key.type}/${encodeURIComponent(key.number)}`, { replace: true });
  }, [isSent]);
  if (isSent) return null;
  return <EmptyState icon="documents" title={t('draft.gone')} hint={t('draft.goneHint')} action={<Button onPress={onLeft}>{t('pane.close')}</Button>} />;
}

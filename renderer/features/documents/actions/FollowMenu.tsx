import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { documentTypeInfo, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import { followTypes } from '../../../../shared/domain/flow.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { decide } from '../../../../shared/rbac/access.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useCommand } from '../../../state/commands.ts';
import { accessOf } from '../../../state/session.ts';
import { Icon } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import menu from '../list/new-menu.module.css';
import styles from './actions.module.css';

export type FollowMenuProps = { document: DocumentKey; account: Account; isReady: boolean; onError: (error: AppError | null) => void };

/** What comes after a document, and a copy of it: each begins a draft, which then opens. */
export function FollowMenu({ document: { type, number }, account, isReady, onError }: FollowMenuProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const missing = (target: DocumentType): string | null => {
    const decision = decide(accessOf(account), { anyOf: [`${documentTypeInfo[target].domain}:write`] });
    return decision.allowed ? null : t('flow.follow.missing', { scope: decision.missing.join(', ') });
  };
  const begin = async (content: () => Promise<DraftContent>): Promise<void> => {
    if (isBusy || !isReady) return;
    setBusy(true);
    onError(null);
    try {
      const draft = await call('drafts.create', { id: crypto.randomUUID(), content: await content(), base: null });
      void navigate(`/documents/draft/${draft.id}`);
    } catch (thrown) {
      onError(errorOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const follow = (toType: DocumentType): Promise<void> => begin(async () => (await call('documents.followUp', { from: { type, number }, toType })).content);
  const copy = (): Promise<void> => begin(() => call('documents.copy', { type, number }));
  const noCopy = missing(type);
  const targets = followTypes[type];
  useCommand({ id: 'documents.follow', title: t('flow.follow.command'), group: 'document', shortcut: 'Ctrl+Shift+N', isEnabled: targets.length > 0, reason: targets.length > 0 ? null : t('flow.follow.none', { type: words.type(type) }), run: () => setOpen(true) });
  useCommand({ id: 'documents.copy', title: t('flow.copy'), group: 'document', shortcut: 'Ctrl+Shift+D', isEnabled: noCopy === null, reason: noCopy, run: () => void copy() });
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton className={styles.menuButton ?? ''} isPending={isBusy} data-testid="follow-menu"><Icon name="chain" />{t('flow.follow.button')}<Icon name="chevronDown" /></AriaButton>
      <Popover placement="bottom end" offset={4} className={menu.popover ?? ''}>
        <Menu
          aria-label={t('flow.follow.button')} className={menu.menu ?? ''} disabledKeys={[...targets.filter((target) => missing(target) !== null), ...(noCopy === null ? [] : ['copy'])]}
          onAction={(key) => { const target = targets.find((one) => one === key); if (target !== undefined) void follow(target); else void copy(); }}
        >
          {targets.length > 0 && (
            <MenuSection>
              <Header className={styles.menuHead ?? ''}>{t('flow.follow.title')}</Header>
              {targets.map((target) => <Target key={target} type={target} note={missing(target)} />)}
            </MenuSection>
          )}
          <MenuItem id="copy" textValue={t('flow.copy')} className={menu.item ?? ''} data-testid="copy-as-new"><span>{t('flow.copy')}</span> <span className={menu.note}>{noCopy ?? t('flow.copy.hint')}</span></MenuItem>
        </Menu>
      </Popover>
      {targets.map((target) => <TargetCommand key={target} title={t('flow.follow.of', { type: words.type(target) })} type={target} reason={missing(target)} run={() => void follow(target)} />)}
    </MenuTrigger>
  );
}

function Target({ type, note }: { type: DocumentType; note: string | null }): ReactNode {
  const words = useWords();
  return <MenuItem id={type} textValue={words.type(type)} className={menu.item ?? ''} data-testid={`follow-${type}`}><span>{words.type(type)}</span> <span className={menu.note}>{note ?? documentTypeInfo[type].prefix}</span></MenuItem>;
}

function TargetCommand({ type, title, reason, run }: { type: DocumentType; title: string; reason: string | null; run: () => void }): ReactNode {
  useCommand({ id: `documents.follow.${type}`, title, group: 'document', isEnabled: reason === null, reason, run });
  return null;
}

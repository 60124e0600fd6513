import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { documentTypeInfo, documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { Account } from '../../../../shared/domain/session.ts';
import { decide } from '../../../../shared/rbac/access.ts';
import { useCommand } from '../../../state/commands.ts';
import { accessOf } from '../../../state/session.ts';
import { Icon } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import styles from './new-menu.module.css';

/** A new document of any of the nine types. Types one may not write stay visible, with the missing scope. */
export function NewMenu({ account, onNew }: { account: Account; onNew: (type: DocumentType) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  useCommand({ id: 'documents.new', title: t('new.command'), group: 'document', shortcut: 'Ctrl+N', run: () => setOpen(true) });
  const missing = (type: DocumentType): string | null => {
    const decision = decide(accessOf(account), { anyOf: [`${documentTypeInfo[type].domain}:write`] });
    return decision.allowed ? null : t('new.missing', { scope: decision.missing.join(', ') });
  };
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton className={styles.trigger ?? ''} data-testid="new-document-menu"><Icon name="plus" />{t('new.button')}<Icon name="chevronDown" /></AriaButton>
      <Popover placement="bottom end" offset={4} className={styles.popover ?? ''}>
        <Menu
          aria-label={t('new.button')} className={styles.menu ?? ''} disabledKeys={documentTypes.filter((type) => missing(type) !== null)}
          onAction={(key) => { const type = documentTypes.find((one) => one === key); if (type !== undefined) onNew(type); }}
        >
          {documentTypes.map((type) => (
            <MenuItem key={type} id={type} textValue={words.type(type)} className={styles.item ?? ''} data-testid={`new-${type}`}>
              <span>{words.type(type)}</span> <span className={styles.note}>{missing(type) ?? documentTypeInfo[type].prefix}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

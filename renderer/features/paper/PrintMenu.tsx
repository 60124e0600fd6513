import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { useCommand } from '../../state/commands.ts';
import { useConnection, useIsOffline } from '../../state/connection.ts';
import { useDecision } from '../../state/session.ts';
import { Icon } from '../../ui/index.ts';
import { Preview, type PaperSource } from './Preview.tsx';
import { printName, printOnServer, usePrints } from './store.ts';
import styles from './paper.module.css';

/** Why the server cannot print for this person now; null when it can. */
function useServerReason(document: DocumentKey | null): string | null {
  const { t } = useTranslation('print');
  const isOffline = useIsOffline();
  const decision = useDecision({ allOf: ['docs:print'] });
  const lacksIt = useConnection(({ state }) => state?.missingCapabilities.includes('paper.print') ?? false);
  const isRunning = usePrints(({ prints }) => document !== null && prints[printName(document)]?.status === 'running');
  if (document === null) return t('server.draft');
  if (decision !== null && !decision.allowed) return t('server.scope', { scopes: decision.missing.join(', ') });
  if (isOffline) return t('server.offline');
  if (lacksIt) return t('server.unsupported');
  return isRunning ? t('server.running') : null;
}

export type PrintMenuProps = {
  /** The stored document; null for a draft, which the server cannot print. */
  document: DocumentKey | null;
  /** What is to be printed, when it is asked for. */
  source: () => PaperSource | null;
  /** What the document is called, for file names. */
  title: string;
  isReady: boolean;
};

/** The two kinds of paper: our own pages, for looking and for drafts, and the server's, which it archives. */
export function PrintMenu({ document, source, title, isReady }: PrintMenuProps): ReactNode {
  const { t } = useTranslation('print');
  const [isOpen, setOpen] = useState(false);
  // What is printed is what stood there when the preview was opened, not what is typed behind it.
  const [shown, setShown] = useState<PaperSource | null>(null);
  const reason = useServerReason(document);
  const preview = (): void => { if (isReady) setShown(source()); };
  useCommand({ id: 'documents.print', title: t('menu.preview'), group: 'document', shortcut: 'Ctrl+P', isEnabled: isReady, run: preview });
  useCommand({ id: 'documents.printOnServer', title: t('menu.server'), group: 'document', isEnabled: isReady && reason === null, reason, run: () => { if (document !== null) void printOnServer(document, title); } });
  return (
    <>
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className={styles.trigger ?? ''} isDisabled={!isReady} aria-label={t('menu.button')} data-testid="print-menu"><Icon name="print" />{document !== null && t('menu.button')}<Icon name="chevronDown" /></AriaButton>
        <Popover placement="bottom start" offset={4} className={styles.popover ?? ''}>
          <Menu
            aria-label={t('menu.button')} className={styles.menu ?? ''} disabledKeys={reason === null ? [] : ['server']}
            onAction={(key) => { if (key === 'preview') preview(); else if (document !== null) void printOnServer(document, title); }}
          >
            <MenuItem id="preview" textValue={t('menu.preview')} className={styles.item ?? ''} data-testid="print-preview">
              <Text slot="label">{t('menu.preview')}</Text>
              <Text slot="description" className={styles.note ?? ''}>{t(document === null ? 'menu.previewDraft' : 'menu.previewNote')}</Text>
            </MenuItem>
            <MenuItem id="server" textValue={t('menu.server')} className={styles.item ?? ''} data-testid="print-server">
              <Text slot="label">{t('menu.server')}</Text>
              <Text slot="description" className={styles.note ?? ''}>{reason ?? t('menu.serverNote')}</Text>
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {shown !== null && <Preview source={shown} onClose={() => setShown(null)} />}
    </>
  );
}

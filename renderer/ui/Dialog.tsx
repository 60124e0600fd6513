import { useEffect, useRef, type ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './dialog.module.css';

export type DialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons, the confirming one last. */
  actions?: ReactNode;
  size?: 'small' | 'medium' | 'large';
  /** Where a wrong click costs something: only the buttons and Escape close it. */
  isModal?: boolean;
};

/** A window over the page; the focus stays in it and returns to where it was. */
export function Dialog({ isOpen, onClose, title, children, actions, size = 'small', isModal = false }: DialogProps): ReactNode {
  const { t } = useTranslation();
  const dialog = useRef<HTMLElement>(null);
  // A button that is disabled or goes while it has the focus leaves it to nobody, and no key would reach the dialog any more.
  useEffect(() => {
    if (!isOpen) return undefined;
    const escape = (event: KeyboardEvent): void => {
      const last = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')].at(-1);
      if (event.key === 'Escape' && document.activeElement === document.body && last === dialog.current) onClose();
    };
    document.addEventListener('keydown', escape);
    return () => document.removeEventListener('keydown', escape);
  }, [isOpen, onClose]);
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!isModal} className={styles.backdrop ?? ''}>
      <Modal className={cx(styles.modal, styles[size])}>
        <AriaDialog ref={dialog} className={styles.dialog ?? ''}>
          <header className={styles.head}>
            <Heading slot="title" level={2} className={styles.title ?? ''}>{title}</Heading>
            <IconButton icon="close" label={t('action.close')} onPress={onClose} />
          </header>
          <div className={styles.body}>{children}</div>
          {actions !== undefined && <footer className={styles.foot}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

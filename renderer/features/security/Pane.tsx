import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/index.ts';
import styles from './security.module.css';

/** The right half of an area: what is chosen on the left, its name on top, its parts below in sections. */
export function Pane({ title, marks, onClose, children, 'data-testid': testId }: { title: string; /** Badges beside the title. */ marks?: ReactNode; onClose?: () => void; children: ReactNode; 'data-testid'?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.pane} data-testid={testId}>
      <header className={styles.paneHead}>
        <h2>{title}</h2>
        {marks}
        {onClose !== undefined && <IconButton icon="close" label={t('action.close')} onPress={onClose} />}
      </header>
      <div className={styles.paneBody}>{children}</div>
    </div>
  );
}

/** A part of a pane under a heading, with its own actions beside it. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}><h3>{title}</h3>{actions !== undefined && <div className={styles.actions}>{actions}</div>}</div>
      {children}
    </section>
  );
}

import type { ReactNode } from 'react';
import styles from './hidden.module.css';

/** Text for assistive technology only. */
export function Hidden({ id, children }: { id?: string; children: ReactNode }): ReactNode {
  return <span id={id} className={styles.hidden}>{children}</span>;
}

import type { ReactNode } from 'react';
import styles from './environment.module.css';

/** The product's mark: an ear of grain that is also a V. */
export function LogoMark(): ReactNode {
  return (
    <svg viewBox="0 0 20 20" className={styles.logo} aria-hidden>
      <path d="M10 18V9M10 14.5C5.6 14 3.4 11 3.2 6.4 7.4 7 9.8 9.8 10 14.5zM10 14.5c4.4-.5 6.6-3.5 6.8-8.1-4.2.6-6.6 3.4-6.8 8.1zM10 7.8C8.2 6.2 8.2 3.8 10 2c1.8 1.8 1.8 4.2 0 5.8z" />
    </svg>
  );
}

import type { ReactNode } from 'react';
import { useDocumentTitle } from './useDocumentTitle.ts';
import styles from './page.module.css';

export type PageHeaderProps = { title: string; /** What it counts or is about, beside the title. */ detail?: ReactNode; /** The primary action stands right-most. */ actions?: ReactNode };

/** Title of a screen. */
export function PageHeader({ title, detail, actions }: PageHeaderProps): ReactNode {
  useDocumentTitle(title);
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{title}</h1>
      {detail !== undefined && <div className={styles.detail}>{detail}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** Filters under the header. */
export function FilterBar({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return <div role="search" aria-label={label} className={styles.filters}>{children}</div>;
}

/** What stands at the foot of a screen: counts, age, active filter. Items are divided by dots. */
export function StatusLine({ items, end }: { items: readonly ReactNode[]; end?: ReactNode }): ReactNode {
  return (
    <footer className={styles.status}>
      {items.filter((item) => item !== null && item !== undefined && item !== false).map((item, index) => <span key={index} className={styles.item}>{item}</span>)}
      {end !== undefined && <span className={styles.statusEnd}>{end}</span>}
    </footer>
  );
}

/** A screen: header and filters on top, the body takes the rest, the status line at the foot. */
export function Page({ header, filters, status, children }: { header: ReactNode; filters?: ReactNode; status?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className={styles.page}>
      {header}
      {filters}
      <div className={styles.body}>{children}</div>
      {status}
    </div>
  );
}

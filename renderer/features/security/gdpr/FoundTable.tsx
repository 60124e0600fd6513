import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Found } from '../../../../shared/security/gdpr/request.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Age } from '../../../ui/index.ts';
import styles from './gdpr.module.css';

/** What is stored about a person, here and there, and what the law keeps. */
export function FoundTable({ found: { at, here, server, kept, isCut } }: { found: Found }): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const format = useFormat();
  const figure = (value: number | null): string => (value === null ? '–' : format.integer(value));
  const rows = [
    { label: t('found.documents'), here: here.documents, server: server?.documents ?? null },
    { label: t('found.auditEntries'), here: here.auditEntries, server: server?.auditEntries ?? null },
    { label: t('found.archives'), here: null, server: server?.archives ?? null },
    { label: t('found.drafts'), here: here.drafts, server: null },
    ...(here.waiting > 0 ? [{ label: t('found.waiting'), here: here.waiting, server: null }] : []),
    { label: t('found.journal'), here: here.journalEntries, server: null },
  ];
  return (
    <div className={styles.stack} data-testid="gdpr-found">
      <table className={styles.table} aria-label={t('found.title')}>
        <thead><tr><th scope="col">{t('found.what')}</th><th scope="col" className={styles.figure}>{t('found.here')}</th><th scope="col" className={styles.figure}>{t('found.server')}</th></tr></thead>
        <tbody>{rows.map((row) => <tr key={row.label}><th scope="row">{row.label}</th><td className={styles.figure}>{figure(row.here)}</td><td className={styles.figure}>{figure(row.server)}</td></tr>)}</tbody>
      </table>
      <p className={styles.muted}><Age at={at} />{server === null && <> · {t('found.noServer')}</>}</p>
      {kept.length > 0 && (
        <>
          <p>{t('kept.hint')}{isCut && ` ${t('kept.atLeast')}`}</p>
          <table className={styles.table} aria-label={t('kept.title')}>
            <thead><tr><th scope="col">{t('kept.what')}</th><th scope="col" className={styles.figure}>{t('kept.documents')}</th><th scope="col">{t('kept.until')}</th></tr></thead>
            <tbody>{kept.map(({ kind, documents, until }) => <tr key={kind}><th scope="row">{t(`kept.${kind}`)}</th><td className={styles.figure}>{format.integer(documents)}</td><td>{until === null ? t('kept.unknown') : format.date(until)}</td></tr>)}</tbody>
          </table>
        </>
      )}
    </div>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { ImportRecord } from '../../../../shared/security/findings/finding.ts';
import { useFormat, type Format } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel, ProgressBar } from '../../../ui/index.ts';
import type { Importing } from './useImport.ts';
import styles from './findings.module.css';

/** What an import did, in one sentence with its exact counts. */
export function importSentence(record: ImportRecord, t: TFunction<'security-findings'>, format: Format): string {
  const number = (value: number): string => format.integer(value);
  if (record.refused !== null) return t('result.refused', { file: record.file, reason: t(`refused.${record.refused}`, { unusable: number(record.unusable), all: number(record.rows + record.unusable) }) });
  const parts = [t('result.opened', { count: record.opened, shown: number(record.opened) }), t('result.known', { count: record.known, shown: number(record.known) })];
  if (record.reopened > 0) parts.push(t('result.reopened', { count: record.reopened, shown: number(record.reopened) }));
  if (record.closed > 0) parts.push(t('result.closed', { count: record.closed, shown: number(record.closed) }));
  if (record.merged > 0) parts.push(t('result.merged', { count: record.merged, shown: number(record.merged) }));
  if (record.unusable > 0) parts.push(t('result.unusable', { count: record.unusable, shown: number(record.unusable) }));
  return t('result.done', { file: record.file, rows: number(record.rows + record.unusable), what: format.list(parts) });
}

const trouble = ({ refused, unusable }: ImportRecord): number => (refused !== null ? 2 : unusable > 0 ? 1 : 0);

/** What went wrong on top: of several results the last ones stand below the edge of their place. */
export const troubleFirst = (records: readonly ImportRecord[]): ImportRecord[] => records.toSorted((a, b) => trouble(b) - trouble(a));

/** Why nothing was closed although a scan might have: what a person can do about it stands with it. */
function hint(record: ImportRecord, t: TFunction<'security-findings'>): string | null {
  if (record.refused !== null || record.scans.length === 0 || record.scans.every(({ closes }) => closes)) return null;
  if (record.unusable > 0) return t('hint.partly');
  if (record.scans.some(({ isOlder }) => isOlder)) return t('hint.older');
  return t(record.scans.some(({ target, closes }) => target === null && !closes) ? 'hint.noTarget' : 'hint.sameTime');
}

/** Progress of an import with its cancel, then what it did. */
export function ImportResult({ importing }: { importing: Importing }): ReactNode {
  const { t } = useTranslation('security-findings');
  const format = useFormat();
  const { sent, job, error, records, cancel, dismiss } = importing;
  return (
    <div className={styles.result} aria-live="polite">
      {sent !== null && <div className={styles.progress}><ProgressBar label={t('progress.sending')} value={sent} onCancel={cancel} /></div>}
      {job?.status === 'running' && <div className={styles.progress}><ProgressBar label={t(job.total === 0 ? 'progress.reading' : 'progress.taking')} value={job.total === 0 ? null : job.done / job.total} detail={job.total === 0 ? '' : `${format.integer(job.done)} / ${format.integer(job.total)}`} onCancel={cancel} /></div>}
      {job?.status === 'cancelled' && <Banner tone="neutral" action={<Button variant="quiet" onPress={dismiss}>{t('dismiss')}</Button>}>{t('result.cancelled')}</Banner>}
      {error !== null && <ErrorPanel error={error} isInline />}
      {troubleFirst(records).map((record, at) => (
        <Banner key={record.id} tone={record.refused !== null ? 'danger' : record.unusable > 0 ? 'warning' : 'success'} data-testid="findings-result" {...(at === 0 && { action: <Button variant="quiet" onPress={dismiss}>{t('dismiss')}</Button> })}>
          {importSentence(record, t, format)} {hint(record, t)}
          {record.unusable > 0 && (
            <details className={styles.faults}>
              <summary>{t('faults.title', { count: record.unusable, shown: format.integer(record.unusable) })}</summary>
              <ul>{record.faults.map(({ at: where, why }) => <li key={where}><code>{where}</code> {t(`fault.${why}`)}</li>)}</ul>
              {record.unusable > record.faults.length && <p>{t('faults.more', { shown: format.integer(record.unusable - record.faults.length) })}</p>}
            </details>
          )}
        </Banner>
      ))}
    </div>
  );
}

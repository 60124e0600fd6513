import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypes, type DocumentType } from '../../../shared/domain/document-types.ts';
import { mostExcelRows, type ExportFormat, type ExportQuery } from '../../../shared/domain/list-export.ts';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import type { Language } from '../../i18n/language.ts';
import { useIsOffline } from '../../state/connection.ts';
import { useDecision } from '../../state/session.ts';
import { Button, DateField, Dialog, ErrorPanel, Icon, ProgressBar, Select } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { exportWords } from './paper-words.ts';
import { useJob } from './useJob.ts';
import { WrittenNotice } from './WrittenNotice.tsx';
import styles from './paper.module.css';

type Origin = 'list' | 'server';
type Writing = NonNullable<CallOutput<'export.list'>>;

export type ExportDialogProps = { query: ExportQuery; total: number; onClose: () => void };

/** A list as a file: this one, as it stands on the screen, or the server's own of one type. */
export function ExportDialog({ query, total, onClose }: ExportDialogProps): ReactNode {
  const { t, i18n } = useTranslation('print');
  const format = useFormat();
  const words = useWords();
  const [origin, setOrigin] = useState<Origin>('list');
  const [kind, setKind] = useState<ExportFormat>('xlsx');
  const [language, setLanguage] = useState<Language>(i18n.language === 'en' ? 'en' : 'de');
  const [type, setType] = useState<DocumentType>(query.types?.[0] ?? 'sales_order');
  const [from, setFrom] = useState<string | null>(query.dateFrom ?? null);
  const [to, setTo] = useState<string | null>(query.dateTo ?? null);
  const list = useAction('export.list');
  const server = useAction('export.server');
  const [writing, setWriting] = useState<Writing | null>(null);
  const job = useJob(writing?.job ?? null);
  const isOffline = useIsOffline();
  const decision = useDecision({ allOf: ['docs:export'] });
  const serverReason = decision !== null && !decision.allowed ? t('export.scope', { scopes: decision.missing.join(', ') }) : isOffline ? t('server.offline') : null;
  const isTooLong = origin === 'list' && kind === 'xlsx' && total + 1 > mostExcelRows;
  const why = origin === 'server' ? serverReason : isTooLong ? t('export.tooLong', { limit: format.integer(mostExcelRows - 1) }) : total === 0 ? t('export.empty') : null;
  const isRunning = job?.status === 'running';
  const start = async (): Promise<void> => {
    const day = new Date().toISOString().slice(0, 10);
    setWriting(null);
    const begun = origin === 'list'
      ? await list.run({ query, format: kind, words: exportWords(language), name: `${t('export.fileName')} ${day}` })
      : await server.run({ type, from, to, format: kind, name: `${words.type(type)} ${t('export.serverName')} ${day}` });
    setWriting(begun);
  };
  const { run: cancel } = useAction('jobs.cancel');
  const error = origin === 'list' ? list.error : server.error;
  return (
    <Dialog
      isOpen onClose={onClose} title={t('export.title')} size="medium" isModal={isRunning}
      actions={(
        <>
          <Button onPress={onClose}>{t(job?.status === 'done' ? 'export.close' : 'export.cancel')}</Button>
          <Button variant="primary" isDisabled={why !== null} reason={why} isPending={list.isPending || server.isPending || isRunning} onPress={() => void start()} data-testid="export-start">{t('export.start')}</Button>
        </>
      )}
    >
      <div className={styles.fields}>
        <Select<Origin>
          label={t('export.what')} value={origin} onChange={setOrigin}
          options={[{ value: 'list', label: t('export.list'), note: t('export.rows', { count: total, shown: format.integer(total) }) }, { value: 'server', label: t('export.server'), note: t('export.serverNote') }]}
        />
        <Select<ExportFormat> label={t('export.format')} value={kind} onChange={setKind} options={[{ value: 'xlsx', label: t('export.xlsx') }, { value: 'csv', label: t('export.csv') }]} data-testid="export-format" />
        {origin === 'list'
          ? <Select<Language> label={t('export.language')} value={language} onChange={setLanguage} options={[{ value: 'de', label: t('language.de'), note: '1.234,56 · 22.11.2026' }, { value: 'en', label: t('language.en'), note: '1234.56 · 2026-11-22' }]} />
          : (
            <>
              <Select<DocumentType> label={t('export.type')} value={type} onChange={setType} options={documentTypes.map((value) => ({ value, label: words.type(value) }))} />
              <DateField label={t('export.from')} value={from} onChange={setFrom} />
              <DateField label={t('export.to')} value={to} onChange={setTo} />
            </>
          )}
      </div>
      <p className={styles.hint}>{t(origin === 'server' ? 'export.serverHint' : kind === 'xlsx' ? 'export.xlsxHint' : 'export.csvHint')}</p>
      <p className={styles.leaves}><Icon name="lock" />{t('export.leaves')}</p>
      {error !== null && <ErrorPanel error={error} title={t('export.failed')} isInline />}
      {job !== null && job.error !== null && <ErrorPanel error={job.error} title={t('export.failed')} isInline />}
      {isRunning && <ProgressBar label={t('export.running')} value={job.total === 0 ? null : job.done / job.total} detail={job.total > 1 ? t('export.progress', { done: format.integer(job.done), total: format.integer(job.total) }) : ''} onCancel={() => void cancel({ id: job.id })} />}
      {job?.status === 'cancelled' && <p role="status" className={styles.hint}>{t('export.cancelled')}</p>}
      {job?.status === 'done' && writing !== null && <WrittenNotice file={writing}>{job.total > 1 ? t('export.doneRows', { name: writing.name, shown: format.integer(job.total) }) : t('export.done', { name: writing.name })}</WrittenNotice>}
    </Dialog>
  );
}

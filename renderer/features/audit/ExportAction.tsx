import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { auditExportFormats, type AuditExportFormat } from '../../../shared/domain/audit-export.ts';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { addTexts } from '../../i18n/index.ts';
import type { Language } from '../../i18n/language.ts';
import { useCommand } from '../../state/commands.ts';
import { Button, Checkbox, Dialog, ErrorPanel, Icon, ProgressBar, Select } from '../../ui/index.ts';
import { useJob } from '../paper/useJob.ts';
import { WrittenNotice } from '../paper/WrittenNotice.tsx';
import { isSameFilter, useAuditFilter } from './filter.ts';
import paper from '../paper/paper.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../resources/locales/*/audit-export.json', { eager: true, import: 'default' }));

/** Entries that a PDF lists. */
const listed = 500;

/** The button that takes the log, as filtered, out of the app. */
export function ExportAction(): ReactNode {
  const { t } = useTranslation('audit-export');
  const { filter } = useAuditFilter();
  const [isOpen, open] = useState(false);
  useCommand({ id: 'audit.export', title: t('action'), group: 'view', shortcut: 'Ctrl+E', run: () => open(true) });
  return (
    <>
      <Button icon="external" onPress={() => open(true)} data-testid="audit-export">{t('action')}</Button>
      {isOpen && <ExportAuditDialog filter={filter} onClose={() => open(false)} />}
    </>
  );
}

function ExportAuditDialog({ filter, onClose }: { filter: AuditFilter; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('audit-export');
  const format = useFormat();
  const [kind, setKind] = useState<AuditExportFormat>('csv');
  const [language, setLanguage] = useState<Language>(i18n.language === 'en' ? 'en' : 'de');
  // A hand-over with gaps that nobody meant is worse than none: the remembered filter counts there only on demand.
  const [isFiltered, setFiltered] = useState(false);
  const taken = kind === 'gobd' && !isFiltered ? everything : filter;
  const list = useCall('audit.list', { filter: { ...everything, ...taken }, offset: 0, limit: 1 });
  const write = useAction('export.audit');
  const { run: cancel } = useAction('jobs.cancel');
  const [writing, setWriting] = useState<CallOutput<'export.audit'>>(null);
  const job = useJob(writing?.job ?? null);
  const isRunning = job?.status === 'running';
  const total = list.data?.total ?? null;
  const why = total === 0 ? t('empty') : null;
  const start = (): void => {
    setWriting(null);
    void write.run({ filter: taken, format: kind, language, name: t('fileName', { day: new Date().toISOString().slice(0, 10) }) }).then(setWriting);
  };
  return (
    <Dialog
      isOpen onClose={onClose} title={t('title')} size="medium" isModal={isRunning}
      actions={<><Button onPress={onClose}>{t(job?.status === 'done' ? 'close' : 'cancel')}</Button><Button variant="primary" isDisabled={why !== null} reason={why} isPending={write.isPending || isRunning} onPress={start} data-testid="audit-export-start">{t('start')}</Button></>}
    >
      <div className={paper.fields}>
        <Select<AuditExportFormat> label={t('format')} value={kind} onChange={setKind} options={auditExportFormats.map((value) => ({ value, label: t(`format.${value}`) }))} data-testid="audit-export-format" />
        <Select<Language> label={t('language')} value={language} onChange={setLanguage} options={[{ value: 'de', label: 'Deutsch' }, { value: 'en', label: 'English' }]} />
      </div>
      {kind === 'gobd' && !isSameFilter(filter, everything) && <Checkbox isSelected={isFiltered} onChange={setFiltered} data-testid="audit-export-filtered">{t('filtered')}</Checkbox>}
      <p className={paper.hint}>{total !== null && `${t(taken === filter ? 'entries' : 'entriesAll', { count: total, shown: format.integer(total) })}. `}{t(`hint.${kind}`, { count: listed })}</p>
      <p className={paper.leaves}><Icon name="lock" />{t('leaves')}</p>
      {write.error !== null && <ErrorPanel error={write.error} title={t('failed')} isInline />}
      {job !== null && job.error !== null && <ErrorPanel error={job.error} title={t('failed')} isInline />}
      {isRunning && <ProgressBar label={t('running')} value={job.total === 0 ? null : job.done / job.total} detail={t('progress', { done: format.integer(job.done), total: format.integer(job.total) })} onCancel={() => void cancel({ id: job.id })} />}
      {job?.status === 'cancelled' && <p role="status" className={paper.hint}>{t('cancelled')}</p>}
      {job?.status === 'done' && writing !== null && <WrittenNotice file={writing}>{kind === 'pdf' && total !== null && job.total < total ? t('doneOf', { name: writing.name, shown: format.integer(job.total), of: format.integer(total) }) : t('done', { name: writing.name, shown: format.integer(job.total) })}</WrittenNotice>}
    </Dialog>
  );
}

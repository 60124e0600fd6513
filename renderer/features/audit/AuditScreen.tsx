import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes, useNavigate } from 'react-router';
import type { Job } from '../../../shared/domain/job.ts';
import { useEvent } from '../../bridge/events.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Page, PageHeader, Tabs } from '../../ui/index.ts';
import { HeaderActions } from './HeaderActions.tsx';
import { JournalView } from './JournalView.tsx';
import { LogView } from './LogView.tsx';

/** Jobs of the live tail come and go every few seconds: they are not worth a bar. */
const isShown = ({ kind }: Job): boolean => kind.startsWith('audit.') && kind !== 'audit.tail';

/** The audit screen: the log of the server, and beside it the journal of what this client did, each at an address of its own. */
export function AuditScreen(): ReactNode {
  return (
    <Routes>
      <Route path="journal" element={<Views selected="journal" />} />
      <Route path="*" element={<Views selected="log" />} />
    </Routes>
  );
}

function Views({ selected }: { selected: 'log' | 'journal' }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const navigate = useNavigate();
  const [job, setJob] = useState<Job | null>(null);
  const status = useCall('audit.status', undefined);
  useEvent('job.changed', (changed) => { if (isShown(changed)) setJob(changed); });
  const size = status.data?.size;
  return (
    <Page header={<PageHeader title={t('title')} detail={size === undefined ? undefined : t('count', { count: size, shown: format.integer(size) })} actions={<HeaderActions job={job} />} />}>
      <Tabs
        label={t('tabs')} selected={selected} onSelect={(id) => void navigate(id === 'log' ? '/audit' : `/audit/${id}`)}
        tabs={[{ id: 'log', label: t('tab.log'), content: <LogView status={status} job={job} /> }, { id: 'journal', label: t('tab.journal'), content: <JournalView /> }]}
      />
    </Page>
  );
}

import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { standingOf, type GdprRequest } from '../../../../shared/security/gdpr/request.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { Button, DataTable, EmptyState, ErrorPanel, Skeleton, SplitPane, StatusLine, showToast, useNow, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { DpiaDialog } from './DpiaDialog.tsx';
import { NewRequestDialog } from './NewRequestDialog.tsx';
import { RequestPane } from './RequestPane.tsx';
import { StandingMark } from './StandingMark.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-gdpr.json', { eager: true, import: 'default' }));

const order = { overdue: 0, soon: 1, open: 2, answeredLate: 3, answered: 3 } as const;

/** The privacy desk: requests of persons by their deadline, each with its steps and proofs. */
export default function GdprScreen(): ReactNode {
  const { t } = useTranslation('security-gdpr');
  const format = useFormat();
  const now = useNow();
  const navigate = useNavigate();
  const chosen = useParams()['*'] ?? '';
  const mayAct = useActReason();
  const list = useCall('gdpr.list', undefined);
  const [failed, setFailed] = useState<AppError | null>(null);
  const open = useAction('gdpr.open');
  const [dialog, setDialog] = useState<'new' | 'dpia' | null>(null);
  const table = useRef<DataTableHandle>(null);
  const rows = useMemo(() => (list.data ?? []).map((request) => ({ request, standing: standingOf(request, now) }))
    .toSorted((a, b) => order[a.standing.state] - order[b.standing.state] || (order[a.standing.state] === 3 ? b.standing.due.localeCompare(a.standing.due) : a.standing.due.localeCompare(b.standing.due))), [list.data, now]);
  const select = (id: string): void => void navigate(`/security/gdpr/${id}`, { replace: true });
  useCommand({ id: 'gdpr.new', title: t('action.new'), group: 'document', shortcut: 'Ctrl+N', isEnabled: mayAct === null, reason: mayAct, run: () => setDialog('new') });
  const columns = useMemo((): Column<(typeof rows)[number]>[] => [
    { id: 'due', header: t('column.due'), width: 96, render: ({ standing }) => format.date(standing.due) },
    { id: 'standing', header: t('column.standing'), width: 184, render: ({ standing }) => <StandingMark standing={standing} /> },
    { id: 'kind', header: t('column.kind'), width: 112, render: ({ request }) => t(`kind.${request.kind}`) },
    { id: 'name', header: t('column.name'), width: 104, grow: 2, render: ({ request }) => request.name },
    { id: 'reference', header: t('column.reference'), width: 88, grow: 1, render: ({ request }) => request.reference },
  ], [t, format]);
  /** Undo before confirm: what was opened by mistake comes back with one click. */
  const remove = (request: GdprRequest): void => void call('gdpr.discard', { id: request.id }).then(() => {
    setFailed(null);
    void navigate('/security/gdpr', { replace: true });
    const { kind, reference, name, contact, channel, receivedOn } = request;
    showToast({ title: t('discarded', { name }), action: { label: t('undo'), run: () => void open.run({ kind, reference, name, contact, channel, receivedOn }).then((again) => { if (again !== null) select(again.id); }) } });
  }, (thrown: unknown) => setFailed(errorOf(thrown)));
  const request = rows.find((row) => row.request.id === chosen)?.request ?? null;
  const late = rows.filter(({ standing }) => standing.state === 'overdue').length;
  const soon = rows.filter(({ standing }) => standing.state === 'soon').length;
  const openCount = rows.filter(({ request: one }) => one.answered === null).length;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={<><b>{t('summary.open', { count: openCount })}</b>{late > 0 && <> · {t('summary.late', { count: late })}</>}{soon > 0 && <> · {t('summary.soon', { count: soon })}</>} · {t('summary.law')}</>}
          actions={<><Button icon="documents" onPress={() => setDialog('dpia')} data-testid="gdpr-dpia">{t('action.dpia')}</Button><Button icon="plus" variant="primary" shortcut="Ctrl+N" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setDialog('new')} data-testid="gdpr-new">{t('action.new')}</Button></>}
        />
      )}
      foot={<StatusLine items={[t('count', { count: rows.length }), mayAct !== null && mayAct]} end={t('keys')} />}
    >
      {list.error !== null && <ErrorPanel error={list.error} onRetry={list.refetch} isInline />}
      {failed !== null && <ErrorPanel error={failed} isInline />}
      {list.data === undefined ? list.isSlow && <Skeleton /> : (
        <SplitPane
          storageKey="security.gdpr" label={t('divider')} initial={50} minimum={360}
          end={request === null ? null : <RequestPane key={request.id} request={request} mayAct={mayAct} onDiscard={() => remove(request)} onClose={() => { void navigate('/security/gdpr', { replace: true }); table.current?.focus(); }} />}
          start={(
            <DataTable
              ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={(row) => row.request.id} selectedKey={request?.id ?? null} onSelect={(row) => select(row.request.id)}
              empty={<EmptyState icon="user" title={t('empty.title')} hint={t('empty.hint')} action={<Button icon="plus" variant="primary" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setDialog('new')}>{t('action.new')}</Button>} />}
            />
          )}
        />
      )}
      {dialog === 'new' && <NewRequestDialog onClose={() => setDialog(null)} onOpened={(made) => { setDialog(null); list.refetch(); select(made.id); }} />}
      {dialog === 'dpia' && <DpiaDialog mayAct={mayAct} onClose={() => setDialog(null)} />}
    </AreaFrame>
  );
}

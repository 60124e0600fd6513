import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { everything } from '../../../../../shared/domain/audit.ts';
import { isLate, leaverSteps, openSteps, type Leaver } from '../../../../../shared/security/incidents/offboarding.ts';
import { useAction, useCall } from '../../../../bridge/queries.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { Badge, Button, ComboBox, DataTable, Dialog, EmptyState, ErrorPanel, Skeleton, SplitPane, StatusLine, TextField, useNow, type Column } from '../../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../../AreaBar.tsx';
import { useActReason } from '../../rights.ts';
import { MomentField } from '../Fields.tsx';
import { namespace } from '../words.ts';
import { LeaverPane } from './LeaverPane.tsx';
import styles from '../incidents.module.css';

/** People who leave: who, until when, and how much of it is done. */
export function LeaverDesk(): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const navigate = useNavigate();
  const { leaver: chosen } = useParams();
  const reason = useActReason();
  const now = useNow();
  const { data, error, isSlow, refetch } = useCall('incidents.leavers', undefined);
  const [isAsking, setAsking] = useState(false);
  const rows = (data ?? []).toSorted((a, b) => Number(a.closed !== null) - Number(b.closed !== null) || a.leavesAt - b.leavesAt);
  const open = rows.filter(({ closed }) => closed === null).length;
  const late = rows.filter((row) => isLate(row, now)).length;
  const choose = (id: string | null): void => void navigate(id === null ? '/security/incidents/leavers' : `/security/incidents/leavers/${id}`);
  const columns: Column<Leaver>[] = [
    { id: 'name', header: t('leaver.name'), width: 112, grow: 2, render: (row) => row.name },
    { id: 'account', header: t('leaver.account'), width: 72, grow: 1, render: (row) => row.account },
    { id: 'leavesAt', header: t('leaver.leavesAt'), width: 144, render: (row) => format.dateTime(row.leavesAt) },
    { id: 'steps', header: t('leaver.steps'), width: 88, align: 'end', render: (row) => `${leaverSteps.length - openSteps(row).length}/${leaverSteps.length}` },
    { id: 'state', header: t('column.state'), width: 104, render: (row) => (row.closed !== null ? <Badge tone="success" icon="success">{t('leaver.closed')}</Badge> : isLate(row, now) ? <Badge tone="danger" icon="error">{t('leaver.late')}</Badge> : <Badge icon="clock">{t('leaver.running')}</Badge>) },
  ];
  const one = rows.find(({ id }) => id === chosen);
  return (
    <AreaFrame
      bar={<AreaBar summary={t('leavers.summary', { open: format.integer(open), late: format.integer(late) })} actions={<>
        <Button icon="chevronLeft" onPress={() => void navigate('/security/incidents')}>{t('back')}</Button>
        <Button icon="plus" variant="primary" isDisabled={reason !== null} reason={reason} onPress={() => setAsking(true)} data-testid="leaver-new">{t('leavers.new')}</Button>
      </>} />}
      foot={<StatusLine items={[t('leavers.count', { count: rows.length, shown: format.integer(rows.length) }), t('leavers.local')]} />}
    >
      {error !== null && <ErrorPanel error={error} onRetry={refetch} />}
      {data === undefined && isSlow && <Skeleton lines={6} />}
      {data !== undefined && (
        <SplitPane
          storageKey="leavers" label={t('divider')} initial={44} minimum={380}
          end={one === undefined ? null : <LeaverPane key={one.id} leaver={one} onClose={() => choose(null)} />}
          start={(
            <DataTable
              label={t('leavers.title')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={(row) => row.id} selectedKey={chosen ?? null} onSelect={(row) => choose(row.id)}
              {...(rows.length === 0 && { empty: <EmptyState icon="user" title={t('leavers.empty')} hint={t('leavers.emptyHint')} /> })}
            />
          )}
        />
      )}
      {isAsking && <NewLeaver onClose={(id) => { setAsking(false); if (id !== null) choose(id); }} />}
    </AreaFrame>
  );
}

function NewLeaver({ onClose }: { onClose: (id: string | null) => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const create = useAction('incidents.newLeaver');
  const [name, setName] = useState('');
  const [account, setAccount] = useState('');
  const [leavesAt, setLeavesAt] = useState<number | null>(() => Date.now());
  // Whoever has done something stands in the log, under the name that the server knows.
  const known = useCall('audit.timeline', { filter: everything, buckets: 1 });
  const typed = account.trim().toLowerCase();
  const accounts = (known.data?.actors ?? []).map(({ actor }) => ({ id: actor, label: actor })).filter(({ label }) => label.toLowerCase().includes(typed)).slice(0, 20);
  const missing = name.trim() === '' || account.trim() === '' ? t('leaver.missing') : leavesAt === null ? t('field.noTime') : null;
  const run = async (): Promise<void> => {
    if (leavesAt === null) return;
    const made = await create.run({ name, account, leavesAt });
    if (made !== null) onClose(made.id);
  };
  return (
    <Dialog isOpen isModal onClose={() => onClose(null)} title={t('leavers.new')} actions={<>
      <Button onPress={() => onClose(null)}>{t('cancel')}</Button>
      <Button variant="primary" isPending={create.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid="leaver-create">{t('leaver.create')}</Button>
    </>}>
      <div className={styles.form}>
        <TextField label={t('leaver.name')} value={name} onChange={setName} maxLength={200} autoFocus isRequired data-testid="leaver-name" />
        <ComboBox label={t('leaver.account')} text={account} onTextChange={setAccount} items={accounts} onSearch={() => undefined} onPick={({ id }) => setAccount(id)} isRequired hint={t('leaver.accountHint')} data-testid="leaver-account" />
        <MomentField label={t('leaver.leavesAt')} value={leavesAt} onChange={setLeavesAt} />
        {create.error !== null && <ErrorPanel error={create.error} isInline />}
      </div>
    </Dialog>
  );
}

import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { inventory, type RotatePhase, type SecretRow } from '../../../../shared/security/secrets/secret.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Age, Banner, Button, DataTable, EmptyState, ErrorPanel, Skeleton, SplitPane, StatusLine, showToast, useNow, type Column, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason, useServerReason } from '../rights.ts';
import { SourceMark } from '../SourceMark.tsx';
import { KeepDialog } from './KeepDialog.tsx';
import { RotateDialog } from './RotateDialog.tsx';
import { SecretPane } from './SecretPane.tsx';
import { SecretStateMark } from './SecretStateMark.tsx';
import styles from './secrets.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-secrets.json', { eager: true, import: 'default' }));

type Asked = { what: 'keep'; row: SecretRow | null } | { what: RotatePhase; row: SecretRow };
type Done = { phase: RotatePhase; name: string; sessionHolds: boolean };

/** Secrets by name and age, overdue first; rotation with an overlap. No value is ever here. */
export default function SecretsScreen(): ReactNode {
  const { t } = useTranslation('security-secrets');
  const format = useFormat();
  const now = useNow();
  const navigate = useNavigate();
  const chosen = useParams()['*'] ?? '';
  const isOffline = useIsOffline();
  const mayAct = useActReason();
  const mayAsk = useServerReason();
  const view = useCall('secrets.state', undefined);
  const read = useAction('secrets.read');
  const forget = useAction('secrets.forget');
  const keep = useAction('secrets.keep');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const table = useRef<DataTableHandle>(null);
  const { features = null, readAt = null } = view.data ?? {};
  // Known only once the state is there: before that, asking could only fail on a server that has none.
  const mayLook = view.data !== undefined && features?.list !== false && !isOffline;
  const { run: look } = read;
  useEffect(() => { if (mayLook) void look(); }, [mayLook, look]);
  const lacks = (has: boolean | undefined): string | null => (has === false ? t('security:reason.unsupported') : null);
  const cannotRead = isOffline ? t('security:reason.offline') : lacks(features?.list);
  const cannotRotate = mayAsk ?? lacks(features?.rotate);
  const select = (name: string): void => void navigate(name === '' ? '/security/secrets' : `/security/secrets/${encodeURIComponent(name)}`, { replace: true });
  useCommand({ id: 'secrets.read', title: t('action.read'), group: 'view', shortcut: 'F5', isEnabled: cannotRead === null, reason: cannotRead, run: () => void look() });
  useCommand({ id: 'secrets.add', title: t('action.add'), group: 'document', shortcut: 'Ctrl+N', isEnabled: mayAct === null, reason: mayAct, run: () => setAsked({ what: 'keep', row: null }) });

  const rows = useMemo(() => inventory(view.data?.server ?? [], view.data?.local ?? [], now), [view.data, now]);
  const selected = rows.find(({ name }) => name === chosen) ?? null;
  const overdue = rows.filter(({ state }) => state === 'overdue').length;
  const overlapping = rows.filter(({ isOverlapping }) => isOverlapping).length;
  const columns = useMemo((): Column<SecretRow>[] => [
    { id: 'name', header: t('column.name'), width: 136, grow: 2, render: ({ name }) => name },
    { id: 'kind', header: t('column.kind'), width: 96, render: ({ kind }) => t(`kind.${kind}`) },
    { id: 'state', header: t('column.state'), width: 112, render: ({ state }) => <SecretStateMark state={state} /> },
    { id: 'due', header: t('column.due'), width: 96, render: ({ dueAt }) => (dueAt === null ? '–' : format.date(dueAt)) },
    { id: 'rotated', header: t('column.rotated'), width: 112, render: ({ rotatedAt }) => (rotatedAt === null ? '–' : format.relative(rotatedAt, now)) },
    { id: 'owner', header: t('column.owner'), width: 96, grow: 1, render: ({ owner }) => owner ?? <span className={styles.muted}>–</span> },
    { id: 'origin', header: t('column.origin'), width: 176, render: ({ origin }) => <SourceMark source={origin === 'server' ? 'claimed' : 'attested'} /> },
  ], [t, format, now]);
  /** Undo before confirm: a line that was taken off comes back with one click. */
  const remove = ({ name, kind, provider, owner, rotatedAt, note }: SecretRow): void => void forget.run({ name }).then((gone) => {
    if (gone === null) return;
    select('');
    showToast({ title: t('forgot', { name }), action: { label: t('undo'), run: () => void keep.run({ name, kind, provider: provider ?? '', owner: owner ?? '', rotatedAt, note }) } });
  });
  const failed = view.error ?? read.error ?? forget.error ?? keep.error;
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={rows.length === 0 ? t('summary.none') : <><b>{overdue > 0 ? t('summary.overdue', { count: overdue }) : t('summary.good')}</b>{overlapping > 0 && <> · {t('summary.overlap', { count: overlapping })}</>} · {t('summary.rules')}</>}
          actions={(
            <>
              <Button icon="refresh" shortcut="F5" isPending={read.isPending} isDisabled={cannotRead !== null} reason={cannotRead} onPress={() => void look()}>{t('action.read')}</Button>
              <Button icon="plus" shortcut="Ctrl+N" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsked({ what: 'keep', row: null })} data-testid="secrets-add">{t('action.add')}</Button>
            </>
          )}
        />
      )}
      foot={<StatusLine items={[t('count', { count: rows.length }), readAt !== null && <Age key="age" at={readAt} />, isOffline && t('security:reason.offline'), mayAct !== null && mayAct]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {failed !== null && <ErrorPanel error={failed} isInline />}
        {features?.list === false && <Banner tone="neutral">{t('unsupported')}</Banner>}
        {done !== null && <Banner tone={done.sessionHolds ? 'success' : 'danger'} onDismiss={() => setDone(null)} data-testid="secrets-done">{t(`done.${done.phase}`, { name: done.name })} {t(done.sessionHolds ? 'done.sessionHolds' : 'done.sessionLost')}</Banner>}
        {view.data === undefined ? view.isSlow && <Skeleton /> : (
          <div className={styles.list}>
            <SplitPane
              storageKey="security.secrets" label={t('divider')} initial={70} minimum={400}
              end={selected === null ? null : (
                <SecretPane
                  key={selected.name} row={selected} mayAct={mayAct} cannotRotate={selected.origin === 'local' ? t('reason.notRotatable') : cannotRotate}
                  onRotate={(phase) => setAsked({ what: phase, row: selected })} onKeep={() => setAsked({ what: 'keep', row: selected })} onForget={() => remove(selected)} onClose={() => { select(''); table.current?.focus(); }}
                />
              )}
              start={(
                <DataTable
                  ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={({ name }) => name} selectedKey={selected?.name ?? null} onSelect={({ name }) => select(name)}
                  empty={<EmptyState icon="key" title={t('empty.title')} hint={t('empty.hint')} action={<Button icon="plus" variant="primary" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAsked({ what: 'keep', row: null })}>{t('action.add')}</Button>} />}
                />
              )}
            />
          </div>
        )}
      </div>
      {asked?.what === 'keep' && <KeepDialog row={asked.row} taken={rows.map(({ name }) => name)} onClose={() => setAsked(null)} />}
      {asked !== null && asked.what !== 'keep' && <RotateDialog row={asked.row} phase={asked.what} onClose={() => setAsked(null)} onDone={(sessionHolds) => { setDone({ phase: asked.what, name: asked.row.name, sessionHolds }); setAsked(null); }} />}
    </AreaFrame>
  );
}

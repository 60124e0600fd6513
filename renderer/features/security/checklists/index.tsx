import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { noAnswer, progressOf, resultId, standingsOf, type Answer, type ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { localDay } from '../../../../shared/security/gdpr/deadline.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useCommand } from '../../../state/commands.ts';
import { useIsOffline } from '../../../state/connection.ts';
import { Banner, Button, DataTable, EmptyState, ErrorPanel, Select, Skeleton, SplitPane, StatusLine, showToast, useNow, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { CampaignDialog } from './CampaignDialog.tsx';
import { useColumns } from './columns.tsx';
import { ItemPane } from './ItemPane.tsx';
import { ListPane } from './ListPane.tsx';
import styles from './checklists.module.css';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-{checklists,score}.json', { eager: true, import: 'default' }));

const filters = ['all', 'open', 'overdue'] as const;
type Filter = (typeof filters)[number];
const quick = ['done', 'partly', 'notApplicable', 'open'] as const;

/** Checklists: one list at a time, each item with its answer, and how far every list has come. */
export default function ChecklistsScreen(): ReactNode {
  const { t, i18n } = useTranslation('security-checklists');
  const language = i18n.language === 'en' ? 'en' : 'de';
  const navigate = useNavigate();
  const [chosenList, chosenItem] = (useParams()['*'] ?? '').split('/');
  const mayAct = useActReason();
  const isOffline = useIsOffline();
  const today = localDay(useNow());
  const read = useCall('checklists.read', undefined);
  const sync = useAction('checklists.sync');
  const answer = useAction('checklists.answer');
  const save = useAction('checklists.export');
  const [filter, setFilter] = useState<Filter>('all');
  const [isAdding, setAdding] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  const table = useRef<DataTableHandle>(null);
  const { run: synchronise } = sync;
  useEffect(() => { if (!isOffline) void synchronise(); }, [isOffline, synchronise]);
  const known = useMemo(() => {
    const results = new Map((read.data?.results ?? []).map((result) => [resultId(result), result]));
    const proven = new Set(read.data?.proven);
    return (read.data?.lists ?? []).map((list) => ({ list, standings: standingsOf(list, results, proven, today) }));
  }, [read.data, today]);
  const cannotSync = isOffline ? t('security:reason.offline') : read.data?.place === 'here' ? t('security:reason.unsupported') : null;
  const current = known.find(({ list }) => list.id === chosenList) ?? known[0] ?? null;
  const rows = useMemo(() => (current?.standings ?? []).filter(({ isSettled, isOverdue, item }) => item.id === chosenItem || filter === 'all' || (filter === 'open' ? !isSettled : isOverdue)), [current, filter, chosenItem]);
  const columns = useColumns(language, current?.list.items ?? []);
  const progress = progressOf(current?.standings ?? []);
  const results = read.data?.results ?? [];
  const pending = results.filter(({ isPending }) => isPending).length;
  const conflicts = results.filter(({ mine }) => mine !== null).length;
  const listId = current?.list.id ?? '';
  const show = (list: string, item = ''): void => void navigate(`/security/checklists/${list}${item === '' ? '' : `/${item}`}`, { replace: true });
  const answerWith = async ({ item, result }: ItemStanding, change: Partial<Answer>): Promise<boolean> => {
    const { state, owner, due, evidence, note } = result ?? noAnswer;
    return (await answer.run({ list: listId, item: item.id, answer: { state, owner, due, evidence, note, ...change } })) !== null;
  };
  const setState = (standing: ItemStanding, state: Answer['state']): void => {
    const before = standing.result?.state ?? 'open';
    if (before === state) return;
    void answerWith(standing, { state }).then((isDone) => {
      if (isDone) showToast({ title: t('answered', { item: standing.item.ref === '' ? standing.item.text[language] : standing.item.ref, state: t(`state.${state}`) }), action: { label: t('undo'), run: () => void answerWith(standing, { state: before }) } });
    });
  };
  const write = (): void => void save.run({ list: listId, language, suggestedName: t('export.name', { list: listId }) }).then((written) => { if (written !== null) setSaved(written.path); });
  useCommand({ id: 'checklists.sync', title: t('action.sync'), group: 'document', shortcut: 'F5', isEnabled: cannotSync === null, reason: cannotSync, run: () => void synchronise() });
  useCommand({ id: 'checklists.export', title: t('action.export'), group: 'document', shortcut: 'Ctrl+E', isEnabled: current !== null, run: write });
  const chosen = current?.standings.find(({ item }) => item.id === chosenItem) ?? null;
  const error = read.error ?? sync.error ?? answer.error ?? save.error;
  const isCampaigns = current?.list.kind === 'campaigns';
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={(
            <div className={styles.chooser}>
              <Select label={t('list')} hideLabel options={known.map(({ list }) => ({ value: list.id, label: list.title[language] }))} value={listId} onChange={(id) => show(id)} className={styles.list ?? ''} data-testid="checklist-list" />
              <Select label={t('filter.label')} hideLabel options={filters.map((value) => ({ value, label: t(`filter.${value}`) }))} value={filter} onChange={setFilter} className={styles.filter ?? ''} />
              <span><b>{t('summary.settled', progress)}</b>{progress.overdue > 0 && <> · {t('summary.overdue', { count: progress.overdue })}</>}{pending > 0 && <> · {t('summary.pending', { count: pending })}</>}{conflicts > 0 && <> · {t('summary.conflicts', { count: conflicts })}</>}</span>
            </div>
          )}
          actions={(
            <>
              {isCampaigns && <Button icon="plus" variant="primary" isDisabled={mayAct !== null} reason={mayAct} onPress={() => setAdding(true)} data-testid="campaign-new">{t('action.campaign')}</Button>}
              <Button icon="sync" shortcut="F5" isPending={sync.isPending} isDisabled={cannotSync !== null} reason={cannotSync} onPress={() => void synchronise()}>{t('action.sync')}</Button>
              <Button icon="archive" shortcut="Ctrl+E" isPending={save.isPending} onPress={write} data-testid="checklist-export">{t('action.export')}</Button>
            </>
          )}
        />
      )}
      foot={<StatusLine items={[t('count', { count: rows.length }), read.data !== undefined && t(`place.${read.data.place}`), mayAct !== null && mayAct]} end={t('keys')} />}
    >
      {error !== null && <ErrorPanel error={error} onRetry={read.refetch} isInline />}
      {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('saved', { path: saved })}</Banner>}
      {current === null ? read.isSlow && <Skeleton /> : (
        <SplitPane
          storageKey="security.checklists" label={t('divider')} initial={64} minimum={320}
          end={chosen === null
            ? <ListPane list={current.list} known={known} campaigns={isCampaigns ? read.data?.campaigns ?? [] : null} language={language} mayAct={mayAct} onShow={show} />
            : <ItemPane key={`${listId}/${chosen.item.id}/${chosen.result?.updatedAt ?? 0}`} list={current.list} standing={chosen} language={language} place={read.data?.place ?? 'unknown'} mayAct={mayAct} onClose={() => { show(listId); table.current?.focus(); }} />}
          start={(
            <DataTable
              key={listId} ref={table} label={t('table')} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={({ item }) => item.id} selectedKey={chosen?.item.id ?? null}
              onSelect={({ item }) => show(listId, item.id)}
              onKeyDown={(event, row) => {
                const state = quick.find((one) => t(`key.${one}`) === event.key.toLowerCase());
                if (state === undefined || row === undefined || mayAct !== null || event.ctrlKey || event.altKey || event.metaKey) return false;
                setState(row, state);
                return true;
              }}
              empty={<EmptyState icon="check" title={t('empty.title')} hint={t('empty.hint')} action={<Button onPress={() => setFilter('all')}>{t('empty.all')}</Button>} />}
            />
          )}
        />
      )}
      {isAdding && <CampaignDialog onClose={() => setAdding(false)} />}
    </AreaFrame>
  );
}

import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { useCommand } from '../../../state/commands.ts';
import { Age, Banner, Button, ErrorPanel, FitTable, Skeleton, SplitPane, StatusLine, type DataTableHandle } from '../../../ui/index.ts';
import { AreaBar, AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { priority, useColumns } from './columns.tsx';
import { Figures } from './Figures.tsx';
import { NextSteps } from './NextSteps.tsx';
import { PointPane } from './PointPane.tsx';
import { rowsOf, type ScoreRow } from './rows.ts';
import { presentOf, Trend } from './Trend.tsx';
import styles from './score.module.css';

// Evidence speaks with the texts of the area that wrote it.
addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-*.json', { eager: true, import: 'default' }));

/** The score: its halves, its areas that open to their points, what moved it, and what would raise it most. */
export default function ScoreScreen(): ReactNode {
  const { t } = useTranslation('security-score');
  const navigate = useNavigate();
  const chosen = useParams()['*'] ?? '';
  const mayAct = useActReason();
  const read = useCall('score.read', undefined);
  const history = useCall('score.history', undefined);
  const measure = useAction('score.measure');
  const save = useAction('score.export');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [saved, setSaved] = useState<string | null>(null);
  const table = useRef<DataTableHandle>(null);
  const { run: look } = measure;
  // What this client knows by itself is looked at when the score is; main does it at most every few minutes.
  useEffect(() => void look({ isAsked: false }), [look]);
  const score = read.data?.score ?? null;
  const isOpen = (area: string): boolean => opened.has(area) || chosen.startsWith(`${area}.`);
  const rows = useMemo(() => (score === null ? [] : rowsOf(score, (area) => opened.has(area) || chosen.startsWith(`${area}.`))), [score, opened, chosen]);
  const toggle = (area: string): void => {
    const isShut = !isOpen(area);
    if (!isShut && chosen.startsWith(`${area}.`)) void navigate('/security/score', { replace: true });
    setOpened((before) => { const next = new Set(before); if (isShut) next.add(area); else next.delete(area); return next; });
  };
  const columns = useColumns(toggle);
  const show = (point: string): void => void navigate(`/security/score/${point}`, { replace: true });
  const write = (): void => void save.run({ suggestedName: t('export.name') }).then((written) => { if (written !== null) setSaved(written.path); });
  useCommand({ id: 'score.measure', title: t('action.measure'), group: 'document', shortcut: 'F5', isEnabled: true, run: () => void look({ isAsked: true }) });
  useCommand({ id: 'score.export', title: t('action.export'), group: 'document', shortcut: 'Ctrl+E', isEnabled: score !== null, run: write });
  const point = score?.points.find((one) => one.point === chosen) ?? null;
  const stale = score?.points.filter(({ state }) => state === 'stale').length ?? 0;
  const missing = score?.points.filter(({ state }) => state === 'missing').length ?? 0;
  const error = read.error ?? history.error ?? measure.error ?? save.error;
  const keys = (key: string, row: ScoreRow | undefined): boolean => {
    if (row?.kind !== 'area' || (key === 'ArrowRight') === isOpen(row.id) || !['ArrowRight', 'ArrowLeft'].includes(key)) return false;
    toggle(row.id);
    return true;
  };
  return (
    <AreaFrame
      bar={(
        <AreaBar
          summary={score === null ? null : <>{t('summary.points', { count: score.points.filter(({ state }) => state !== 'notApplicable').length })} · {t('summary.missing', { count: missing })}{stale > 0 && <> · <b>{t('summary.stale', { count: stale })}</b></>} · {t('summary.claims')}</>}
          actions={<><Button icon="refresh" shortcut="F5" isPending={measure.isPending} onPress={() => void look({ isAsked: true })} data-testid="score-measure">{t('action.measure')}</Button><Button icon="archive" shortcut="Ctrl+E" isPending={save.isPending} isDisabled={score === null} onPress={write} data-testid="score-export">{t('action.export')}</Button></>}
        />
      )}
      foot={<StatusLine items={[score !== null && t('foot.weights', { version: score.weightsVersion }), read.data !== undefined && read.data.measuredAt !== null && <Age key="age" at={read.data.measuredAt} />, measure.data?.isServerAsked === false && t('foot.notAsked'), mayAct !== null && mayAct]} end={t('foot.keys')} />}
    >
      {error !== null && <ErrorPanel error={error} onRetry={read.refetch} isInline />}
      {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('export.saved', { path: saved })}</Banner>}
      {score === null ? read.isSlow && <Skeleton /> : (
        <SplitPane
          storageKey="security.score" label={t('divider')} initial={70} minimum={320}
          end={point === null ? <NextSteps score={score} settings={read.data?.settings ?? { usesModels: false }} mayAct={mayAct} onShow={show} /> : <PointPane key={point.point} point={point} mayAct={mayAct} onClose={() => { void navigate('/security/score', { replace: true }); table.current?.focus(); }} />}
          start={(
            <div className={styles.left}>
              <div className={styles.top}><Figures score={score} /><Trend history={history.data ?? []} present={presentOf(score)} now={score.at} onShow={show} /></div>
              <div className={styles.rows}>
                <FitTable
                  ref={table} label={t('table')} priority={priority} columns={columns} rowCount={rows.length} getRow={(index) => rows[index]} rowKey={(row) => row.id} selectedKey={point?.point ?? null}
                  onSelect={(row) => { if (row.kind === 'point') show(row.id); }} onActivate={(row) => { if (row.kind === 'area') toggle(row.id); else show(row.id); }}
                  onKeyDown={(event, row) => keys(event.key, row)}
                />
              </div>
            </div>
          )}
        />
      )}
    </AreaFrame>
  );
}

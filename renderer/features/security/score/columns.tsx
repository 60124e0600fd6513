import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format.ts';
import { cx, Icon, type Column } from '../../../ui/index.ts';
import { SourceMark } from '../SourceMark.tsx';
import { percentOf, weightOf, type ScoreRow } from './rows.ts';
import { StateMark } from './StateMark.tsx';
import styles from './score.module.css';

/** Beside the pane the name stays whole; what the pane says anyway goes first. */
export const priority = ['name', 'state', 'share', 'earned', 'source', 'comparison', 'expires'];

/** The columns of the score. */
export function useColumns(toggle: (area: string) => void): Column<ScoreRow>[] {
  const { t } = useTranslation('security-score');
  const format = useFormat();
  return useMemo(() => {
    const best = (row: ScoreRow) => (row.kind === 'point' ? row.point.evidence.find(({ origin }) => origin === row.point.counted) ?? row.point.evidence[0] : undefined);
    const percent = (value: string | null): string => (value === null ? '–' : t('percent', { value: format.decimal(value) }));
    return [
      { id: 'name', header: t('column.name'), width: 310, grow: 3, render: (row) => (row.kind === 'point'
        ? <span className={styles.point}>{t(`point.${row.id}`)}</span>
        : <span className={styles.areaName}><button type="button" tabIndex={-1} className={styles.toggle} aria-label={t(row.isOpen ? 'shut' : 'open', { name: t(`area.${row.id}`) })} onClick={() => toggle(row.id)}><Icon name={row.isOpen ? 'chevronDown' : 'chevronRight'} /></button>{t(`area.${row.id}`)}</span>) },
      { id: 'state', header: t('column.state'), width: 132, render: (row) => {
        if (row.kind === 'point') return <StateMark state={row.point.state} />;
        if (row.sum.score === null) return <span className={styles.muted}>{t('state.notApplicable')}</span>;
        const met = row.points.filter(({ state }) => state === 'met').length;
        return <span className={styles.muted}>{t('metOf', { met, of: row.points.filter(({ state }) => state !== 'notApplicable').length })}</span>;
      } },
      { id: 'earned', header: t('column.earned'), width: 88, align: 'end', render: (row) => {
        if (row.kind === 'point') return row.point.state === 'notApplicable' ? '–' : t('earnedOf', { earned: format.decimal(weightOf(row.point.credit * row.point.weight)), of: row.point.weight });
        return row.sum.score === null ? '–' : t('earnedOf', { earned: format.decimal(weightOf(row.sum.earned)), of: row.sum.possible / 10_000 });
      } },
      { id: 'share', header: t('column.share'), width: 72, align: 'end', render: (row) => (row.kind === 'point' ? <span className={styles.muted}>{row.point.state === 'notApplicable' ? '–' : percent(percentOf(Math.round(row.point.credit / 10)))}</span> : <b className={cx(row.sum.score === null && styles.muted)}>{percent(percentOf(row.sum.score))}</b>) },
      { id: 'source', header: t('column.source'), width: 188, render: (row) => {
        const evidence = best(row);
        return evidence === undefined ? null : <SourceMark source={evidence.source} />;
      } },
      { id: 'expires', header: t('column.expires'), width: 92, render: (row) => {
        const evidence = best(row);
        if (evidence === undefined) return null;
        return evidence.expiresAt === null ? t('never') : <span className={cx(evidence.isStale && styles.stale)}>{evidence.isStale && <Icon name="clock" className={styles.sign} />}{format.date(evidence.expiresAt)}</span>;
      } },
      { id: 'comparison', header: t('column.comparison'), width: 96, align: 'end', render: (row) => (row.kind === 'point' && row.point.comparison !== null ? <span className={styles.muted}>{percent(String(row.point.comparison))}</span> : null) },
    ];
  }, [t, format, toggle]);
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, AuditTimeline } from '../../../shared/domain/audit.ts';
import { useLayoutValue } from '../../state/settings.ts';
import { Counts } from './Counts.tsx';
import type { ChangeFilter } from './filter.ts';
import { useActionName } from './names.ts';
import { Timeline } from './Timeline.tsx';
import styles from './chart.module.css';

const kinds = ['time', 'actors', 'actions'] as const;

/** What the filter leaves, at a glance: over time, by person or by action, each with its table. */
export function Chart({ timeline, filter, isClaimed, onChange }: { timeline: AuditTimeline; filter: AuditFilter; /** The server signs nothing, and says of nothing that it was refused. */ isClaimed: boolean; onChange: ChangeFilter }): ReactNode {
  const { t } = useTranslation('audit');
  const nameOf = useActionName();
  const [kind, setKind] = useLayoutValue<string>('audit.chart', 'time');
  const actors = timeline.actors.map(({ actor, ...counts }) => ({ name: actor, label: actor === '' ? '–' : actor, ...counts }));
  const actions = timeline.actions.map(({ action, ...counts }) => ({ name: action, label: nameOf(action), ...counts }));
  const names = (counts: readonly { label: string }[]): string => counts.map(({ label }) => label).join(', ');
  return (
    <section className={styles.chart} aria-label={t('chart.title')}>
      <div className={styles.switch} role="group" aria-label={t('chart.title')}>
        {kinds.map((id) => <button key={id} type="button" className={styles.option} aria-pressed={id === kind} onClick={() => setKind(id)} data-testid={`chart-${id}`}>{t(`chart.${id}`)}</button>)}
      </div>
      {kind === 'actors' ? <Counts head={t('column.actor')} label={t('timeline.people')} summary={t('chart.actorsSummary', { names: names(actors) })} counts={actors} isClaimed={isClaimed} chosen={filter.actor} onChoose={(actor) => onChange({ actor })} />
        : kind === 'actions' ? <Counts head={t('column.action')} label={t('chart.actions')} summary={t('chart.actionsSummary', { names: names(actions) })} counts={actions} isClaimed={isClaimed} chosen={filter.action} onChoose={(action) => onChange({ action })} />
          : <Timeline timeline={timeline} filter={filter} isClaimed={isClaimed} onChange={onChange} />}
    </section>
  );
}

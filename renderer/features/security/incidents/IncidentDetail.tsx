import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { clocksOf } from '../../../../shared/security/incidents/clocks.ts';
import type { StoredIncident } from '../../../../shared/security/incidents/incident.ts';
import { isPending } from '../../../../shared/security/incidents/list.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useCommand } from '../../../state/commands.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { Badge, Button, ErrorPanel, Skeleton, Tabs } from '../../../ui/index.ts';
import { AreaFrame } from '../AreaBar.tsx';
import { useActReason } from '../rights.ts';
import { ClockTable } from './ClockTable.tsx';
import { ActionsTab } from './detail/ActionsTab.tsx';
import { AfterTab } from './detail/AfterTab.tsx';
import { Conflicts } from './detail/Conflicts.tsx';
import { PhaseStepper } from './detail/PhaseStepper.tsx';
import { ReportsTab } from './detail/ReportsTab.tsx';
import { TasksTab } from './detail/TasksTab.tsx';
import { TimelineTab } from './detail/TimelineTab.tsx';
import { ExerciseBadge, SeverityBadge } from './Fields.tsx';
import { useDoing, useIsLocal } from './useIncident.ts';
import { namespace } from './words.ts';
import styles from './incidents.module.css';

export type TabProps = { stored: StoredIncident; doing: ReturnType<typeof useDoing>; reason: string | null };

/** One incident: what it is and how far it is on top, its clocks, and everything else in tabs. */
export function IncidentDetail({ id }: { id: string }): ReactNode {
  const { t } = useTranslation(namespace);
  const navigate = useNavigate();
  const reason = useActReason();
  const { data, error, isSlow, refetch } = useCall('incidents.get', { id }, { keepPrevious: false });
  const isLocal = useIsLocal();
  const doing = useDoing(id);
  const [tab, setTab] = useLayoutValue<string>('incidents.tab', 'timeline');
  const [now] = useState(() => Date.now());
  const back = (): void => void navigate('/security/incidents');
  useCommand({ id: 'incidents.back', title: t('back'), group: 'navigation', shortcut: 'Escape', run: back });
  const canRespond = data !== undefined && data.incident.response === null && reason === null;
  useCommand({ id: 'incidents.respond', title: t('respond'), group: 'document', shortcut: 'F8', isEnabled: canRespond, reason, run: () => void doing.obey({ do: 'respond' }) });
  if (error !== null) return <AreaFrame bar={null}><ErrorPanel error={error} onRetry={refetch} action={<Button onPress={back}>{t('back')}</Button>} /></AreaFrame>;
  if (data === undefined) return isSlow ? <Skeleton lines={8} /> : null;
  const { incident } = data;
  const props: TabProps = { stored: data, doing, reason };
  const openTasks = Object.values(incident.tasks).filter(({ done }) => done === null).length;
  return (
    <AreaFrame bar={(
      <header className={styles.head} data-testid="incident" data-exercise={incident.isExercise || undefined}>
        {incident.isExercise && <div className={styles.exerciseBand}>{t('exercise.notice')}</div>}
        <div className={styles.headLine}>
          <Button icon="chevronLeft" variant="quiet" onPress={back}>{t('back')}</Button>
          <h2 className={styles.headTitle}>{incident.title}</h2>
          {incident.isExercise && <ExerciseBadge />}
          <SeverityBadge severity={incident.severity} />
          {data.conflicts.length > 0 ? <Badge tone="warning" icon="warning">{t('sync.conflict', { count: data.conflicts.length })}</Badge> : isLocal ? <Badge>{t('sync.local')}</Badge> : isPending(data) && <Badge icon="clock">{t('sync.pending')}</Badge>}
          <span className={styles.grow} />
          {incident.response === null && <Button variant="primary" icon="check" shortcut="F8" isDisabled={reason !== null} reason={reason} isPending={doing.isPending} onPress={() => void doing.obey({ do: 'respond' })} data-testid="incident-respond">{t('respond')}</Button>}
        </div>
        <PhaseStepper {...props} />
      </header>
    )}>
      <div className={styles.detail}>
        {doing.error !== null && <ErrorPanel error={doing.error} isInline action={<Button variant="quiet" onPress={doing.clear}>{t('dismiss')}</Button>} />}
        <Conflicts {...props} />
        <div className={styles.clocks}><ClockTable clocks={clocksOf(incident, now)} /></div>
        <div className={styles.tabs}>
          <Tabs label={t('tabs')} selected={tab} onSelect={setTab} tabs={[
            { id: 'timeline', label: t('tab.timeline'), count: Object.keys(incident.timeline).length, content: <TimelineTab {...props} /> },
            { id: 'tasks', label: t('tab.tasks'), count: openTasks, content: <TasksTab {...props} /> },
            { id: 'actions', label: t('tab.actions'), content: <ActionsTab {...props} /> },
            { id: 'reports', label: t('tab.reports'), count: Object.keys(incident.reports).length, content: <ReportsTab {...props} /> },
            { id: 'after', label: t('tab.after'), content: <AfterTab {...props} /> },
          ]} />
        </div>
      </div>
    </AreaFrame>
  );
}

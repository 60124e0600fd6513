import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { checksOf } from '../../../../../shared/security/incidents/checklists.ts';
import { phases, type Phase } from '../../../../../shared/security/incidents/phases.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { Badge, Button, Checkbox, Select, TextField } from '../../../../ui/index.ts';
import { Section } from '../../Pane.tsx';
import { MomentField } from '../Fields.tsx';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace } from '../words.ts';
import styles from '../incidents.module.css';

/** What is to be done: the checklist of each phase for this severity, and tasks of one's own. */
export function TasksTab(props: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const { incident } = props.stored;
  return (
    <div className={styles.columns}>
      <div className={styles.main}>{phases.map((phase) => <Checklist key={phase} {...props} phase={phase} isPresent={phase === incident.phase} />)}</div>
      <aside className={styles.side} aria-label={t('tasks')}><Tasks {...props} /></aside>
    </div>
  );
}

function Checklist({ stored: { incident }, doing, reason, phase, isPresent }: TabProps & { phase: Phase; isPresent: boolean }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const items = checksOf(phase, incident.severity);
  const done = items.filter(({ id }) => incident.checklist[id]?.done === true).length;
  return (
    <Section title={t(`phase.${phase}`)} actions={<Badge tone={done === items.length ? 'success' : isPresent ? 'accent' : 'neutral'} {...(done === items.length && { icon: 'check' as const })}>{t('checks.done', { done: format.integer(done), count: items.length })}</Badge>}>
      <ul className={styles.checks}>
        {items.map(({ id }) => {
          const check = incident.checklist[id];
          return (
            <li key={id} data-check={id}>
              <Checkbox isSelected={check?.done === true} isDisabled={reason !== null || doing.isPending} onChange={(isDone) => void doing.obey({ do: 'check', item: id, done: isDone, note: '' })}>{t(`check.${id}`)}</Checkbox>
              {check !== undefined && <span className={styles.muted}>{check.by} · {format.moment(check.at)}</span>}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Tasks({ stored: { incident }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const [title, setTitle] = useState('');
  const [owner, setOwner] = useState('');
  const [phase, setPhase] = useState<Phase>(incident.phase);
  const [dueAt, setDueAt] = useState<number | null>(null);
  const [round, setRound] = useState(0);
  const tasks = Object.entries(incident.tasks).toSorted(([, a], [, b]) => Number(a.done !== null) - Number(b.done !== null) || (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || a.createdAt - b.createdAt);
  const add = async (): Promise<void> => {
    if (!(await doing.obey({ do: 'addTask', title, owner, phase, dueAt }))) return;
    setTitle('');
    setDueAt(null);
    setRound(round + 1);
  };
  return (
    <>
      <Section title={t('tasks')}>
        {tasks.length === 0 ? <p className={styles.muted}>{t('tasksNone')}</p> : (
          <ul className={styles.checks} data-testid="incident-tasks">
            {tasks.map(([id, task]) => (
              <li key={id}>
                <Checkbox isSelected={task.done !== null} isDisabled={reason !== null || doing.isPending} onChange={(isDone) => void doing.obey({ do: 'finishTask', task: id, done: isDone })}>{task.title}</Checkbox>
                <span className={styles.muted}>{[t(`phase.${task.phase}`), task.owner, task.dueAt === null ? '' : t('task.due', { when: format.moment(task.dueAt) }), task.done === null ? '' : `${task.done.by} · ${format.moment(task.done.at)}`].filter((part) => part !== '').join(' · ')}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('task.add')}>
        <div className={styles.form}>
          <TextField label={t('task.title')} value={title} onChange={setTitle} maxLength={300} isDisabled={reason !== null} data-testid="task-title" />
          <div className={styles.pair}>
            <TextField label={t('task.owner')} value={owner} onChange={setOwner} maxLength={200} isDisabled={reason !== null} />
            <Select label={t('column.phase')} value={phase} onChange={setPhase} isDisabled={reason !== null} options={phases.map((value) => ({ value, label: t(`phase.${value}`) }))} />
          </div>
          <MomentField key={round} label={t('task.dueAt')} value={dueAt} onChange={setDueAt} />
          <div><Button icon="plus" isDisabled={reason !== null || title.trim() === ''} reason={reason ?? t('task.empty')} onPress={() => void add()} data-testid="task-add">{t('add')}</Button></div>
        </div>
      </Section>
    </>
  );
}

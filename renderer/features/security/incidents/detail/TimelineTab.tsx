import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { everything } from '../../../../../shared/domain/audit.ts';
import { timelineOf } from '../../../../../shared/security/incidents/incident.ts';
import { incidentRoles } from '../../../../../shared/security/incidents/phases.ts';
import type { CallOutput } from '../../../../../shared/ipc/contract.ts';
import { useAction } from '../../../../bridge/queries.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { Banner, Button, Dialog, ErrorPanel, IconButton, TextField } from '../../../../ui/index.ts';
import { Section } from '../../Pane.tsx';
import type { TabProps } from '../IncidentDetail.tsx';
import { namespace, useTell } from '../words.ts';
import styles from '../incidents.module.css';

/** What happened, newest first, with notes, the people in charge, what is affected, and the entries of the audit log. */
export function TimelineTab(props: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const tell = useTell();
  const { stored: { incident }, doing, reason } = props;
  const [note, setNote] = useState('');
  const add = async (): Promise<void> => {
    if (await doing.obey({ do: 'note', text: note })) setNote('');
  };
  return (
    <div className={styles.columns}>
      <div className={styles.main}>
        <form className={styles.inline} onSubmit={(event) => { event.preventDefault(); if (note.trim() !== '' && reason === null) void add(); }}>
          <TextField label={t('note.label')} value={note} onChange={setNote} maxLength={10_000} isDisabled={reason !== null} className={styles.grow ?? ''} data-testid="incident-note" />
          <Button type="submit" icon="plus" isDisabled={reason !== null || note.trim() === ''} reason={reason ?? t('note.empty')} data-testid="incident-note-add">{t('note.add')}</Button>
        </form>
        <table className={styles.table} aria-label={t('tab.timeline')} data-testid="incident-timeline">
          <thead><tr><th scope="col">{t('column.at')}</th><th scope="col">{t('column.by')}</th><th scope="col">{t('column.what')}</th></tr></thead>
          <tbody>
            {timelineOf(incident).toReversed().map((entry) => (
              <tr key={entry.id} data-kind={entry.kind}>
                <td className={styles.when}><time dateTime={new Date(entry.at).toISOString()}>{format.dateTime(entry.at)}</time></td><td className={styles.who}>{entry.by}</td>
                <td className={styles.wrap}>{tell(entry)}{entry.text !== '' && <div className={styles.said}>{entry.text}</div>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <aside className={styles.side} aria-label={t('side')}>
        <Description {...props} />
        <People {...props} />
        <Affected {...props} kind="systems" />
        <Affected {...props} kind="people" />
        <Evidence {...props} />
      </aside>
    </div>
  );
}

function Description({ stored: { incident } }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const navigate = useNavigate();
  const { origin } = incident;
  return (
    <Section title={t('field.description')} actions={origin === null ? undefined : <Button variant="quiet" icon="external" onPress={() => void navigate(origin)}>{t('origin')}</Button>}>
      <p className={styles.wrap}>{incident.description === '' ? t('none') : incident.description}</p>
      <p className={styles.muted}>{t('field.detectedAt')}: {format.dateTime(incident.detectedAt)} · {t('field.awareAt')}: {format.dateTime(incident.awareAt)}</p>
    </Section>
  );
}

/** Who is in charge: a field each, stored when it is left. */
function People({ stored: { incident }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  return (
    <Section title={t('roles')}>
      <div className={styles.pair}>
        {incidentRoles.map((role) => <RoleField key={`${role} ${incident.roles[role]}`} label={t(`role.${role}`)} value={incident.roles[role]} isDisabled={reason !== null} onSave={(person) => void doing.obey({ do: 'role', role, person })} testId={`role-${role}`} />)}
      </div>
    </Section>
  );
}

function RoleField({ label, value, isDisabled, onSave, testId }: { label: string; value: string; isDisabled: boolean; onSave: (person: string) => void; testId: string }): ReactNode {
  const [text, setText] = useState(value);
  const save = (): void => {
    if (text.trim() !== value) onSave(text.trim());
  };
  return (
    <TextField label={label} value={text} onChange={setText} maxLength={200} isDisabled={isDisabled} onBlur={save} onKeyDown={(event) => { if (event.key === 'Enter') save(); }} data-testid={testId} />
  );
}

function Affected({ stored: { incident }, doing, reason, kind }: TabProps & { kind: 'systems' | 'people' }): ReactNode {
  const { t } = useTranslation(namespace);
  const [name, setName] = useState('');
  const names = Object.keys(incident[kind]).toSorted();
  const add = async (): Promise<void> => {
    if (await doing.obey({ do: 'affected', kind, name, isAffected: true })) setName('');
  };
  return (
    <Section title={t(`field.${kind}`)}>
      {names.length === 0 ? <p className={styles.muted}>{t('none')}</p> : (
        <ul className={styles.names}>
          {names.map((one) => <li key={one}>{one}<IconButton icon="close" label={t('affected.remove', { name: one })} isDisabled={reason !== null} reason={reason} onPress={() => void doing.obey({ do: 'affected', kind, name: one, isAffected: false })} /></li>)}
        </ul>
      )}
      <form className={styles.inline} onSubmit={(event) => { event.preventDefault(); if (name.trim() !== '') void add(); }}>
        <TextField label={t(`affected.${kind}`)} value={name} onChange={setName} maxLength={200} isDisabled={reason !== null} className={styles.grow ?? ''} />
        <Button type="submit" icon="plus" isDisabled={reason !== null || name.trim() === ''} reason={reason ?? t('affected.empty')}>{t('add')}</Button>
      </form>
    </Section>
  );
}

/** Entries that the report of an evidence file lists; all of them are in its proofs. */
const listedEntries = 400;

/** Entries of the audit log that belong here; their proof is saved with them. */
function Evidence({ stored: { incident }, doing, reason }: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const save = useAction('audit.saveEvidence');
  const [isAsking, setAsking] = useState(false);
  const [saved, setSaved] = useState<CallOutput<'audit.saveEvidence'>>(null);
  const entries = Object.values(incident.evidence).toSorted((a, b) => a.index - b.index);
  const run = (): void => void save.run({
    target: { indexes: entries.map(({ index }) => index) }, suggestedName: `${t('evidence.fileName')}-${incident.id.slice(0, 8)}.evidence`,
    unproven: t('evidence.left', { left: '{{left}}' }),
    report: [
      t('evidence.reportTitle', { title: incident.title }), ...(incident.isExercise ? [t('exercise.notice')] : []), '',
      ...entries.slice(0, listedEntries).map((entry) => `${format.integer(entry.index + 1)} ${format.dateTime(entry.at)} ${entry.actor} ${entry.action} ${entry.resource}${entry.provenBy === null ? ` (${t('evidence.unproven')})` : ''}`),
      ...(entries.length > listedEntries ? [t('evidence.more', { shown: format.integer(entries.length - listedEntries) })] : []),
    ],
  }).then(setSaved);
  return (
    <Section title={t('evidence.title')} actions={<>
      <Button icon="audit" isDisabled={reason !== null} reason={reason} onPress={() => setAsking(true)} data-testid="incident-attach">{t('evidence.attach')}</Button>
      <Button isDisabled={entries.length === 0} reason={t('evidence.none')} isPending={save.isPending} onPress={run} data-testid="incident-save-evidence">{t('evidence.save')}</Button>
    </>}>
      {entries.length === 0 ? <p className={styles.muted}>{t('evidence.none')}</p> : (
        <ul className={styles.names} data-testid="incident-evidence">
          {entries.map((entry) => <li key={entry.index} className={styles.wrap}><span><b>{format.integer(entry.index + 1)}</b> {entry.action} · {entry.resource} · {entry.actor} · {format.dateTime(entry.at)}{entry.provenBy === null ? ` · ${t('evidence.unproven')}` : ` · ${t('evidence.proven', { size: format.integer(entry.provenBy) })}`}</span></li>)}
        </ul>
      )}
      {saved !== null && <Banner tone={saved.unproven === 0 ? 'success' : 'warning'} onDismiss={() => setSaved(null)}>{saved.unproven > 0 && `${t('evidence.left', { left: format.integer(saved.unproven) })} `}{t('saved', { path: saved.path })}</Banner>}
      {save.error !== null && <ErrorPanel error={save.error} isInline />}
      {isAsking && <Attach id={incident.id} since={incident.detectedAt} doing={doing} onClose={() => setAsking(false)} />}
    </Section>
  );
}

/** Which entries: those of one person, thing or word since the incident was noticed, or one by its number. */
function Attach({ id, since, doing, onClose }: { id: string; since: number; doing: TabProps['doing']; onClose: () => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const [number, setNumber] = useState('');
  const [actor, setActor] = useState('');
  const [resource, setResource] = useState('');
  const [text, setText] = useState('');
  const byNumber = /^\d{1,9}$/.test(number.trim()) && Number(number) > 0;
  const isEmpty = !byNumber && [actor, resource, text].every((part) => part.trim() === '');
  const run = async (): Promise<void> => {
    const filter = { ...everything, actor: actor.trim() || null, resource: resource.trim() || null, text: text.trim(), from: since - 24 * 3_600_000 };
    if (await doing.run('incidents.attach', { id, target: byNumber ? { indexes: [Number(number) - 1] } : { filter } })) onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('evidence.attach')} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button variant="primary" isPending={doing.isPending} isDisabled={isEmpty} reason={t('evidence.empty')} onPress={() => void run()} data-testid="incident-attach-confirm">{t('evidence.attach')}</Button>
    </>}>
      <div className={styles.form}>
        <TextField label={t('evidence.number')} value={number} onChange={setNumber} autoFocus data-testid="attach-number" />
        <p className={styles.muted}>{t('evidence.or')}</p>
        <TextField label={t('evidence.actor')} value={actor} onChange={setActor} data-testid="attach-actor" />
        <TextField label={t('evidence.resource')} value={resource} onChange={setResource} />
        <TextField label={t('evidence.text')} value={text} onChange={setText} />
        {doing.error !== null && <ErrorPanel error={doing.error} isInline />}
      </div>
    </Dialog>
  );
}

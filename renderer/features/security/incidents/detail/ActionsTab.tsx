import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { actionKinds, type Action } from '../../../../../shared/security/incidents/actions.ts';
import { timelineOf } from '../../../../../shared/security/incidents/incident.ts';
import { useCall } from '../../../../bridge/queries.ts';
import { call } from '../../../../bridge/call.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { useAppPolicy } from '../../../../state/app-policy.ts';
import { useIsOffline } from '../../../../state/connection.ts';
import { Badge, Button, Dialog, ErrorPanel, Select, TextField } from '../../../../ui/index.ts';
import { Section } from '../../Pane.tsx';
import { useActReason, useServerReason } from '../../rights.ts';
import type { TabProps } from '../IncidentDetail.tsx';
import { useIsLocal } from '../useIncident.ts';
import { namespace, useTell } from '../words.ts';
import styles from '../incidents.module.css';

const WipeDialog = lazy(() => import('../../../wipe/WipeButton.tsx').then((loaded) => ({ default: loaded.WipeDialog })));

type Kind = Action['kind'];

/** What an action does. A wipe takes along what the server does not have. */
function useHint(): (kind: Kind) => string {
  const { t } = useTranslation(namespace);
  const isLocal = useIsLocal();
  const isOffline = useIsOffline();
  return (kind) => t(`actionHint.${kind}${kind !== 'wipeDevice' ? '' : isLocal ? 'Local' : isOffline ? 'Offline' : ''}`);
}

/** What the app can do itself, each with the reason where it cannot, and what was done with its result. */
export function ActionsTab(props: TabProps): ReactNode {
  const { t } = useTranslation(namespace);
  const { t: ofSecurity } = useTranslation('security');
  const format = useFormat();
  const tell = useTell();
  const hint = useHint();
  const { incident } = props.stored;
  const server = useServerReason();
  const act = useActReason();
  const features = useCall('incidents.features', undefined, { enabled: server === null });
  const mayWipe = useAppPolicy()['wipe.allowed'];
  const [asked, setAsked] = useState<Kind | null>(null);
  const [wipes, setWipes] = useState(false);
  /** In an exercise nothing is done, so nothing is missing either. */
  const reasonFor = (kind: Kind): string | null => {
    if (act !== null || incident.isExercise) return act;
    if (kind === 'wipeDevice') return mayWipe ? null : t('errors:policy.wipe');
    if (kind === 'lockDevice') return null;
    return server ?? (features.data === undefined ? t('actions.asking') : features.data[kind] ? null : ofSecurity('reason.unsupported'));
  };
  const done = timelineOf(incident).filter(({ kind }) => kind === 'action' || kind === 'played').toReversed();
  return (
    <div className={styles.padded}>
      <Section title={t('actions.title')}>
        {incident.isExercise && <div className={styles.exerciseBand}>{t('exercise.actions')}</div>}
        {features.error !== null && <ErrorPanel error={features.error} isInline onRetry={features.refetch} />}
        <table className={styles.table} aria-label={t('actions.title')} data-testid="incident-actions">
          <thead><tr><th scope="col">{t('column.action')}</th><th scope="col">{t('column.effect')}</th><td /></tr></thead>
          <tbody>
            {actionKinds.map((kind) => (
              <tr key={kind} data-action={kind}>
                <th scope="row">{t(`action.${kind}`)}</th><td className={styles.wrap}>{reasonFor(kind) ?? hint(kind)}</td>
                <td className={styles.numbers}><Button isDisabled={reasonFor(kind) !== null} reason={reasonFor(kind)} onPress={() => setAsked(kind)} data-testid={`action-${kind}`}>{t(incident.isExercise ? 'actions.play' : 'actions.do')}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={t('actions.done')}>
        {done.length === 0 ? <p className={styles.muted}>{t('actions.none')}</p> : (
          <table className={styles.table} aria-label={t('actions.done')} data-testid="incident-actions-done">
            <thead><tr><th scope="col">{t('column.at')}</th><th scope="col">{t('column.by')}</th><th scope="col">{t('column.what')}</th><th scope="col">{t('column.state')}</th></tr></thead>
            <tbody>{done.map((entry) => {
              const failed = entry.params['outcome'] === 'failed';
              const isPlayed = entry.kind === 'played';
              return <tr key={entry.id}><td className={styles.when}>{format.dateTime(entry.at)}</td><td>{entry.by}</td><td className={styles.wrap}>{tell(entry)}</td><td><Badge tone={failed ? 'danger' : isPlayed ? 'neutral' : 'success'} icon={failed ? 'error' : isPlayed ? 'info' : 'success'}>{t(failed ? 'outcome.failed' : isPlayed ? 'outcome.played' : 'outcome.done')}</Badge></td></tr>;
            })}</tbody>
          </table>
        )}
      </Section>
      {asked !== null && <Confirm {...props} kind={asked} onClose={(isDone) => { setAsked(null); if (isDone && asked === 'wipeDevice' && !incident.isExercise) setWipes(true); }} />}
      {wipes && <Suspense><WipeDialog onClose={() => setWipes(false)} /></Suspense>}
    </div>
  );
}

/** What it is done to, and a last question. */
function Confirm({ stored: { incident }, doing, kind, onClose }: TabProps & { kind: Kind; onClose: (isDone: boolean) => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const hint = useHint();
  const [user, setUser] = useState('');
  const [file, setFile] = useState<string | null>(null);
  const backups = useCall('policy.backups', undefined, { enabled: kind === 'restorePolicies' && !incident.isExercise });
  const secrets = useCall('secrets.read', undefined, { enabled: kind === 'rotateSecret' && !incident.isExercise });
  const [secret, setSecret] = useState<string | null>(null);
  const isRotation = kind === 'rotateSecret' && !incident.isExercise;
  const isUnderWay = secrets.data?.server.find(({ name }) => name === secret)?.isOverlapping === true;
  const [typed, setTyped] = useState('');
  const word = t('actions.word');
  const isRestore = kind === 'restorePolicies' && !incident.isExercise;
  const missing = kind === 'endSessions' && user.trim() === '' ? t('actions.needsUser') : isRotation && secret === null ? t('actions.needsSecret') : isRestore && file === null ? t('actions.needsFile') : isRestore && typed.trim() !== word ? t('actions.needsWord', { word }) : null;
  const actionOf = (): Action => {
    switch (kind) {
      case 'endSessions': return { kind, user };
      case 'rotateSecret': return { kind, name: secret ?? t('actions.anySecret'), phase: isUnderWay ? 'confirm' : 'begin' };
      case 'restorePolicies': return { kind, file: file ?? t('actions.anyFile') };
      case 'lockDevice': case 'wipeDevice': return { kind };
    }
  };
  const run = async (): Promise<void> => {
    if (!(await doing.run('incidents.act', { id: incident.id, action: actionOf() }))) return;
    onClose(true);
    if (kind === 'lockDevice' && !incident.isExercise) await call('lock.lock');
  };
  return (
    <Dialog isOpen isModal size="medium" onClose={() => onClose(false)} title={t(`action.${kind}`)} actions={<>
      <Button onPress={() => onClose(false)}>{t('cancel')}</Button>
      <Button variant={kind === 'lockDevice' || incident.isExercise ? 'primary' : 'danger'} isPending={doing.isPending} isDisabled={missing !== null} reason={missing} onPress={() => void run()} data-testid="action-confirm">{t(incident.isExercise ? 'actions.play' : `actionConfirm.${kind}`)}</Button>
    </>}>
      <div className={styles.form}>
        <p>{hint(kind)}</p>
        {incident.isExercise && <div className={styles.exerciseBand}>{t('exercise.actions')}</div>}
        {kind === 'endSessions' && <TextField label={t('actions.user')} value={user} onChange={setUser} maxLength={200} autoFocus data-testid="action-user" />}
        {isRotation && secrets.error !== null && <ErrorPanel error={secrets.error} isInline onRetry={secrets.refetch} />}
        {isRotation && <Select label={t('actions.secret')} value={secret} onChange={setSecret} options={(secrets.data?.server ?? []).map(({ name, rotatedAt, isOverlapping }) => ({ value: name, label: name, note: isOverlapping ? t('actions.overlapping') : rotatedAt === null ? undefined : format.dateTime(rotatedAt) }))} placeholder={secrets.data?.server.length === 0 ? t('actions.noSecrets') : t('actions.chooseSecret')} data-testid="action-secret" />}
        {isRotation && secret !== null && <p>{t(isUnderWay ? 'actions.confirms' : 'actions.begins')}</p>}
        {isRestore && backups.error !== null && <ErrorPanel error={backups.error} isInline onRetry={backups.refetch} />}
        {isRestore && <Select label={t('actions.file')} value={file} onChange={setFile} options={(backups.data?.value ?? []).map((backup) => ({ value: backup.file, label: backup.file, note: backup.at === null ? undefined : format.dateTime(backup.at) }))} placeholder={backups.data?.value.length === 0 ? t('actions.noBackups') : t('actions.chooseFile')} data-testid="action-file" />}
        {isRestore && <TextField label={t('actions.typeWord', { word })} value={typed} onChange={setTyped} data-testid="action-word" />}
        {doing.error !== null && <ErrorPanel error={doing.error} isInline />}
      </div>
    </Dialog>
  );
}

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../../../shared/ipc/errors.ts';
import { isLate, isProvenStep, isUnseen, leaverSteps, openSecrets, openSteps, type Leaver, type LeaverCommand, type LeaverStep } from '../../../../../shared/security/incidents/offboarding.ts';
import { call } from '../../../../bridge/call.ts';
import { useGuarded } from '../../../../bridge/guarded.ts';
import { useCall } from '../../../../bridge/queries.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { useSession } from '../../../../state/session.ts';
import { Badge, Button, Dialog, ErrorPanel, IconButton, TextField, useNow } from '../../../../ui/index.ts';
import { Pane, Section } from '../../Pane.tsx';
import { useActReason, useServerReason } from '../../rights.ts';
import { SourceMark } from '../../SourceMark.tsx';
import { namespace } from '../words.ts';
import styles from '../incidents.module.css';

/** One person who leaves: each step with its proof or with who vouches for it. */
export function LeaverPane({ leaver, onClose }: { leaver: Leaver; onClose: () => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const now = useNow();
  const act = useActReason();
  const server = useServerReason();
  const features = useCall('incidents.features', undefined, { enabled: server === null });
  const ownId = useSession(({ state }) => (state?.status === 'signedIn' ? state.account.subject : null));
  const { guard, isPending, error } = useGuarded();
  const [attests, setAttests] = useState<LeaverStep | null>(null);
  const [endsSessions, setEnds] = useState(false);
  const isClosed = leaver.closed !== null;
  const why = isClosed ? t('errors:incident.leaverClosed') : act;
  const whyServer = isClosed ? t('errors:incident.leaverClosed') : server;
  const obey = (command: LeaverCommand): Promise<boolean> => guard(() => call('incidents.leaver', { id: leaver.id, command }));
  const open = openSteps(leaver);
  const endReason = whyServer ?? (features.data?.endSessions === false ? t('security:reason.unsupported') : leaver.account === ownId ? t('leaver.own') : null);
  const closeReason = whyServer ?? (open.length > 0 ? t('leaver.openSteps', { count: open.length }) : null);
  return (
    <Pane
      title={leaver.name} onClose={onClose} data-testid="leaver"
      marks={isClosed ? <Badge tone="success" icon="success">{t('leaver.closed')}</Badge> : isLate(leaver, now) ? <Badge tone="danger" icon="error">{t('leaver.late')}</Badge> : <Badge icon="clock">{t('leaver.running')}</Badge>}
    >
      <p className={styles.muted}>{leaver.account} · {t('leaver.leavesAt')}: {format.dateTime(leaver.leavesAt)} · {t('leaver.createdBy', { by: leaver.createdBy, when: format.moment(leaver.createdAt) })}</p>
      {error !== null && <ErrorPanel error={error} isInline />}
      <Section title={t('leaver.steps')} actions={<>
        <Button icon="refresh" isPending={isPending} isDisabled={whyServer !== null} reason={whyServer} onPress={() => void guard(() => call('incidents.checkLeaver', { id: leaver.id }))} data-testid="leaver-check">{t('leaver.check')}</Button>
        {!isClosed && <Button variant="primary" icon="check" isPending={isPending} isDisabled={closeReason !== null} reason={closeReason} onPress={() => void obey({ do: 'close' })} data-testid="leaver-close">{t('leaver.close')}</Button>}
      </>}>
        <table className={styles.table} aria-label={t('leaver.steps')} data-testid="leaver-steps">
          <thead><tr><th scope="col">{t('leaver.step')}</th><th scope="col">{t('column.state')}</th><td /></tr></thead>
          <tbody>
            {leaverSteps.map((step) => {
              const state = leaver.steps[step];
              const isOpen = open.includes(step) || state === null || state === undefined;
              return (
                <tr key={step} data-step={step} data-state={isOpen ? 'open' : state.state}>
                  <th scope="row" className={styles.wrap}>
                    <span className={styles.stepName}>{t(`step.${step}`)}</span>
                    <div className={styles.proof}>{isOpen ? <span className={styles.muted}>{step === 'sessions' && isUnseen(leaver) ? t('leaver.unseen', { account: leaver.account }) : t(`stepHint.${step}`)}</span> : <><SourceMark source={isProvenStep(leaver, step) ? 'measured' : 'attested'} /><span>{state.state === 'proven' ? t(`stepProof.${step}`, state.params) : state.note}</span><span className={styles.muted}>{state.by} · {format.moment(state.at)}</span></>}</div>
                  </th>
                  <td className={styles.time}>{isOpen ? <Badge tone="warning" icon="clock">{t('step.open')}</Badge> : <Badge tone={state.state === 'notApplicable' ? 'neutral' : 'success'} icon={state.state === 'notApplicable' ? 'minus' : 'check'}>{t(`stepState.${state.state}`)}</Badge>}</td>
                  <td><div className={styles.buttons}>
                    {isOpen && step === 'sessions' && <Button isPending={isPending} isDisabled={endReason !== null} reason={endReason} onPress={() => setEnds(true)} data-testid="leaver-end-sessions">{t('leaver.endSessions')}</Button>}
                    {isOpen && <Button variant="quiet" isDisabled={why !== null} reason={why} onPress={() => setAttests(step)} data-testid={`attest-${step}`}>{t('leaver.attest')}</Button>}
                    {!isOpen && !isClosed && <IconButton icon="undo" label={t('leaver.undo')} isDisabled={why !== null} reason={why} onPress={() => void obey({ do: 'undo', step })} />}
                  </div></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Section>
      <Secrets leaver={leaver} why={why} isPending={isPending} obey={obey} />
      <Section title={t('leaver.log')}>
        <ul className={styles.names}>{leaver.log.toReversed().map((entry, index) => <li key={`${entry.at}-${index}`} className={styles.wrap}><span><span className={styles.muted}>{format.dateTime(entry.at)} · {entry.by}</span> {t(`leaverLog.${entry.key}`, { ...entry.params, step: entry.params['step'] === undefined ? '' : t(`step.${entry.params['step']}`) })}</span></li>)}</ul>
      </Section>
      {attests !== null && <Attest step={attests} isPending={isPending} error={error} onClose={() => setAttests(null)} onRun={(state, note) => obey({ do: 'attest', step: attests, state, note })} />}
      {endsSessions && (
        <Dialog isOpen isModal onClose={() => setEnds(false)} title={t('leaver.endSessionsTitle', { name: leaver.name })} actions={<>
          <Button onPress={() => setEnds(false)}>{t('cancel')}</Button>
          <Button variant="danger" isPending={isPending} onPress={() => void guard(() => call('incidents.endSessions', { id: leaver.id })).then(() => setEnds(false))} data-testid="leaver-end-confirm">{t('leaver.endSessions')}</Button>
        </>}><p>{t('actionHint.endSessions')}</p></Dialog>
      )}
    </Pane>
  );
}

/** Secrets that the person knew: each has to be rotated after the last day. */
function Secrets({ leaver, why, isPending, obey }: { leaver: Leaver; why: string | null; isPending: boolean; obey: (command: LeaverCommand) => Promise<boolean> }): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const [name, setName] = useState('');
  const open = openSecrets(leaver);
  return (
    <Section title={t('leaver.secrets')}>
      <p className={styles.muted}>{t('leaver.secretsHint')}</p>
      {Object.keys(leaver.secrets).length > 0 && (
        <table className={styles.table} aria-label={t('leaver.secrets')}>
          <thead><tr><th scope="col">{t('leaver.secret')}</th><th scope="col">{t('leaver.rotatedAt')}</th><td /></tr></thead>
          <tbody>
            {Object.entries(leaver.secrets).map(([secret, known]) => (
              <tr key={secret} data-secret={secret} data-open={open.includes(secret) || undefined}>
                <th scope="row" className={styles.wrap}>{secret}</th>
                <td>{known.rotatedAt === null || known.source === null ? <Badge tone="warning" icon="clock">{t('leaver.notRotated')}</Badge> : <><SourceMark source={known.source === 'proven' ? 'measured' : 'attested'} /> {format.dateTime(known.rotatedAt)}</>}</td>
                <td><div className={styles.buttons}>
                  {open.includes(secret) && <Button variant="quiet" isDisabled={why !== null} reason={why} isPending={isPending} onPress={() => void obey({ do: 'rotated', name: secret, rotatedAt: Date.now() })}>{t('leaver.rotatedNow')}</Button>}
                  <IconButton icon="close" label={t('leaver.removeSecret', { name: secret })} isDisabled={why !== null} reason={why} onPress={() => void obey({ do: 'removeSecret', name: secret })} />
                </div></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form className={styles.inline} onSubmit={(event) => { event.preventDefault(); if (name.trim() !== '' && why === null) void obey({ do: 'addSecret', name }).then((done) => { if (done) setName(''); }); }}>
        <TextField label={t('leaver.secret')} value={name} onChange={setName} maxLength={200} isDisabled={why !== null} className={styles.grow ?? ''} data-testid="leaver-secret" />
        <Button type="submit" icon="plus" isDisabled={why !== null || name.trim() === ''} reason={why ?? t('leaver.secretEmpty')}>{t('add')}</Button>
      </form>
    </Section>
  );
}

function Attest({ step, isPending, error, onRun, onClose }: { step: LeaverStep; isPending: boolean; error: AppError | null; onRun: (state: 'attested' | 'notApplicable', note: string) => Promise<boolean>; onClose: () => void }): ReactNode {
  const { t } = useTranslation(namespace);
  const [note, setNote] = useState('');
  const missing = note.trim() === '' ? t('leaver.needsNote') : null;
  const run = (state: 'attested' | 'notApplicable') => (): void => void onRun(state, note).then((done) => { if (done) onClose(); });
  return (
    <Dialog isOpen onClose={onClose} title={t(`step.${step}`)} actions={<>
      <Button onPress={onClose}>{t('cancel')}</Button>
      <Button isPending={isPending} isDisabled={missing !== null} reason={missing} onPress={run('notApplicable')}>{t('leaver.notApplicable')}</Button>
      <Button variant="primary" isPending={isPending} isDisabled={missing !== null} reason={missing} onPress={run('attested')} data-testid="attest-confirm">{t('leaver.attest')}</Button>
    </>}>
      <div className={styles.form}>
        <p>{t(`stepHint.${step}`)}</p>
        <TextField label={t('leaver.note')} value={note} onChange={setNote} maxLength={1000} autoFocus data-testid="attest-note" />
        <p className={styles.muted}>{t('leaver.attestHint')}</p>
        {error !== null && <ErrorPanel error={error} isInline />}
      </div>
    </Dialog>
  );
}

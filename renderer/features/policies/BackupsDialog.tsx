import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { foreign, formatBackup, type RulesOrigin } from '../../../shared/policy/backup-file.ts';
import { fingerprintOf } from '../../../shared/policy/change-file.ts';
import { automationAdded, verdictOf } from '../../../shared/policy/compare.ts';
import { changesBetween } from '../../../shared/policy/edit.ts';
import { lint } from '../../../shared/policy/lint/index.ts';
import { largestFile, parseRules, type ParseProblem } from '../../../shared/policy/parse.ts';
import type { RuleRecord } from '../../../shared/policy/records.ts';
import type { Rule } from '../../../shared/policy/rule.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Banner, Button, Checkbox, Dialog, ErrorPanel, TextField } from '../../ui/index.ts';
import { Change } from './ChangesDialog.tsx';
import { Verdict } from './LintPanel.tsx';
import styles from './policies.module.css';

type Chosen = { kind: 'file'; name: string; rules: Rule[]; origin: RulesOrigin | null } | { kind: 'server'; name: string };
const shownProblems = 8;
const backupOf = async (records: readonly RuleRecord[]): Promise<string> => formatBackup(records.map(({ rule }) => rule), await call('policy.origin'));

/** Backups: made, saved as a file, looked into, and restored after a typed word. */
export function BackupsDialog({ records, mayWrite, hasServerBackups, onImport, onRestored, onRefused, onClose }: {
  records: readonly RuleRecord[]; mayWrite: string | null; hasServerBackups: boolean; onImport: (rules: Rule[]) => void; onRestored: () => void; onRefused: () => void; onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const list = useCall('policy.backups', undefined, { enabled: hasServerBackups });
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [problems, setProblems] = useState<readonly ParseProblem[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    setPending(true);
    setError(null);
    setNote(null);
    await work().catch((thrown: unknown) => setError(errorOf(thrown)));
    setPending(false);
  };
  const exportRules = (): Promise<void> => guarded(async () => {
    const saved = await call('policy.saveFile', { suggestedName: t('backups.fileName', { day: new Date().toISOString().slice(0, 10) }), text: await backupOf(records) });
    if (saved !== null) setNote(t('backups.saved', { path: saved.path }));
  });
  const read = async (file: File | undefined): Promise<void> => {
    setProblems([]);
    setChosen(null);
    if (file === undefined) return;
    const parsed = file.size > largestFile ? parseRules(' '.repeat(largestFile + 1)) : parseRules(await file.text());
    setProblems(parsed.problems);
    if (parsed.problems.length === 0) setChosen({ kind: 'file', name: file.name, rules: parsed.rules, origin: parsed.origin });
  };
  return (
    <Dialog isOpen onClose={onClose} size="large" title={t('backups.title')} actions={<Button onPress={onClose}>{t('close')}</Button>}>
      <div className={styles.backups} data-testid="policy-backups">
        <div className={styles.badges}>
          <Button icon="archive" isPending={isPending} onPress={() => void exportRules()} data-testid="policy-export">{t('backups.export')}</Button>
          {hasServerBackups && <Button icon="server" isPending={isPending} isDisabled={mayWrite !== null} reason={mayWrite} onPress={() => void guarded(async () => { const { file } = await call('policy.createBackup'); setNote(t('backups.created', { file })); list.refetch(); })}>{t('backups.create')}</Button>}
          <Button icon="documents" onPress={() => input.current?.click()}>{t('backups.open')}</Button>
          <input ref={input} type="file" accept=".json,application/json" hidden aria-label={t('backups.open')} data-testid="policy-file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
        </div>
        {note !== null && <Banner tone="success">{note}</Banner>}
        {error !== null && <ErrorPanel error={error} isInline />}
        {problems.length > 0 && (
          <div role="alert" data-testid="policy-file-problems">
            <Banner tone="danger">{t('backups.unreadable', { count: problems.length })}</Banner>
            <ul className={styles.examples}>{problems.slice(0, shownProblems).map((one) => <li key={`${one.path} ${one.messageKey}`}><code>{one.path}</code> {t(one.messageKey.replace(/^policy\./, ''), one.params)}</li>)}</ul>
          </div>
        )}
        {!hasServerBackups && <p className={styles.muted}>{t('backups.noServer')}</p>}
        {list.error !== null && <ErrorPanel error={list.error} isInline onRetry={list.refetch} />}
        {list.data !== undefined && (
          <table className={styles.alerts} aria-label={t('backups.list')}>
            <thead><tr><th scope="col">{t('backups.file')}</th><th scope="col">{t('backups.at')}</th><th scope="col">{t('backups.rules')}</th><td /></tr></thead>
            <tbody>
              {list.data.value.map((backup) => (
                <tr key={backup.file}>
                  <th scope="row">{backup.file}</th><td>{backup.at === null ? '–' : format.moment(backup.at)}</td><td>{backup.rules ?? '–'}</td>
                  <td><Button variant="quiet" isDisabled={mayWrite !== null} reason={mayWrite} onPress={() => setChosen({ kind: 'server', name: backup.file })}>{t('backups.restore')}</Button></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {chosen !== null && <Restore key={chosen.name} chosen={chosen} records={records} mayWrite={mayWrite} keepsSafety={hasServerBackups} onImport={onImport} onRestored={onRestored} onRefused={onRefused} />}
      </div>
    </Dialog>
  );
}

/** What a restore would change, and the word that starts it. */
function Restore({ chosen, records, mayWrite, keepsSafety, onImport, onRestored, onRefused }: { chosen: Chosen; records: readonly RuleRecord[]; mayWrite: string | null; keepsSafety: boolean; onImport: (rules: Rule[]) => void; onRestored: () => void; onRefused: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const [typed, setTyped] = useState('');
  const [why, setWhy] = useState('');
  const [copyOf, setCopyOf] = useState<string | null>(null);
  const [sureOf, setSureOf] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const rules = useMemo(() => records.map(({ rule }) => rule), [records]);
  const seen = useMemo(() => fingerprintOf(rules), [rules]);
  const hasCopy = keepsSafety || copyOf === seen;
  const added = useMemo(() => (chosen.kind === 'file' ? automationAdded(rules, chosen.rules) : []), [chosen, rules]);
  const verdict = useMemo(() => verdictOf(added), [added]);
  const faults = useMemo(() => (chosen.kind === 'file' ? lint(chosen.rules).filter(({ level }) => level === 'error') : []), [chosen]);
  const needsSure = (added.length > 0 && sureOf !== verdict) || (chosen.kind === 'server' && sureOf === null);
  const changes = chosen.kind === 'file' ? changesBetween(records, chosen.rules) : null;
  const here = useCall('policy.origin', undefined);
  const from = chosen.kind === 'file' ? chosen.origin : null;
  const strange = here.data === undefined ? null : foreign(from, here.data);
  const elsewhere = strange === null ? null : t(`backups.foreign.${strange}`, { server: from?.server, tenant: from?.tenant ?? t('backups.noTenant') });
  const word = t('backups.word');
  const reason = elsewhere ?? mayWrite ?? (!hasCopy ? t('backups.needsCopy') : needsSure ? t('send.needsSure') : why.trim() === '' ? t('backups.needsReason') : typed.trim() !== word ? t('backups.needsWord', { word }) : null);
  const run = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await call('policy.restore', chosen.kind === 'file' ? { rules: chosen.rules, origin: chosen.origin, reason: why.trim(), seen, confirmed: verdict } : { file: chosen.name, reason: why.trim() });
      onRestored();
    } catch (thrown) {
      setError(errorOf(thrown));
      setPending(false);
      // What would be replaced is shown anew from what the server has.
      onRefused();
    }
  };
  const saveCopy = async (): Promise<void> => {
    setError(null);
    try {
      const saved = await call('policy.saveCopy', { suggestedName: t('backups.safetyName') });
      if (saved === null) return;
      setCopyOf(saved.of);
      // The copy is of the rules of now; where those on screen are older, they come again.
      if (saved.of !== seen) onRefused();
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  return (
    <section className={styles.restore} aria-labelledby="policy-restore">
      <h3 id="policy-restore">{t('backups.restoreTitle', { name: chosen.name })}</h3>
      {elsewhere !== null && <Banner tone="warning" data-testid="policy-foreign">{elsewhere}</Banner>}
      {changes !== null && <p>{changes.length === 0 ? t('backups.noChange') : t('backups.wouldChange', { count: changes.length })}</p>}
      {changes !== null && changes.length > 0 && <ul className={styles.changeList}>{changes.slice(0, 50).map((change) => <Change key={change.op === 'delete' ? change.base.rule.id : change.rule.id} change={change} />)}</ul>}
      {chosen.kind === 'server' && <p className={styles.muted}>{t('backups.serverPreview')}</p>}
      {changes !== null && <Verdict added={added} isEdited={changes.length > 0} />}
      {faults.length > 0 && (
        <div data-testid="restore-lint">
          <Banner tone="warning">{t('backups.lint', { count: faults.length })}</Banner>
          <ul className={styles.examples}>{faults.slice(0, shownProblems).map((one) => <li key={`${one.ruleId} ${one.lint} ${one.path}`}><b>{one.ruleId}</b> {t(`lint.${one.lint}`, one.params)}</li>)}</ul>
        </div>
      )}
      {(added.length > 0 || chosen.kind === 'server') && <Checkbox isSelected={!needsSure} onChange={(isRead) => setSureOf(isRead ? verdict : null)}>{t(chosen.kind === 'server' ? 'backups.sureUnseen' : 'send.sure')}</Checkbox>}
      <div className={styles.badges}>
        {chosen.kind === 'file' && <Button icon="edit" onPress={() => onImport(chosen.rules)} data-testid="policy-import">{t('backups.import')}</Button>}
        {!keepsSafety && <Button icon={hasCopy ? 'check' : 'archive'} onPress={() => void saveCopy()}>{t(hasCopy ? 'backups.copySaved' : 'backups.saveCopy')}</Button>}
      </div>
      <p className={styles.muted}>{t('backups.alone')}</p>
      <div className={styles.decide}>
        <TextField label={t('send.reason')} value={why} onChange={setWhy} maxLength={2000} data-testid="restore-reason" />
        <TextField label={t('backups.typeWord', { word })} value={typed} onChange={setTyped} data-testid="restore-word" />
        <Button variant="danger" isPending={isPending} isDisabled={reason !== null} reason={reason} onPress={() => void run()} data-testid="policy-restore">{t('backups.replaceAll')}</Button>
      </div>
      {error !== null && <ErrorPanel error={error} isInline />}
    </section>
  );
}

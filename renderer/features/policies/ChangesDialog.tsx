import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changesOf } from '../../../shared/policy/edit.ts';
import { verdictOf, type Difference } from '../../../shared/policy/compare.ts';
import type { RuleChange } from '../../../shared/policy/records.ts';
import type { Rule } from '../../../shared/policy/rule.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Banner, Button, Checkbox, DateField, Dialog, ErrorPanel, TextArea, TextField } from '../../ui/index.ts';
import { Verdict } from './LintPanel.tsx';
import { changeWords, ruleWords } from './words.ts';
import styles from './policies.module.css';

export type SendWays = {
  /** Why it cannot be proposed, applied or saved as a file; null where it can. */
  propose: string | null;
  apply: string | null;
};

/** What was changed, in words, and the ways it can go from here. */
export function ChangesDialog({ changes, base, added, failed, errors, reason, onReason, ways, onDone, onRefused, onClose }: {
  changes: readonly RuleChange[]; base: readonly Rule[]; added: readonly Difference[]; /** Scenarios that do not hold. */ failed: number; /** Of the linter. */ errors: number; reason: string; onReason: (reason: string) => void; ways: SendWays; onDone: (how: 'proposed' | 'applied') => void; onRefused: () => void; onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('policies');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [saved, setSaved] = useState<{ path: string } | null>(null);
  const verdict = useMemo(() => verdictOf(added), [added]);
  const [sureOf, setSureOf] = useState<string | null>(null);
  const isSure = sureOf === verdict;
  const [isLater, setLater] = useState(false);
  const [day, setDay] = useState<string | null>(null);
  const [time, setTime] = useState('06:00');
  const at = !isLater ? null : day === null || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? Number.NaN : new Date(`${day}T${time}:00`).getTime();
  const missing = reason.trim() === '' ? t('send.needsReason') : added.length > 0 && !isSure ? t('send.needsSure') : Number.isNaN(at) ? t('send.needsTime') : null;
  const run = async (how: 'proposed' | 'applied'): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      if (how === 'proposed') await call('policy.propose', { changes: [...changes], reason: reason.trim(), activateAt: at });
      else await call('policy.apply', { changes: [...changes], reason: reason.trim(), confirmed: verdict });
      onDone(how);
    } catch (thrown) {
      setError(errorOf(thrown));
      setPending(false);
      // What the server has now decides what there is to read and to merge.
      onRefused();
    }
  };
  const save = async (): Promise<void> => {
    setError(null);
    setSaved(null);
    try {
      setSaved(await call('policy.saveChange', { suggestedName: t('send.fileName'), changes: [...changes], reason: reason.trim(), base: [...base] }));
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  const blocked = (why: string | null): string | null => why ?? missing;
  return (
    <Dialog isOpen onClose={onClose} isModal size="large" title={t('send.title', { count: changes.length })} actions={<>
      <Button onPress={onClose}>{t('send.back')}</Button>
      <Button icon="archive" isDisabled={missing !== null} reason={missing} onPress={() => void save()} data-testid="policy-save-change">{t('send.file')}</Button>
      <Button variant={ways.propose === null ? 'default' : 'primary'} isPending={isPending} isDisabled={blocked(ways.apply) !== null || isLater} reason={isLater ? t('send.laterNeedsProposal') : blocked(ways.apply)} onPress={() => void run('applied')} data-testid="policy-apply">{t('send.apply')}</Button>
      <Button variant="primary" icon="send" isPending={isPending} isDisabled={blocked(ways.propose) !== null} reason={blocked(ways.propose)} onPress={() => void run('proposed')} data-testid="policy-propose">{t('send.propose')}</Button>
    </>}>
      <div className={styles.changes}>
        <Verdict added={added} isEdited />
        {added.length > 0 && <Checkbox isSelected={isSure} onChange={(isRead) => setSureOf(isRead ? verdict : null)}>{t('send.sure')}</Checkbox>}
        {failed > 0 && <Banner tone="warning" data-testid="send-scenarios">{t('scenarios.failed', { count: failed })}</Banner>}
        {errors > 0 && <Banner tone="warning" data-testid="send-lint">{t('send.lint', { count: errors })}</Banner>}
        <ul className={styles.changeList}>{changes.map((change) => <Change key={`${change.op} ${change.op === 'delete' ? change.base.rule.id : change.rule.id}`} change={change} />)}</ul>
        <TextArea label={t('send.reason')} value={reason} onChange={onReason} isRequired maxLength={2000} rows={2} data-testid="policy-reason" />
        {ways.apply === null && <p className={styles.muted} data-testid="policy-alone">{t('send.alone')}</p>}
        {ways.propose === null && (
          <div className={styles.later}>
            <Checkbox isSelected={isLater} onChange={setLater}>{t('send.later')}</Checkbox>
            {isLater && <><DateField label={t('send.day')} value={day} onChange={setDay} /><TextField label={t('send.time')} value={time} onChange={setTime} /></>}
          </div>
        )}
        {saved !== null && <Banner tone="success" data-testid="change-saved">{t('send.saved', { path: saved.path })}</Banner>}
        {error !== null && <ErrorPanel error={error} isInline />}
      </div>
    </Dialog>
  );
}

/** One rule's change in sentences. */
export function Change({ change }: { change: RuleChange }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const id = change.op === 'delete' ? change.base.rule.id : change.rule.id;
  const kind = change.op === 'delete' ? 'deleted' : change.base === null ? 'new' : 'changed';
  return (
    <li data-change={id}>
      <p className={styles.badges}><Badge tone={kind === 'deleted' ? 'danger' : 'accent'} icon={kind === 'deleted' ? 'trash' : kind === 'new' ? 'plus' : 'edit'}>{t(`mark.${kind}`)}</Badge><b>{id}</b></p>
      {change.op === 'delete' ? <p>{ruleWords(change.base.rule, t)}</p> : change.base === null ? <p>{ruleWords(change.rule, t)}</p> : (
        <ul>{changesOf(change.base.rule, change.rule).map((one) => <li key={one.path}>{changeWords(one, t, format)}</li>)}</ul>
      )}
    </li>
  );
}

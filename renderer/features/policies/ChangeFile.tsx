import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { idOfChange, largestChangeFile } from '../../../shared/policy/change-file.ts';
import { automationAdded, verdictOf } from '../../../shared/policy/compare.ts';
import { withChanges } from '../../../shared/policy/edit.ts';
import type { OpenedChange, RuleRecord } from '../../../shared/policy/records.ts';
import { appError, type AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Banner, Button, Checkbox, ErrorPanel } from '../../ui/index.ts';
import { Change } from './ChangesDialog.tsx';
import { Verdict } from './LintPanel.tsx';
import styles from './policies.module.css';

type Opened = { name: string; text: string; change: OpenedChange };

/** A change that somebody handed over as a file: opened, read like a proposal, and applied by a second person. */
export function ChangeFile({ records, mayApply, onApplied, onRefused }: { records: readonly RuleRecord[]; mayApply: string | null; onApplied: () => void; onRefused: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const read = async (file: File | undefined): Promise<void> => {
    setOpened(null);
    setError(null);
    if (file === undefined) return;
    try {
      // Every character takes at least one byte and at most three: what is larger is not even read.
      if (file.size > largestChangeFile * 3) throw tooLarge();
      const text = await file.text();
      if (text.length > largestChangeFile) throw tooLarge();
      setOpened({ name: file.name, text, change: await call('policy.openChange', { text }) });
    } catch (thrown) {
      setError(isAppError(thrown) ? thrown : errorOf(thrown));
    }
  };
  return (
    <section className={styles.backups} aria-label={t('changeFile.title')}>
      <div className={styles.badges}>
        <Button icon="documents" onPress={() => input.current?.click()}>{t('changeFile.open')}</Button>
        <input ref={input} type="file" accept=".txt,text/plain" hidden aria-label={t('changeFile.open')} data-testid="change-file" onChange={(event) => { void read(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
        <span className={styles.muted}>{t('changeFile.hint')}</span>
      </div>
      {error !== null && <div data-testid="change-file-error"><ErrorPanel error={error} isInline /></div>}
      {opened !== null && <Read key={opened.text} opened={opened} records={records} mayApply={mayApply} onApplied={() => { setOpened(null); onApplied(); }} onRefused={onRefused} />}
    </section>
  );
}

const tooLarge = (): AppError => appError('input.invalid', { messageKey: 'errors.policy.change.tooLarge' });
const isAppError = (thrown: unknown): thrown is AppError => typeof thrown === 'object' && thrown !== null && 'messageKey' in thrown;

function Read({ opened: { name, text, change }, records, mayApply, onApplied, onRefused }: { opened: Opened; records: readonly RuleRecord[]; mayApply: string | null; onApplied: () => void; onRefused: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const [isCompared, setCompared] = useState(false);
  const [sureOf, setSureOf] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { author, key, stale } = change;
  const rules = records.map(({ rule }) => rule);
  const added = automationAdded(rules, withChanges(rules, change.changes));
  const verdict = verdictOf(added);
  const isSure = sureOf === verdict;
  const isKnown = key.trust === 'own' || key.trust === 'known';
  const reason = change.isOwn ? t('proposals.own') : mayApply ?? (stale.length > 0 ? t('changeFile.needsCurrent') : !isKnown && !isCompared ? t('changeFile.needsCompared') : added.length > 0 && !isSure ? t('send.needsSure') : null);
  const apply = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      await call('policy.applyChange', { text, isCompared, confirmed: verdict });
      onApplied();
    } catch (thrown) {
      setError(errorOf(thrown));
      setPending(false);
      // Where the rules have moved, what is read next must be the new verdict.
      onRefused();
    }
  };
  return (
    <section className={styles.restore} aria-label={name} data-testid="change-file-read">
      <p className={styles.badges}><Badge tone={isKnown ? 'success' : 'warning'} icon={isKnown ? 'check' : 'warning'}>{t(`changeFile.badge.${isKnown ? 'known' : 'unknown'}`)}</Badge><b>{author}</b> {format.moment(change.at)} <span className={styles.muted}>{name}</span></p>
      <p>{change.reason}</p>
      <p className={isKnown ? styles.muted : undefined}>{t(`changeFile.key.${key.trust}`, { key: key.name, author, other: key.comparedWith ?? '' })}</p>
      {stale.length > 0 ? <Banner tone="danger">{t('changeFile.stale', { rules: stale.join(', ') })}</Banner> : !change.isBaseSame && <Banner tone="warning">{t('changeFile.moved')}</Banner>}
      {change.isOwn && <Banner tone="warning">{t('proposals.own')}</Banner>}
      <Verdict isEdited added={added} />
      <ul className={styles.changeList}>{change.changes.map((one) => <Change key={idOfChange(one)} change={one} />)}</ul>
      {!change.isOwn && !isKnown && <Checkbox isSelected={isCompared} onChange={setCompared}>{t('changeFile.compared', { author })}</Checkbox>}
      {!change.isOwn && added.length > 0 && <Checkbox isSelected={isSure} onChange={(isRead) => setSureOf(isRead ? verdict : null)}>{t('send.sure')}</Checkbox>}
      <div className={styles.badges}>
        <Button variant="primary" icon="check" isPending={isPending} isDisabled={reason !== null} reason={reason} onPress={() => void apply()} data-testid="apply-change-file">{t('changeFile.apply')}</Button>
      </div>
      {error !== null && <ErrorPanel error={error} isInline />}
    </section>
  );
}

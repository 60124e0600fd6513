import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { itemStates, lackOfAnswer, noAnswer, type Answer, type Checklist, type ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useCommand } from '../../../state/commands.ts';
import { Banner, Button, DateField, DefinitionList, ErrorPanel, Select, TextArea, TextField } from '../../../ui/index.ts';
import { Pane, Section } from '../Pane.tsx';
import { AnswerMark } from './AnswerMark.tsx';
import styles from './checklists.module.css';

type Props = { list: Checklist; standing: ItemStanding; language: 'de' | 'en'; place: 'server' | 'here' | 'unknown'; mayAct: string | null; onClose: () => void };

/** One item: its answer to be changed, who gave it when, and the points of the score that prove it. */
export function ItemPane({ list, standing, language, place, mayAct, onClose }: Props): ReactNode {
  const { t } = useTranslation(['security-checklists', 'security-score']);
  const format = useFormat();
  const answer = useAction('checklists.answer');
  const resolve = useAction('checklists.resolve');
  const { item, result } = standing;
  const { state, owner, due, evidence, note } = result ?? noAnswer;
  const before: Answer = { state, owner, due, evidence, note };
  const [draft, setDraft] = useState<Answer>(before);
  const put = (change: Partial<Answer>): void => setDraft((last) => ({ ...last, ...change }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(before);
  const lack = lackOfAnswer(draft);
  const reason = mayAct ?? (isChanged ? (lack === null ? null : t(`errors:checklist.lacks.${lack}`)) : t('pane.unchanged'));
  const isAnswered = draft.state === 'done' || draft.state === 'partly';
  const save = (): void => { if (reason === null) void answer.run({ list: list.id, item: item.id, answer: draft }); };
  useCommand({ id: 'checklists.save', title: t('save'), group: 'document', shortcut: 'Ctrl+S', isEnabled: reason === null, reason, run: save });
  const settle = (keep: 'mine' | 'theirs'): void => void resolve.run({ list: list.id, item: item.id, keep });
  const error = answer.error ?? resolve.error;
  const mine = result?.mine ?? null;
  const isDisabled = mayAct !== null;
  const points = [...item.points ?? [], ...item.hints ?? []];
  return (
    <Pane title={item.ref === '' ? item.text[language] : `${item.ref} ${item.text[language]}`} marks={<AnswerMark standing={standing} />} onClose={onClose} data-testid="checklist-item">
      {error !== null && <ErrorPanel error={error} isInline />}
      {mine !== null && (
        <Banner tone="warning" action={<span className={styles.choice}><Button isDisabled={isDisabled} reason={mayAct} onPress={() => settle('mine')} data-testid="checklist-mine">{t('conflict.mine')}</Button><Button isDisabled={isDisabled} reason={mayAct} onPress={() => settle('theirs')}>{t('conflict.theirs')}</Button></span>}>
          {t('conflict.title', { name: result?.updatedBy ?? '', state: t(`state.${mine.state}`), owner: mine.owner === '' ? '–' : mine.owner })}
        </Banner>
      )}
      <Section title={t('pane.answer')} actions={<Button variant="primary" shortcut="Ctrl+S" isPending={answer.isPending} isDisabled={reason !== null} reason={reason} onPress={save} data-testid="checklist-save">{t('save')}</Button>}>
        <div className={styles.form}>
          <Select label={t('pane.state')} options={itemStates.map((value) => ({ value, label: t(`state.${value}`) }))} value={draft.state} onChange={(value) => put({ state: value })} isDisabled={isDisabled} data-testid="checklist-state" />
          <DateField label={t('pane.due')} value={draft.due} onChange={(value) => put({ due: value })} isDisabled={isDisabled} />
          <TextField label={t('pane.owner')} isRequired={isAnswered} value={draft.owner} onChange={(value) => put({ owner: value })} maxLength={200} isDisabled={isDisabled} className={styles.wide ?? ''} data-testid="checklist-owner" />
          <TextField label={t('pane.evidence')} hint={t('pane.evidenceHint')} isRequired={isAnswered} value={draft.evidence} onChange={(value) => put({ evidence: value })} maxLength={500} isDisabled={isDisabled} className={styles.wide ?? ''} data-testid="checklist-evidence" />
          <TextArea label={t('pane.note')} rows={3} isRequired={draft.state === 'notApplicable'} value={draft.note} onChange={(value) => put({ note: value })} maxLength={2000} isDisabled={isDisabled} className={styles.wide ?? ''} />
        </div>
        <DefinitionList items={[
          { label: t('pane.lastChange'), value: result === null ? t('pane.never') : t('pane.changed', { at: format.dateTime(result.updatedAt), name: result.updatedBy }) },
          { label: t('pane.place'), value: result === null ? '–' : result.isPending ? t('pending') : t(`place.${result.version === null ? (place === 'server' ? 'unknown' : place) : 'server'}`) },
          ...(item.level === undefined ? [] : [{ label: t('pane.level'), value: String(item.level) }]),
        ]} />
      </Section>
      {points.length > 0 && (
        <Section title={t('pane.points')}>
          <ul className={styles.points}>{points.map((point) => <li key={point}><Link to={`/security/score/${point}`}>{t(`point.${point}`, { ns: 'security-score' })}</Link></li>)}</ul>
          <p className={styles.muted}>{t(item.points === undefined && item.origins === undefined ? 'pane.onlyHints' : item.origins === undefined ? 'pane.mayProve' : 'pane.partProves')}</p>
        </Section>
      )}
    </Pane>
  );
}

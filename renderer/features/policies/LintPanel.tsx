import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Difference } from '../../../shared/policy/compare.ts';
import type { Finding } from '../../../shared/policy/lint/index.ts';
import { Badge, Banner, Button, EmptyState } from '../../ui/index.ts';
import { stretchWords } from './words.ts';
import styles from './policies.module.css';

const levels = ['error', 'risk', 'hint'] as const;
const tones = { error: 'danger', risk: 'warning', hint: 'neutral' } as const;
const icons = { error: 'error', risk: 'warning', hint: 'info' } as const;
const shownExamples = 6;

/** What the edit would do by itself that the active rules do not: the proof or its counterexamples. */
export function Verdict({ added, isEdited }: { added: readonly Difference[]; isEdited: boolean }): ReactNode {
  const { t } = useTranslation('policies');
  if (!isEdited) return null;
  if (added.length === 0) return <Banner tone="success" data-testid="policy-verdict">{t('verdict.none')}</Banner>;
  const places = [...new Map(added.map((one) => [`${one.kpiId} ${one.severity}`, one])).values()];
  return (
    <div data-testid="policy-verdict">
      <Banner tone="danger">{t('verdict.added', { count: places.length })}</Banner>
      <ul className={styles.examples}>
        {places.slice(0, shownExamples).map((one) => (
          <li key={`${one.kpiId} ${one.severity}`}>
            <b>{one.kpiId}</b> {t(`severity.${one.severity}`)}: {one.after.action === null ? '' : t(`action.${one.after.action}`)} · {one.when.slice(0, 3).map((stretch) => stretchWords(stretch, t)).join('; ')}{one.when.length > 3 ? ' …' : ''} · {t('verdict.roles', { roles: one.roles.join(', ') || t('verdict.anyone') })}
          </li>
        ))}
        {places.length > shownExamples && <li className={styles.muted}>{t('verdict.more', { count: places.length - shownExamples })}</li>}
      </ul>
    </div>
  );
}

/** What the linter says of the whole set, the selected rule first; a press on a rule's name goes to it. */
export function LintPanel({ findings, selected, onGo, onFix }: { findings: readonly Finding[]; selected: string | null; onGo: (ruleId: string) => void; onFix: (finding: Finding) => void }): ReactNode {
  const { t } = useTranslation('policies');
  const sorted = findings.toSorted((a, b) => Number(b.ruleId === selected) - Number(a.ruleId === selected) || levels.indexOf(a.level) - levels.indexOf(b.level));
  if (findings.length === 0) return <EmptyState icon="success" title={t('lint.none')} hint={t('lint.noneHint')} />;
  return (
    <ul className={styles.findings} data-testid="policy-lint">
      {sorted.map((one, index) => (
        <li key={index} data-lint={one.lint} data-rule={one.ruleId}>
          <div className={styles.findingHead}>
            <Badge tone={tones[one.level]} icon={icons[one.level]}>{t(`level.${one.level}`)}</Badge>
            <Button variant="quiet" onPress={() => onGo(one.ruleId)}>{one.ruleId}</Button>
          </div>
          <p>{t(`lint.${one.lint}`, one.params)}</p>
          <p className={styles.muted}>{t(`lint.${one.lint}.why`, one.params)}</p>
          {one.fix !== undefined && <Button icon="check" onPress={() => onFix(one)}>{t('remove' in one.fix ? 'lint.fixRemove' : 'lint.fix')}</Button>}
        </li>
      ))}
    </ul>
  );
}

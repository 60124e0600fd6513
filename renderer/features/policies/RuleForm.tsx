import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../shared/policy/lint/index.ts';
import { approverRoles, policyActions, ruleIdSchema, severities, type Approval, type Rule } from '../../../shared/policy/rule.ts';
import { Checkbox, ComboBox, Select, TextField } from '../../ui/index.ts';
import { ParamsFields } from './ParamsFields.tsx';
import { WeekGrid } from './WeekGrid.tsx';
import styles from './policies.module.css';

export type RuleFormProps = {
  rule: Rule;
  isNew: boolean;
  /** Ids of the other rules. */
  taken: ReadonlySet<string>;
  kpis: readonly string[];
  findings: readonly Finding[];
  onChange: (rule: Rule, group?: string) => void;
};

/** Puts an optional part in or takes it out. */
function withPart<K extends 'params' | 'limits' | 'window' | 'approval'>(rule: Rule, part: K, value: Rule[K] | undefined): Rule {
  const next = { ...rule };
  if (value === undefined) delete next[part];
  else next[part] = value;
  return next;
}

/** The same rule as the JSON view shows, as a form. */
export function RuleForm({ rule, isNew, taken, kpis, findings, onChange }: RuleFormProps): ReactNode {
  const { t } = useTranslation('policies');
  const approval: Approval = rule.approval ?? { required: false };
  const problem = (path: string): string | null => {
    const found = findings.find((one) => one.level === 'error' && one.path === path);
    return found === undefined ? null : t(`lint.${found.lint}`, found.params);
  };
  const idProblem = !ruleIdSchema.safeParse(rule.id).success ? t('form.idLength') : taken.has(rule.id) ? t('form.idTaken', { id: rule.id }) : problem('id');
  const setApproval = (change: Partial<Approval>): void => {
    const next: Approval = { ...approval, ...change };
    onChange(withPart(rule, 'approval', next.required || (next.roles ?? []).length > 0 || next.bypassIfSeverity !== undefined ? next : undefined));
  };
  const setBypass = (value: string): void => {
    const { bypassIfSeverity: _gone, ...rest } = approval;
    onChange(withPart(rule, 'approval', value === 'none' ? rest : { ...rest, bypassIfSeverity: value as Approval['bypassIfSeverity'] }));
  };
  return (
    <div className={styles.form} data-testid="rule-form">
      <section aria-labelledby="policy-when">
        <h3 id="policy-when">{t('form.when')}</h3>
        <TextField label={t('path.id')} value={rule.id} isReadOnly={!isNew} maxLength={100} hint={isNew ? t('form.idHint') : t('form.idFixed')} error={isNew ? idProblem : problem('id')} onChange={(id) => onChange({ ...rule, id }, 'id')} data-testid="rule-id" />
        <ComboBox
          label={t('path.when.kpiId')} items={kpis.filter((kpi) => kpi.includes(rule.when.kpiId.trim())).map((kpi) => ({ id: kpi, label: kpi }))} text={rule.when.kpiId} error={problem('when.kpiId')} data-testid="rule-kpi"
          onSearch={() => undefined} onTextChange={(kpiId) => kpiId !== rule.when.kpiId && onChange({ ...rule, when: { ...rule.when, kpiId } }, 'kpi')} onPick={() => undefined}
        />
        <div role="group" aria-label={t('path.when.severity')} className={styles.checks}>
          <span className={styles.checksLabel}>{t('path.when.severity')}</span>
          {severities.map((one) => (
            <Checkbox key={one} isSelected={rule.when.severity.includes(one)} onChange={(on) => onChange({ ...rule, when: { ...rule.when, severity: severities.filter((other) => (other === one ? on : rule.when.severity.includes(other))) } })}>{t(`severity.${one}`)}</Checkbox>
          ))}
        </div>
        {problem('when.severity') !== null && <p className={styles.problem}>{problem('when.severity')}</p>}
      </section>
      <section aria-labelledby="policy-then">
        <h3 id="policy-then">{t('form.then')}</h3>
        <Select label={t('path.action')} options={policyActions.map((value) => ({ value, label: t(`action.${value}`) }))} value={rule.action} onChange={(action) => onChange({ ...rule, action })} />
        <h4>{t('path.params')}</h4>
        <ParamsFields name="params" bySeverity values={rule.params ?? {}} onChange={(params, group) => onChange(withPart(rule, 'params', params), group)} />
      </section>
      <section aria-labelledby="policy-how">
        <h3 id="policy-how">{t('form.how')}</h3>
        <Checkbox isSelected={rule.autoExecute} onChange={(autoExecute) => onChange({ ...rule, autoExecute })}>{t('path.autoExecute')}</Checkbox>
        <Checkbox isSelected={rule.autoSuggest} onChange={(autoSuggest) => onChange({ ...rule, autoSuggest })}>{t('path.autoSuggest')}</Checkbox>
        <Checkbox isSelected={approval.required} onChange={(required) => setApproval({ required })}>{t('path.approval.required')}</Checkbox>
        {(approval.required || rule.approval !== undefined) && (
          <div className={styles.indent}>
            <div role="group" aria-label={t('path.approval.roles')} className={styles.checks}>
              <span className={styles.checksLabel}>{t('path.approval.roles')}</span>
              {approverRoles.map((role) => <Checkbox key={role} isSelected={approval.roles?.includes(role) ?? false} onChange={(on) => setApproval({ roles: approverRoles.filter((other) => (other === role ? on : (approval.roles ?? []).includes(other))) })}>{role}</Checkbox>)}
            </div>
            {problem('approval.roles') !== null && <p className={styles.problem}>{problem('approval.roles')}</p>}
            <Select label={t('path.approval.bypassIfSeverity')} value={approval.bypassIfSeverity ?? 'none'} onChange={setBypass} options={[{ value: 'none', label: t('form.noBypass') }, ...severities.map((value) => ({ value, label: t(`severity.${value}`) }))]} />
          </div>
        )}
      </section>
      <section aria-labelledby="policy-window">
        <h3 id="policy-window">{t('path.window')}</h3>
        <Checkbox isSelected={rule.window !== undefined} onChange={(on) => onChange(withPart(rule, 'window', on ? { days: [1, 2, 3, 4, 5], start: '06:00', end: '18:00' } : undefined))}>{t('form.hasWindow')}</Checkbox>
        {rule.window !== undefined && <WeekGrid window={rule.window} errors={{ start: problem('window.start'), end: problem('window.end') ?? problem('window'), days: problem('window.days') }} onChange={(window, group) => onChange(withPart(rule, 'window', window), group)} />}
      </section>
      <section aria-labelledby="policy-limits">
        <h3 id="policy-limits">{t('path.limits')}</h3>
        <p className={styles.muted}>{t('form.limitsHint')}</p>
        <ParamsFields name="limits" bySeverity={false} values={rule.limits ?? {}} onChange={(limits, group) => onChange(withPart(rule, 'limits', limits), group)} />
      </section>
    </div>
  );
}

import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scenario } from '../../../shared/policy/records.ts';
import { coverage, type Branch } from '../../../shared/policy/coverage.ts';
import { RuleSet } from '../../../shared/policy/engine.ts';
import { approverRoles, severities, type Rule, type Severity } from '../../../shared/policy/rule.ts';
import { clockTime } from '../../../shared/policy/time.ts';
import { setAnswer } from '../../bridge/answers.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { Badge, Button, EmptyState, ErrorPanel, IconButton, Select, TextField } from '../../ui/index.ts';
import { outcomeOf, runScenarios } from './scenarios.ts';
import { weekDays } from './words.ts';
import styles from './policies.module.css';

/** Expectations kept beside the rules: run at every change, red where the edited rules decide otherwise. */
export function ScenariosPanel({ rules, rule }: { rules: readonly Rule[]; rule: Rule | null }): ReactNode {
  const { t } = useTranslation('policies');
  const stored = useCall('policy.scenarios', undefined);
  const save = useAction('policy.saveScenarios');
  const [severity, setSeverity] = useState<Severity>('warn');
  const [role, setRole] = useState<string>('operator');
  const [day, setDay] = useState('1');
  const [time, setTime] = useState('10:00');
  const set = useMemo(() => new RuleSet(rules), [rules]);
  const scenarios = useMemo(() => stored.data ?? [], [stored.data]);
  const results = runScenarios(set, scenarios);
  const { all, open } = useMemo(() => coverage(set, scenarios), [set, scenarios]);
  const put = (next: Scenario[]): void => {
    setAnswer('policy.scenarios', undefined, next);
    void save.run(next);
  };
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time);
  const add = (): void => {
    if (rule === null || match === null) return;
    const made = { id: crypto.randomUUID(), name: `${rule.when.kpiId} ${t(`severity.${severity}`)}`, kpiId: rule.when.kpiId, severity, delta: null, roles: [role], day: Number(day), minute: Number(match[1]) * 60 + Number(match[2]) };
    put([...scenarios, { ...made, expected: outcomeOf(set, made) }]);
  };
  /** One scenario for each of these ways, as the rules decide now. */
  const record = (branches: readonly Branch[]): void => put([...scenarios, ...branches.flatMap(({ ruleId, severity: level, way, example }): Scenario[] => {
    const of = rules.find(({ id }) => id === ruleId);
    if (of === undefined) return [];
    const made = { id: crypto.randomUUID(), name: `${of.when.kpiId} ${t(`severity.${level}`)}, ${t(`way.${way}`)}`, kpiId: of.when.kpiId, severity: level, delta: null, roles: [...example.roles], ...example.moment };
    return [{ ...made, expected: outcomeOf(set, made) }];
  })]);
  const ofRule = rule === null ? [] : open.filter(({ ruleId }) => ruleId === rule.id);
  return (
    <div className={styles.panel} data-testid="policy-scenarios">
      {stored.error !== null && <ErrorPanel error={stored.error} isInline onRetry={stored.refetch} />}
      {save.error !== null && <ErrorPanel error={save.error} isInline />}
      {scenarios.length === 0 ? <EmptyState icon="check" title={t('scenarios.none')} hint={t('scenarios.noneHint')} /> : (
        <table className={styles.alerts} aria-label={t('scenarios.label')}>
          <thead><tr><th scope="col">{t('scenarios.name')}</th><th scope="col">{t('scenarios.when')}</th><th scope="col">{t('scenarios.expected')}</th><th scope="col">{t('scenarios.now')}</th><td /></tr></thead>
          <tbody>
            {results.map(({ scenario, actual, holds }) => (
              <tr key={scenario.id} data-holds={holds}>
                <th scope="row">{scenario.name}</th>
                <td>{t(`day.${scenario.day}`)} {clockTime(scenario.minute)}{scenario.roles.length > 0 && ` · ${scenario.roles.join(', ')}`}</td>
                <td>{outcomeWords(scenario.expected, t)}</td>
                <td>{holds ? <Badge tone="success" icon="check">{t('scenarios.holds')}</Badge> : <Badge tone="danger" icon="error">{outcomeWords(actual, t)}</Badge>}</td>
                <td>
                  {!holds && <Button variant="quiet" onPress={() => put(scenarios.map((one) => (one.id === scenario.id ? { ...one, expected: actual } : one)))}>{t('scenarios.accept')}</Button>}
                  <IconButton icon="trash" label={t('scenarios.remove', { name: scenario.name })} onPress={() => put(scenarios.filter(({ id }) => id !== scenario.id))} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className={styles.sample}>
        <Select label={t('sample.severity')} options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))} value={severity} onChange={setSeverity} />
        <Select label={t('sample.roles')} options={[...approverRoles, 'sales'].map((value) => ({ value, label: value }))} value={role} onChange={setRole} />
        <Select label={t('sample.day')} options={weekDays.map((value) => ({ value: String(value), label: t(`day.${value}`) }))} value={day} onChange={setDay} />
        <TextField label={t('sample.time')} value={time} onChange={setTime} error={match === null ? t('sample.noTime') : null} />
        <div className={styles.checks}><Button icon="plus" onPress={add} isDisabled={rule === null || match === null} reason={t('scenarios.noRule')}>{t('scenarios.add')}</Button></div>
      </div>
      {all > 0 && (
        <div className={styles.coverage} data-testid="policy-coverage">
          <p><b>{t('coverage.share', { done: all - open.length, all })}</b> <span className={styles.muted}>{open.length === 0 ? t('coverage.whole') : t('coverage.hint')}</span></p>
          {ofRule.length > 0 && (
            <ul>{ofRule.map((branch) => <li key={`${branch.severity} ${branch.way}`}>{t('coverage.open', { severity: t(`severity.${branch.severity}`), way: t(`way.${branch.way}`) })} <Button variant="quiet" icon="plus" onPress={() => record([branch])}>{t('coverage.record')}</Button></li>)}</ul>
          )}
          {open.length > ofRule.length && <Button onPress={() => record(open)}>{t('coverage.recordAll', { count: open.length })}</Button>}
        </div>
      )}
    </div>
  );
}

function outcomeWords({ type, execute, ruleId }: Scenario['expected'], t: ReturnType<typeof useTranslation<'policies'>>['t']): string {
  return `${t(`decision.${type}`)}${execute ? `, ${t('decision.executes')}` : ''}${ruleId === null ? '' : ` (${ruleId})`}`;
}

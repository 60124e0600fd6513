import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isSameDecision, RuleSet, type Decision, type TraceStep } from '../../../shared/policy/engine.ts';
import { approverRoles, severities, type Alert, type Rule, type Severity } from '../../../shared/policy/rule.ts';
import { clockTime } from '../../../shared/policy/time.ts';
import { useAction } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Badge, Button, Checkbox, DefinitionList, ErrorPanel, Select, TextField } from '../../ui/index.ts';
import { valueWords, weekDays } from './words.ts';
import styles from './policies.module.css';

const minuteOf = (text: string): number | null => {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
};

/** One sample alert, decided here by the edited rules as it is typed, and on the server by those that are active. */
export function DecisionPanel({ rules, rule, timeZone, isOffline }: { rules: readonly Rule[]; rule: Rule | null; timeZone: string | null; isOffline: boolean }): ReactNode {
  const { t } = useTranslation('policies');
  const [own, setOwn] = useState<{ kpiId?: string; severity?: Severity }>({});
  const [delta, setDelta] = useState('-12,5');
  const [roles, setRoles] = useState<readonly string[]>(['operator']);
  const [day, setDay] = useState<number>(1);
  const [time, setTime] = useState('10:00');
  const server = useAction('policy.test');
  const kpiId = own.kpiId ?? rule?.when.kpiId ?? '';
  const severity = own.severity ?? rule?.when.severity[0] ?? 'warn';
  const minute = minuteOf(time) ?? 600;
  const number = Number(delta.replace(',', '.'));
  const alert: Alert = useMemo(() => ({ id: 'sample', kpiId, title: '', message: '', severity, ...(delta.trim() !== '' && Number.isFinite(number) && { delta: number }) }), [kpiId, severity, delta, number]);
  const set = useMemo(() => new RuleSet(rules), [rules]);
  const { decision, trace } = useMemo(() => set.explain(alert, roles, { day, minute }), [set, alert, roles, day, minute]);
  return (
    <div className={styles.panel} data-testid="policy-decision">
      <div className={styles.sample}>
        <TextField label={t('path.when.kpiId')} value={kpiId} onChange={(value) => setOwn({ ...own, kpiId: value })} />
        <Select label={t('sample.severity')} options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))} value={severity} onChange={(value) => setOwn({ ...own, severity: value })} />
        <TextField label={t('sample.delta')} value={delta} onChange={setDelta} />
        <Select label={t('sample.day')} options={weekDays.map((value) => ({ value: String(value), label: t(`day.${value}`) }))} value={String(day)} onChange={(value) => setDay(Number(value))} />
        <TextField label={t('sample.time')} value={time} onChange={setTime} error={minuteOf(time) === null ? t('sample.noTime') : null} />
        <div role="group" aria-label={t('sample.roles')} className={styles.checks}>
          <span className={styles.checksLabel}>{t('sample.roles')}</span>
          {approverRoles.map((role) => <Checkbox key={role} isSelected={roles.includes(role)} onChange={(on) => setRoles(on ? [...roles, role] : roles.filter((other) => other !== role))}>{role}</Checkbox>)}
        </div>
      </div>
      <h3>{t('decision.here')}</h3>
      <DecisionFacts decision={decision} action={set.ruleFor(kpiId, severity)?.action ?? null} />
      <h3>{t('decision.why')}</h3>
      <Trace trace={trace} />
      <div className={styles.serverTest}>
        <Button icon="server" isPending={server.isPending} isDisabled={isOffline} reason={t('reason.offline')} onPress={() => void server.run({ alert, roles: [...roles] })}>{t('decision.askServer')}</Button>
        <span className={styles.muted}>{t('decision.serverHint', { time: clockTime(minute) })}{timeZone !== null && ` ${t('zone.assumed', { zone: timeZone })}`}</span>
      </div>
      {server.error !== null && <ErrorPanel error={server.error} isInline />}
      {server.data !== undefined && <ServerDecision decision={server.data} here={decision} />}
    </div>
  );
}

function DecisionFacts({ decision, action }: { decision: Decision; action: Rule['action'] | null }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  return (
    <>
      <p className={styles.badges}>
        <Badge tone={decision.type === 'allow' ? 'success' : 'neutral'} icon={decision.type === 'allow' ? 'check' : 'close'}>{t(`decision.${decision.type}`)}</Badge>
        {decision.execute && <Badge tone="warning" icon="warning">{t('decision.executes')}</Badge>}
        {decision.needsApproval && <Badge tone="accent" icon="user">{t('decision.needsApproval', { roles: decision.approverRoles.join(', ') || t('value.none') })}</Badge>}
      </p>
      <DefinitionList items={[
        { label: t('decision.rule'), value: decision.ruleId ?? t('value.none') },
        { label: t('path.action'), value: decision.type === 'allow' && action !== null ? t(`action.${action}`) : t('value.none') },
        ...Object.entries(decision.resolvedParams).map(([name, value]) => ({ label: name, value: valueWords(`params.${name}`, value, t, format) })),
      ]} />
    </>
  );
}

function ServerDecision({ decision, here }: { decision: Decision; here: Decision }): ReactNode {
  const { t } = useTranslation('policies');
  const isSame = isSameDecision(decision, here);
  return (
    <div className={styles.serverAnswer}>
      <p className={styles.badges}><Badge tone={isSame ? 'success' : 'warning'} icon={isSame ? 'check' : 'warning'}>{t(isSame ? 'decision.serverSame' : 'decision.serverOther')}</Badge></p>
      {!isSame && <DecisionFacts decision={decision} action={null} />}
    </div>
  );
}

/** The steps that led to a decision. Rules of other KPIs are only counted: of 200 rules, 190 say nothing. */
function Trace({ trace }: { trace: readonly TraceStep[] }): ReactNode {
  const { t } = useTranslation('policies');
  const others = trace.filter(({ step }) => step === 'otherKpi').length;
  const told = trace.filter(({ step }) => step !== 'otherKpi');
  return (
    <ol className={styles.trace}>
      {others > 0 && <li className={styles.muted}>{t('trace.otherKpi', { count: others })}</li>}
      {told.map((step, index) => <li key={index}><b>{step.ruleId}</b> {stepWords(step, t)}</li>)}
    </ol>
  );
}

function stepWords(step: TraceStep, t: ReturnType<typeof useTranslation<'policies'>>['t']): string {
  switch (step.step) {
    case 'otherKpi': return '';
    case 'otherSeverity': return t('trace.otherSeverity', { severities: step.severity.map((one) => t(`severity.${one}`)).join(', ') });
    case 'matched': return t('trace.matched');
    case 'window': return t(step.inside ? 'trace.inside' : 'trace.outside');
    case 'approval': return t(step.needed ? 'trace.approval' : step.bypassed ? 'trace.bypassed' : 'trace.noApproval');
    case 'execute': return step.executes ? t(step.heldRole === null ? 'trace.executes' : 'trace.executesAs', { role: step.heldRole ?? '' }) : t(step.automatic ? 'trace.waits' : 'trace.suggests');
    case 'limitsIgnored': return t('trace.limitsIgnored');
    case 'shadowed': return t('trace.shadowed', { by: step.by });
  }
}

import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { automationAdded } from '../../../shared/policy/compare.ts';
import { changesBetween, freeId, isSameSet, rebaseRules } from '../../../shared/policy/edit.ts';
import { RuleSet } from '../../../shared/policy/engine.ts';
import { contextOf, lint, lintEdit, type Finding } from '../../../shared/policy/lint/index.ts';
import { orderDiffers, ruleSchema, type Rule } from '../../../shared/policy/rule.ts';
import { explain } from '../../../shared/rbac/explain.ts';
import { setAnswer } from '../../bridge/answers.ts';
import { useEvent } from '../../bridge/events.ts';
import { useCall } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { useIsOffline } from '../../state/connection.ts';
import { accessOf } from '../../state/session.ts';
import { Age, Banner, Button, EmptyState, ErrorPanel, IconButton, Page, PageHeader, Skeleton, SplitPane, StatusLine, Tabs, showToast, type DataTableHandle } from '../../ui/index.ts';
import { useWorkingAccount } from '../documents/working-account.ts';
import { BackupsDialog } from './BackupsDialog.tsx';
import { ChangesDialog } from './ChangesDialog.tsx';
import { DecisionPanel } from './DecisionPanel.tsx';
import { isEdited, usePolicyEdit } from './edit-store.ts';
import { HistoryDialog } from './HistoryDialog.tsx';
import { LintPanel, Verdict } from './LintPanel.tsx';
import { NewRuleMenu } from './NewRuleMenu.tsx';
import { ProposalsDialog } from './ProposalsDialog.tsx';
import { ReplayPanel } from './ReplayPanel.tsx';
import { RuleForm } from './RuleForm.tsx';
import { RuleJson } from './RuleJson.tsx';
import { RuleList, type Mark } from './RuleList.tsx';
import { SavingState } from './SavingState.tsx';
import { ScenariosPanel } from './ScenariosPanel.tsx';
import { useRight } from './rights.ts';
import { runScenarios } from './scenarios.ts';
import styles from './policies.module.css';

const none: readonly Rule[] = [];

/** The policy studio: rules left, the editor in the middle, what it leads to on the right, and above all what is edited. */
export function PoliciesScreen(): ReactNode {
  const { t } = useTranslation('policies');
  const account = useWorkingAccount();
  const isOffline = useIsOffline();
  const server = useCall('policy.rules', undefined);
  const working = useCall('policy.working', undefined, { keepPrevious: false });
  const features = useCall('policy.features', undefined, { enabled: !isOffline, staleTime: 60_000 });
  const { edit, past, future, open, change, undo, redo, reset } = usePolicyEdit();
  const [selected, setSelected] = useState<string | null>(null);
  const [view, setView] = useState('form');
  const [side, setSide] = useState('lint');
  const [dialog, setDialog] = useState<'changes' | 'proposals' | 'history' | 'backups' | null>(null);
  const table = useRef<DataTableHandle>(null);

  const records = server.data?.value;
  useEffect(() => {
    if (edit === null && records !== undefined && working.data !== undefined) open(records, working.data);
  }, [edit, records, working.data, open]);
  const hasMoved = edit !== null && records !== undefined && !isSameSet(edit.base.map(({ rule }) => rule), records.map(({ rule }) => rule));
  const isDirty = edit !== null && isEdited(edit);
  useEffect(() => {
    // Nothing of the person's is touched: the newer rules simply take the place of the older ones.
    if (hasMoved && !isDirty && records !== undefined) open(records, null);
  }, [hasMoved, isDirty, records, open]);

  const order = useMemo(() => (records === undefined ? null : orderDiffers(records.map((one) => one.rule))), [records]);

  const rules = edit?.rules ?? none;
  const base = useMemo(() => (edit?.base ?? []).map(({ rule }) => rule), [edit?.base]);
  const settled = useDeferredValue(rules);
  const kpis = useMemo(() => [...new Set(base.map((rule) => rule.when.kpiId))].toSorted(), [base]);
  const facts = useCall('policy.alertFacts', undefined);
  const scenarios = useCall('policy.scenarios', undefined);
  const { refetch: readFacts } = facts;
  useEvent('job.changed', ({ kind, status }) => { if (kind === 'policyAlerts' && status !== 'running') readFacts(); });
  const context = useMemo(() => contextOf(facts.data ?? null, account?.roles ?? []), [facts.data, account?.roles]);
  const findings = useMemo(() => [...lint(settled, context), ...lintEdit(base, settled)], [settled, base, context]);
  const failed = useMemo(() => runScenarios(new RuleSet(settled), scenarios.data ?? []).filter(({ holds }) => !holds).length, [settled, scenarios.data]);
  const added = useMemo(() => automationAdded(base, settled), [base, settled]);
  const changes = useMemo(() => changesBetween(edit?.base ?? [], settled), [edit?.base, settled]);
  const marks = useMemo(() => new Map<string, Mark>(changes.flatMap((one): [string, Mark][] => (one.op === 'delete' ? [] : [[one.rule.id, one.base === null ? 'new' : 'changed']]))), [changes]);
  const rule = rules.find(({ id }) => id === selected) ?? rules[0] ?? null;
  const write = useRight('policy.write');
  const read = useRight('policy.read');

  const put = (next: Rule, group?: string): void => {
    if (rule === null) return;
    change({ rules: rules.map((one) => (one.id === rule.id ? next : one)) }, group === undefined ? undefined : `${rule.id} ${group}`);
    if (next.id !== rule.id) setSelected(next.id);
  };
  const add = (made: Rule): void => {
    change({ rules: [...rules, made] });
    setSelected(made.id);
    setView('form');
  };
  const ids = new Set(rules.map(({ id }) => id));
  const addNew = (): void => add(ruleSchema.parse({ id: freeId(t('new.id'), ids), when: { kpiId: rule?.when.kpiId ?? '', severity: ['warn'] }, action: 'sales.notify' }));
  const duplicate = (): void => { if (rule !== null) add({ ...rule, id: freeId(`${rule.id}-${t('new.copy')}`, ids) }); };
  const remove = (): void => { if (rule !== null) change({ rules: rules.filter(({ id }) => id !== rule.id) }); };
  const fix = ({ ruleId, fix: mend }: Finding): void => {
    if (mend === undefined) return;
    change({ rules: 'remove' in mend ? rules.filter(({ id }) => id !== ruleId) : rules.map((one) => (one.id === ruleId ? mend.rule : one)) });
  };
  const merge = (): void => {
    if (edit === null || records === undefined) return;
    const merged = rebaseRules(base, edit.rules, records.map((one) => one.rule));
    change({ base: records, rules: merged.rules });
    showToast({ title: t('merge.done'), text: merged.conflicts.length === 0 ? t('merge.noConflict') : t('merge.conflicts', { count: merged.conflicts.length, rules: merged.conflicts.map(({ id }) => id).join(', ') }), tone: merged.conflicts.length === 0 ? 'success' : 'warning' });
  };
  const done = (how: 'proposed' | 'applied'): void => {
    setDialog(null);
    showToast({ title: t(`sent.${how}`), text: t(`sent.${how}Hint`), tone: 'success' });
    usePolicyEdit.getState().reset(how === 'applied' ? [] : (records ?? []));
    usePolicyEdit.getState().close();
    setAnswer('policy.working', undefined, null);
    server.refetch();
  };
  const noUndo = past.length === 0 ? t('reason.nothingToUndo') : null;
  const noRedo = future.length === 0 ? t('reason.nothingToRedo') : null;
  useCommand({ id: 'policy.undo', title: t('command.undo'), group: 'document', shortcut: 'Ctrl+Z', isEnabled: noUndo === null, reason: noUndo, run: undo });
  useCommand({ id: 'policy.redo', title: t('command.redo'), group: 'document', shortcut: 'Ctrl+Y', isEnabled: noRedo === null, reason: noRedo, run: redo });
  useCommand({ id: 'policy.new', title: t('command.new'), group: 'document', shortcut: 'Ctrl+N', run: addNew });
  useCommand({ id: 'policy.send', title: t('command.send'), group: 'document', shortcut: 'Ctrl+S', isEnabled: isDirty, reason: isDirty ? null : t('reason.nothingChanged'), run: () => setDialog('changes') });
  useCommand({ id: 'policy.refresh', title: t('command.refresh'), group: 'view', shortcut: 'F5', run: server.refetch });
  useCommand({ id: 'policy.list', title: t('command.list'), group: 'view', shortcut: 'F6', isHidden: true, run: () => table.current?.focus() });

  if (account === null) return null;
  const offline = isOffline ? t('reason.offline') : null;
  const ways = {
    propose: offline ?? read ?? (features.data?.drafts === false ? t('reason.noDrafts') : null),
    apply: offline ?? write,
  };
  const header = (
    <PageHeader
      title={t('title')} detail={records === undefined ? undefined : t('count', { count: rules.length })}
      actions={(
        <>
          <Button icon="archive" onPress={() => setDialog('backups')} isDisabled={records === undefined}>{t('action.backups')}</Button>
          <Button icon="approvals" onPress={() => setDialog('proposals')} isDisabled={records === undefined} data-testid="open-proposals">{t('action.proposals')}</Button>
          <NewRuleMenu isDisabled={edit === null} onEmpty={addNew} onTemplate={({ rule: made }) => add({ ...made, id: freeId(made.id, ids) })} />
        </>
      )}
    />
  );
  if (edit === null) {
    return (
      <Page header={header}>
        {server.error !== null ? <ErrorPanel error={server.error} title={t('failed.read')} onRetry={server.refetch} /> : server.isSlow && <Skeleton />}
      </Page>
    );
  }
  const editor = rule === null ? <EmptyState icon="policy" title={t('empty.title')} hint={t('empty.hint')} action={<Button icon="plus" onPress={addNew}>{t('action.new')}</Button>} /> : (
    <div className={styles.editor}>
      <div className={styles.editorHead}>
        <h2>{rule.id}</h2>
        <IconButton icon="copy" label={t('action.duplicate')} onPress={duplicate} />
        <IconButton icon="history" label={t('action.history')} onPress={() => setDialog('history')} isDisabled={features.data?.versions !== true} reason={isOffline ? t('reason.offline') : t('reason.noVersions')} />
        <IconButton icon="trash" label={t('action.remove')} onPress={remove} data-testid="remove-rule" />
      </div>
      <Tabs label={t('view.label')} selected={view} onSelect={setView} tabs={[
        { id: 'form', label: t('view.form'), content: <RuleForm rule={rule} isNew={!base.some(({ id }) => id === rule.id)} taken={new Set(rules.filter((one) => one !== rule).map(({ id }) => id))} kpis={kpis} findings={findings.filter(({ ruleId }) => ruleId === rule.id)} onChange={put} /> },
        { id: 'json', label: t('view.json'), content: <RuleJson key={rule.id} rule={rule} kpis={kpis} isReadOnly={false} onChange={put} /> },
      ]} />
    </div>
  );
  const serious = findings.filter(({ level }) => level !== 'hint').length;
  const consequences = (
    <Tabs label={t('side.label')} selected={side} onSelect={setSide} tabs={[
      { id: 'lint', label: t('side.lint'), count: serious === 0 ? undefined : serious, content: <div className={styles.panel}><Verdict added={added} isEdited={isDirty} />{facts.data === null && <p className={styles.muted}>{t('lint.noAlerts')}</p>}<LintPanel findings={findings} selected={rule?.id ?? null} onGo={setSelected} onFix={fix} /></div> },
      { id: 'decision', label: t('side.decision'), content: <DecisionPanel key={rule?.id ?? ''} rules={rules} rule={rule} timeZone={features.data?.timeZone ?? null} isOffline={isOffline} /> },
      { id: 'replay', label: t('side.replay'), content: <ReplayPanel before={base} after={settled} hasAlerts={features.data?.alerts ?? true} timeZone={features.data?.timeZone ?? null} isOffline={isOffline} /> },
      { id: 'scenarios', label: t('side.scenarios'), count: failed === 0 ? undefined : failed, content: <ScenariosPanel rules={settled} rule={rule} /> },
    ]} />
  );
  const told = explain(accessOf(account), 'policy.write');
  return (
    <Page
      header={header}
      status={<StatusLine items={[t('count', { count: rules.length }), server.data !== undefined && <Age key="age" at={server.data.fetchedAt} />, isOffline && t('offline'), !told.allowed && t('readOnlyHint')]} end={t('keys')} />}
    >
      <div className={styles.screen}>
        {isDirty && (
          <div className={styles.changeBar} data-testid="policy-change-bar">
            <b>{t('bar.changes', { count: changes.length })}</b>
            <SavingState />
            <span className={styles.spacer} />
            <IconButton icon="undo" label={t('command.undo')} shortcut="Ctrl+Z" isDisabled={noUndo !== null} reason={noUndo} onPress={undo} />
            <Button onPress={() => reset(records ?? edit.base)} data-testid="policy-discard">{t('bar.discard')}</Button>
            <Button variant="primary" icon="send" shortcut="Ctrl+S" onPress={() => setDialog('changes')} data-testid="policy-send">{t('bar.send')}</Button>
          </div>
        )}
        {hasMoved && isDirty && <Banner tone="warning" action={<Button onPress={merge} data-testid="policy-merge">{t('merge.action')}</Button>}>{t('merge.moved')}</Banner>}
        {order !== null && <Banner tone="danger" data-testid="policy-order">{t('order.differs', { first: order[0], second: order[1] })}</Banner>}
        {server.error !== null && <div className={styles.notice}><ErrorPanel error={server.error} title={t('failed.read')} onRetry={server.refetch} isInline /></div>}
        <div className={styles.body}>
          <SplitPane
            storageKey="policies" label={t('divider.list')} initial={32} minimum={300}
            start={<RuleList ref={table} rules={rules} marks={marks} findings={findings} selected={rule?.id ?? null} onSelect={setSelected} empty={<EmptyState icon="policy" title={t('empty.title')} hint={t('empty.hint')} />} />}
            end={<SplitPane storageKey="policies.side" label={t('divider.side')} initial={54} minimum={300} start={editor} end={<div className={styles.side}>{consequences}</div>} />}
          />
        </div>
      </div>
      {dialog === 'changes' && <ChangesDialog changes={changes} base={base} added={added} failed={failed} errors={findings.filter(({ level }) => level === 'error').length} reason={edit.reason} onReason={(reason) => change({ reason }, 'reason')} ways={ways} onDone={done} onRefused={server.refetch} onClose={() => setDialog(null)} />}
      {dialog === 'proposals' && <ProposalsDialog records={records ?? []} userName={account.userName} mayDecide={offline ?? write} hasProposals={features.data?.drafts === true} onDecided={server.refetch} onClose={() => setDialog(null)} />}
      {dialog === 'history' && rule !== null && <HistoryDialog id={rule.id} rule={rule} onClose={() => setDialog(null)} onRollback={(old) => { setDialog(null); put(old); setSide('replay'); showToast({ title: t('history.rolledBack'), text: t('history.rolledBackHint') }); }} />}
      {dialog === 'backups' && (
        <BackupsDialog
          records={records ?? []} mayWrite={offline ?? write} hasServerBackups={features.data?.backups === true} onRefused={server.refetch} onClose={() => setDialog(null)}
          onImport={(imported) => { setDialog(null); change({ rules: imported }); }}
          onRestored={() => { setDialog(null); usePolicyEdit.getState().close(); server.refetch(); showToast({ title: t('backups.restored'), tone: 'success' }); }}
        />
      )}
    </Page>
  );
}

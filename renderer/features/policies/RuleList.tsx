import { useMemo, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../shared/policy/lint/index.ts';
import { severities, type Rule } from '../../../shared/policy/rule.ts';
import { DataTable, Hidden, Icon, type Column, type DataTableHandle } from '../../ui/index.ts';
import styles from './policies.module.css';

export type Mark = 'new' | 'changed' | null;

/** The rules in the order in which the server tries them, with what is wrong and what is edited. */
export function RuleList({ rules, marks, findings, selected, onSelect, empty, ref }: {
  rules: readonly Rule[]; marks: ReadonlyMap<string, Mark>; findings: readonly Finding[]; selected: string | null; onSelect: (id: string) => void; empty: ReactNode; ref: Ref<DataTableHandle>;
}): ReactNode {
  const { t } = useTranslation('policies');
  const worst = useMemo(() => {
    const order = { hint: 0, risk: 1, error: 2 } as const;
    const byRule = new Map<string, Finding>();
    for (const one of findings) {
      const known = byRule.get(one.ruleId);
      if (known === undefined || order[one.level] > order[known.level]) byRule.set(one.ruleId, one);
    }
    return byRule;
  }, [findings]);
  const columns: Column<Rule>[] = [
    {
      id: 'state', header: t('side.lint'), hideHeader: true, width: 20,
      render: (rule) => {
        const found = worst.get(rule.id);
        if (found === undefined || found.level === 'hint') return null;
        return <span className={found.level === 'error' ? styles.error : styles.risk}><Icon name={found.level === 'error' ? 'error' : 'warning'} /><Hidden>{t(`level.${found.level}`)}</Hidden></span>;
      },
    },
    {
      id: 'id', header: t('path.id'), width: 112, grow: 3,
      render: (rule) => {
        const mark = marks.get(rule.id) ?? null;
        return <span className={mark === null ? undefined : styles.edited}>{rule.id}{mark !== null && <span className={styles.mark}> {t(`mark.${mark}`)}</span>}</span>;
      },
    },
    { id: 'kpi', header: t('path.when.kpiId'), width: 88, grow: 2, render: (rule) => rule.when.kpiId },
    { id: 'severity', header: t('path.when.severity'), width: 72, grow: 2, render: (rule) => severities.filter((one) => rule.when.severity.includes(one)).map((one) => t(`severity.${one}`)).join(', ') },
  ];
  return (
    <DataTable
      ref={ref} label={t('list.label')} columns={columns} rowCount={rules.length} getRow={(index) => rules[index]} rowKey={(rule) => rule.id} selectedKey={selected}
      onSelect={(rule) => onSelect(rule.id)} empty={empty}
    />
  );
}

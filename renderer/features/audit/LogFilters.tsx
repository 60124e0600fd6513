import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { workingHours } from '../../../shared/domain/working-hours.ts';
import { useCall } from '../../bridge/queries.ts';
import { useCommand } from '../../state/commands.ts';
import { Button, Checkbox, FilterBar, FilterChip, SearchField, Tooltip, type Option } from '../../ui/index.ts';
import { ConditionsDialog } from './ConditionsDialog.tsx';
import type { ChangeFilter } from './filter.ts';
import { useActionName } from './names.ts';
import { tailSeconds } from './useLiveTail.ts';
import { ViewsMenu } from './ViewsMenu.tsx';
import styles from './audit.module.css';

/** One of the values: the new one of two, or none. */
const one = <T extends string>(values: readonly T[], before: T | null): T | null => values.find((value) => value !== before) ?? null;

export type LogFiltersProps = {
  filter: AuditFilter;
  onChange: ChangeFilter;
  isNarrowed: boolean;
  /** The server keeps a log with roles, outcomes and proofs. */
  isSigned: boolean;
  /** The live tail; `closed` says why there is none. */
  live: { isOn: boolean; closed: string | null; onChange: (isOn: boolean) => void };
};

/** Who, what, with which outcome, when, and words. */
export function LogFilters({ filter, onChange, isNarrowed, isSigned, live }: LogFiltersProps): ReactNode {
  const { t } = useTranslation('audit');
  const nameOf = useActionName();
  const search = useRef<HTMLInputElement>(null);
  const [isAsking, ask] = useState(false);
  useCommand({ id: 'audit.conditions', title: t('conditions.title'), group: 'view', run: () => ask(true) });
  const whole = useCall('audit.timeline', { filter: everything, buckets: 1 });
  useCommand({ id: 'audit.search', title: t('filter.search'), group: 'view', shortcut: 'F3', run: () => search.current?.focus() });
  const options = (names: readonly string[], value: string | null, label: (name: string) => string = String): Option[] => [...new Set([...names, ...(value === null ? [] : [value])])].map((name) => ({ value: name, label: label(name) }));
  const chip = (name: 'actor' | 'role' | 'action' | 'outcome' | 'resource' | 'correlationId' | 'hours', label: string, all: readonly Option[]): ReactNode => {
    const value: string | null = filter[name];
    return <FilterChip label={label} options={all} values={value === null ? [] : [value]} onChange={(values) => onChange({ [name]: one(values, value) })} />;
  };
  return (
    <FilterBar label={t('filter.title')}>
      <SearchField label={t('filter.search')} value={filter.text} onChange={(text) => onChange({ text })} inputRef={search} maxLength={200} className={styles.search ?? ''} data-testid="audit-search" />
      <ViewsMenu filter={filter} isSigned={isSigned} onChange={onChange} />
      {chip('actor', t('column.actor'), options(whole.data?.actors.map(({ actor }) => actor) ?? [], filter.actor))}
      {chip('action', t('column.action'), options(whole.data?.actions.map(({ action }) => action) ?? [], filter.action, nameOf))}
      {isSigned && chip('outcome', t('column.outcome'), [{ value: 'accepted', label: t('outcome.accepted') }, { value: 'refused', label: t('outcome.refused') }])}
      {chip('hours', t('filter.hours'), [{ value: 'outside', label: t('filter.outside', workingHours) }])}
      {filter.role !== null && chip('role', t('filter.role'), options([], filter.role))}
      {filter.resource !== null && chip('resource', t('column.resource'), options([], filter.resource))}
      {filter.correlationId !== null && chip('correlationId', t('entry.correlation'), options([], filter.correlationId))}
      <Button variant="quiet" icon="filter" onPress={() => ask(true)} data-testid="audit-conditions-open">{t('conditions.open')}</Button>
      {isAsking && <ConditionsDialog filter={filter} onChange={onChange} onClose={() => ask(false)} />}
      {isNarrowed && <Button variant="quiet" onPress={() => onChange(everything)}>{t('filter.clear')}</Button>}
      <span className={styles.live}>
        {live.closed === null ? <Tooltip text={t('live.hint', { count: tailSeconds })}><Checkbox isSelected={live.isOn} onChange={live.onChange}>{t('live.label')}</Checkbox></Tooltip> : <Button variant="quiet" icon="clock" isDisabled reason={live.closed}>{t('live.label')}</Button>}
      </span>
    </FilterBar>
  );
}

import { useMemo, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTypes } from '../../../../shared/domain/document-types.ts';
import { workflowStates } from '../../../../shared/domain/workflow.ts';
import { Button, FilterBar, FilterChip, SearchField } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { DateFilter } from './DateFilter.tsx';
import { activeFilters, noFilters, statusChoices, withTypes, type ListFilters } from './filters.ts';
import { PartnerFilter } from './PartnerFilter.tsx';
import styles from './filters.module.css';

export type ListFilterBarProps = {
  filters: ListFilters;
  onChange: (filters: ListFilters) => void;
  text: string;
  onTextChange: (text: string) => void;
  /** Enter and arrow down in the search lead into the list. */
  onLeaveSearch: () => void;
  searchRef: RefObject<HTMLInputElement | null>;
};

/** Search and filters of the document list. */
export function ListFilterBar({ filters, onChange, text, onTextChange, onLeaveSearch, searchRef }: ListFilterBarProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const types = useMemo(() => documentTypes.map((value) => ({ value, label: words.type(value) })), [words]);
  const statuses = useMemo(() => statusChoices(filters.types).map((value) => ({ value, label: words.status(value) })), [words, filters.types]);
  const states = useMemo(() => workflowStates.map((value) => ({ value, label: words.state(value) })), [words]);
  return (
    <FilterBar label={t('filter.bar')}>
      <SearchField
        label={t('filter.search')} placeholder={t('filter.searchHint')} className={styles.text ?? ''} value={text} onChange={onTextChange} maxLength={200} inputRef={searchRef} onSubmit={onLeaveSearch}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          onLeaveSearch();
        }}
        data-testid="documents-search"
      />
      <FilterChip label={t('filter.type')} options={types} values={filters.types} onChange={(next) => onChange(withTypes(filters, next))} />
      <FilterChip label={t('filter.status')} options={statuses} values={filters.statuses} onChange={(next) => onChange({ ...filters, statuses: next })} />
      <FilterChip label={t('filter.workflow')} options={states} values={filters.workflow} onChange={(workflow) => onChange({ ...filters, workflow })} />
      <DateFilter value={filters.date} onChange={(date) => onChange({ ...filters, date })} />
      <PartnerFilter value={filters.partner} onChange={(partner) => onChange({ ...filters, partner })} />
      {activeFilters(filters) > 0 && <Button variant="quiet" onPress={() => onChange({ ...noFilters, sort: filters.sort })}>{t('filter.clear')}</Button>}
    </FilterBar>
  );
}

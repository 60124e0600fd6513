import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ComboBox, cx, Icon, Tabs } from '../../../ui/index.ts';
import { useLookup } from '../edit/useLookup.ts';
import type { ListFilters } from './filters.ts';
import styles from './filters.module.css';

type Partner = ListFilters['partner'];

/** One customer or supplier, looked up by name or number. */
export function PartnerFilter({ value, onChange }: { value: Partner; onChange: (value: Partner) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<'customers' | 'suppliers'>(value?.kind ?? 'customers');
  const label = t('filter.partner');
  const pick = (id: string, name: string): void => {
    onChange({ id, label: name, kind });
    setOpen(false);
  };
  return (
    <div className={cx(styles.chip, value !== null && styles.active)}>
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className={styles.chipButton ?? ''}>
          <span>{value === null ? label : `${t(value.kind === 'customers' ? 'field.customerId' : 'field.supplierId')}:`}</span>
          {value !== null && <span className={styles.chipValue}>{value.label}</span>}
          <Icon name="chevronDown" />
        </AriaButton>
        <Popover className={styles.popover ?? ''} offset={4} placement="bottom start">
          <Dialog aria-label={label} className={styles.dialog ?? ''}>
            <Tabs
              label={label} selected={kind} onSelect={(id) => setKind(id === 'suppliers' ? 'suppliers' : 'customers')}
              tabs={(['customers', 'suppliers'] as const).map((id) => ({ id, label: t(id === 'customers' ? 'field.customerId' : 'field.supplierId'), content: <PartnerSearch kind={id} onPick={pick} /> }))}
            />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {value !== null && <AriaButton className={styles.chipClear ?? ''} aria-label={t('filter.remove', { label })} onPress={() => onChange(null)}><Icon name="close" /></AriaButton>}
    </div>
  );
}

function PartnerSearch({ kind, onPick }: { kind: 'customers' | 'suppliers'; onPick: (id: string, label: string) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const [text, setText] = useState('');
  const lookup = useLookup(kind);
  return (
    <div className={styles.search}>
      <ComboBox
        label={t('filter.partnerSearch')} hideLabel autoFocus placeholder={t('filter.partnerSearch')} items={lookup.items} isLoading={lookup.isFetching}
        text={text} onTextChange={setText} onSearch={lookup.search} onPick={(item) => onPick(item.id, item.label)}
      />
    </div>
  );
}

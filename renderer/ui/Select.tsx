import { useState, type ReactNode } from 'react';
import { Button as AriaButton, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, DialogTrigger, Dialog } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { FieldFoot, FieldLabel } from './FieldParts.tsx';
import { Icon } from './Icon.tsx';
import type { FieldProps } from './field-types.ts';
import fieldStyles from './field.module.css';
import popover from './popover.module.css';
import styles from './select.module.css';

export type Option<T extends string = string> = { value: T; label: string; /** Second text, muted. */ note?: string | undefined; isDisabled?: boolean };

const item = <T extends string>(option: Option<T>): ReactNode => (
  <ListBoxItem key={option.value} id={option.value} textValue={option.label} isDisabled={option.isDisabled ?? false} className={popover.option ?? ''}>
    {({ isSelected }) => (
      <>
        <span className={popover.mark} aria-hidden>{isSelected && <Icon name="check" />}</span>
        <span className={popover.main}>{option.label}</span>
        {option.note !== undefined && <span className={popover.note}>{option.note}</span>}
      </>
    )}
  </ListBoxItem>
);

export type SelectProps<T extends string = string> = FieldProps & { options: readonly Option<T>[]; value: T | null; onChange: (value: T) => void; placeholder?: string };

/** One of a few known values. */
export function Select<T extends string>({ options, value, onChange, placeholder, ...props }: SelectProps<T>): ReactNode {
  const { t } = useTranslation();
  return (
    <AriaSelect
      value={value} onChange={(key) => key !== null && onChange(String(key) as T)} isDisabled={(props.isDisabled ?? false) || (props.isReadOnly ?? false)}
      isRequired={props.isRequired ?? false} isInvalid={Boolean(props.error)} validationBehavior="aria" placeholder={placeholder ?? t('field.choose')}
      className={cx(fieldStyles.field, props.className)}
    >
      <FieldLabel {...props} />
      <AriaButton className={styles.trigger ?? ''} autoFocus={props.autoFocus ?? false} {...(props['data-testid'] === undefined ? {} : { 'data-testid': props['data-testid'] })}>
        <SelectValue className={styles.value ?? ''}>{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue>
        <Icon name="chevronDown" />
      </AriaButton>
      <FieldFoot {...props} />
      <Popover className={popover.popover ?? ''} offset={2}>
        <ListBox className={popover.list ?? ''}>{options.map(item)}</ListBox>
      </Popover>
    </AriaSelect>
  );
}

export type FilterChipProps<T extends string = string> = { label: string; options: readonly Option<T>[]; values: readonly T[]; onChange: (values: T[]) => void };

/** A filter that may hold several values: closed it says which, open it lists them. */
export function FilterChip<T extends string>({ label, options, values, onChange }: FilterChipProps<T>): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isActive = values.length > 0;
  const first = options.find((option) => option.value === values[0])?.label ?? values[0];
  const shown = values.length > 1 ? `${first ?? ''} +${values.length - 1}` : first;
  return (
    <div className={cx(styles.chip, isActive && styles.active)}>
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className={styles.chipButton ?? ''}>
          <span className={styles.chipLabel}>{label}{isActive && ':'}</span>
          {isActive && <span className={styles.chipValue}>{shown}</span>}
          <Icon name="chevronDown" />
        </AriaButton>
        <Popover className={popover.popover ?? ''} offset={4} placement="bottom start">
          <Dialog aria-label={label} className={styles.chipDialog ?? ''}>
            {/* Escape closes the list; of itself a list would forget what was chosen. */}
            <ListBox
              aria-label={label} selectionMode="multiple" escapeKeyBehavior="none" selectedKeys={new Set<string>(values)} className={popover.list ?? ''} autoFocus
              onSelectionChange={(keys) => onChange(keys === 'all' ? options.map((option) => option.value) : options.filter((option) => keys.has(option.value)).map((option) => option.value))}
            >
              {options.map(item)}
            </ListBox>
            <div className={styles.chipFoot}><Button variant="quiet" isDisabled={!isActive} onPress={() => onChange([])}>{t('action.clear')}</Button></div>
          </Dialog>
        </Popover>
      </DialogTrigger>
      {isActive && (
        <AriaButton className={styles.chipClear ?? ''} aria-label={t('filter.remove', { label })} onPress={() => onChange([])}><Icon name="close" /></AriaButton>
      )}
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { ComboBox as AriaComboBox, Input, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { FieldFoot, FieldLabel } from './FieldParts.tsx';
import type { FieldProps } from './field-types.ts';
import fieldStyles from './field.module.css';
import popover from './popover.module.css';
import styles from './combo-box.module.css';

export type ComboItem = { id: string; label: string; hint?: string | null };

export type ComboBoxProps<T extends ComboItem = ComboItem> = FieldProps & {
  /** What matches the typed text; the caller searches, nothing is filtered here. */
  items: readonly T[];
  isLoading?: boolean;
  onSearch: (text: string) => void;
  /** The text in the field. */
  text: string;
  /** Called for typed text and for a picked item's label. */
  onTextChange: (text: string) => void;
  onPick: (item: T) => void;
  placeholder?: string;
  onBlur?: () => void;
};

/** Text with suggestions that are looked up while typing (F4 opens them). Free text stays possible. */
export function ComboBox<T extends ComboItem>({ items, isLoading = false, onSearch, text, onTextChange, onPick, placeholder, onBlur, ...props }: ComboBoxProps<T>): ReactNode {
  const { t } = useTranslation();
  // The list closes when a value comes to be chosen. It is chosen as long as the field says so; typing makes it free text again.
  const [picked, setPicked] = useState<ComboItem | null>(null);
  return (
    <AriaComboBox
      items={items} inputValue={text} allowsCustomValue allowsEmptyCollection menuTrigger="input" validationBehavior="aria" value={picked !== null && picked.label === text ? picked.id : null}
      onInputChange={(value) => {
        if (picked?.label !== value) setPicked(null);
        onTextChange(value);
        onSearch(value);
      }}
      onChange={(key) => {
        const item = items.find((candidate) => candidate.id === key);
        if (item === undefined) return;
        setPicked(item);
        onTextChange(item.label);
        onPick(item);
      }}
      isInvalid={Boolean(props.error)} isRequired={props.isRequired ?? false} isDisabled={props.isDisabled ?? false} isReadOnly={props.isReadOnly ?? false}
      className={cx(fieldStyles.field, props.className)} {...(onBlur === undefined ? {} : { onBlur })}
    >
      <FieldLabel {...props} />
      <div className={styles.box}>
        <Input
          spellCheck={false} autoComplete="off" placeholder={placeholder ?? ''} autoFocus={props.autoFocus ?? false} onFocus={() => onSearch(text)}
          className={cx(fieldStyles.input, props.isCompact && fieldStyles.compact)} {...(props['data-testid'] === undefined ? {} : { 'data-testid': props['data-testid'] })}
        />
        {isLoading && <span className={styles.spinner} role="status" aria-label={t('state.loading')} />}
      </div>
      <FieldFoot {...props} />
      <Popover className={popover.popover ?? ''} offset={2}>
        <ListBox<T> className={popover.list ?? ''} renderEmptyState={() => <div className={popover.empty}>{isLoading ? t('state.loading') : t('field.noMatch')}</div>}>
          {(entry) => (
            <ListBoxItem id={entry.id} textValue={entry.label} className={popover.option ?? ''}>
              <Text slot="label" className={popover.main ?? ''}>{entry.label}</Text>
              {entry.hint && <Text slot="description" className={popover.note ?? ''}>{entry.hint}</Text>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}

import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { Button as AriaButton, Input, SearchField as AriaSearchField, TextArea as AriaTextArea, TextField as AriaTextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { FieldFoot, FieldLabel } from './FieldParts.tsx';
import { Icon } from './Icon.tsx';
import type { FieldProps } from './field-types.ts';
import styles from './field.module.css';

type TextProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  placeholder?: string;
  maxLength?: number;
};

/** What react-aria's own field component takes. */
const ariaProps = (props: TextProps): Record<string, unknown> => ({
  value: props.value, onChange: props.onChange, isRequired: props.isRequired ?? false, isDisabled: props.isDisabled ?? false,
  isReadOnly: props.isReadOnly ?? false, isInvalid: Boolean(props.error), autoFocus: props.autoFocus ?? false, validationBehavior: 'aria',
  ...(props.onBlur === undefined ? {} : { onBlur: props.onBlur }),
  ...(props.maxLength === undefined ? {} : { maxLength: props.maxLength }),
});

export type TextFieldProps = TextProps & { type?: 'text' | 'url' | 'email'; inputRef?: Ref<HTMLInputElement> };

/** One line of text. */
export function TextField({ type = 'text', inputRef, ...props }: TextFieldProps): ReactNode {
  return (
    <AriaTextField {...ariaProps(props)} type={type} className={cx(styles.field, props.className)}>
      <FieldLabel {...props} />
      <Input {...(inputRef === undefined ? {} : { ref: inputRef })} {...inputProps(props)} className={cx(styles.input, props.isCompact && styles.compact)} />
      <FieldFoot {...props} />
    </AriaTextField>
  );
}

export type TextAreaProps = TextProps & { rows?: number; inputRef?: Ref<HTMLTextAreaElement> };

/** Several lines of text. */
export function TextArea({ rows = 3, inputRef, ...props }: TextAreaProps): ReactNode {
  return (
    <AriaTextField {...ariaProps(props)} className={cx(styles.field, props.className)}>
      <FieldLabel {...props} />
      <AriaTextArea {...(inputRef === undefined ? {} : { ref: inputRef })} {...inputProps(props)} rows={rows} className={cx(styles.input, styles.area)} />
      <FieldFoot {...props} />
    </AriaTextField>
  );
}

export type SearchFieldProps = Omit<TextProps, 'error' | 'isRequired'> & { onSubmit?: () => void; inputRef?: Ref<HTMLInputElement> };

/** A search: Escape and the cross empty it. Its label is for assistive technology, the placeholder for the eye. */
export function SearchField({ onSubmit, inputRef, placeholder, ...props }: SearchFieldProps): ReactNode {
  const { t } = useTranslation();
  return (
    <AriaSearchField {...ariaProps(props)} aria-label={props.label} {...(onSubmit === undefined ? {} : { onSubmit })} className={cx(styles.field, props.className)}>
      {({ isEmpty }) => (
        <div className={cx(styles.box, styles.search)} data-empty={isEmpty || undefined}>
          <Icon name="search" className={styles.icon} />
          <Input {...(inputRef === undefined ? {} : { ref: inputRef })} {...inputProps({ ...props, placeholder: placeholder ?? props.label })} className={styles.input ?? ''} />
          <AriaButton className={styles.clear ?? ''} aria-label={t('action.clear')}><Icon name="close" /></AriaButton>
        </div>
      )}
    </AriaSearchField>
  );
}

function inputProps(props: Pick<TextProps, 'placeholder' | 'onKeyDown' | 'data-testid'>): Record<string, unknown> {
  return {
    spellCheck: false, autoComplete: 'off',
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
    ...(props.onKeyDown === undefined ? {} : { onKeyDown: props.onKeyDown }),
    ...(props['data-testid'] === undefined ? {} : { 'data-testid': props['data-testid'] }),
  };
}

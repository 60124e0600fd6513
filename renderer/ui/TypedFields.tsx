import type { KeyboardEvent, ReactNode } from 'react';
import { Input, TextField as AriaTextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { decimal, parseTyped, type Decimal } from '../../shared/domain/money.ts';
import { useFormat } from '../i18n/format.ts';
import { cx } from './cx.ts';
import { parseTypedDate, shiftDay } from './date-input.ts';
import { FieldFoot, FieldLabel } from './FieldParts.tsx';
import { useLiveTyped, useTyped, type Typed } from './useTyped.ts';
import type { FieldProps } from './field-types.ts';
import styles from './field.module.css';

function TypedInput({ typed, props, wrong, className, onKeyDown, placeholder }: {
  typed: Typed; props: FieldProps; wrong: string; className?: string | undefined; placeholder?: string; onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
}): ReactNode {
  const error = typed.isWrong ? wrong : props.error;
  return (
    <AriaTextField
      value={typed.text} onChange={typed.type} onBlur={typed.commit} isInvalid={Boolean(error)} validationBehavior="aria" autoFocus={props.autoFocus ?? false}
      isRequired={props.isRequired ?? false} isDisabled={props.isDisabled ?? false} isReadOnly={props.isReadOnly ?? false} className={cx(styles.field, props.className)}
    >
      <FieldLabel {...props} />
      <Input
        spellCheck={false} autoComplete="off" placeholder={placeholder ?? ''} className={cx(styles.input, className, props.isCompact && styles.compact)}
        {...(props['data-testid'] === undefined ? {} : { 'data-testid': props['data-testid'] })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') typed.commit();
          onKeyDown?.(event);
        }}
      />
      <FieldFoot hint={props.hint} error={error} />
    </AriaTextField>
  );
}

export type DecimalFieldProps = FieldProps & {
  value: Decimal | null;
  onChange: (value: Decimal | null) => void;
  /** Digits shown after the decimal sign; more that were typed are kept and shown. Default 2. */
  minDigits?: number;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
};

/** An exact decimal, typed and shown as the language writes it. */
export function DecimalField({ value, onChange, minDigits = 2, onKeyDown, ...props }: DecimalFieldProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const typed = useTyped<Decimal>({ value, onChange, parse: (text) => parseTyped(text, format.language), show: (shown) => format.decimal(shown, { min: minDigits }) });
  return <TypedInput typed={typed} props={props} wrong={t('field.notDecimal')} className={styles.number} {...(onKeyDown === undefined ? {} : { onKeyDown })} />;
}

export type LiveDecimalFieldProps = FieldProps & { /** A decimal, or a text that is none yet. */ value: string | null; onChange: (value: string | null) => void; minDigits?: number };

/** A {@link DecimalField} whose `onChange` gets every key. */
export function LiveDecimalField({ value, onChange, minDigits = 2, ...props }: LiveDecimalFieldProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const typed = useLiveTyped({ value, onChange, parse: (text) => parseTyped(text, format.language), show: (shown) => (decimal(shown) === null ? shown : format.decimal(shown, { min: minDigits })) });
  return <TypedInput typed={typed} props={props} wrong={t('field.notDecimal')} className={styles.number} />;
}

export type DateFieldProps = FieldProps & {
  /** `YYYY-MM-DD` */
  value: string | null;
  onChange: (value: string | null) => void;
  /** The day that `+14` counts from, `YYYY-MM-DD`; today when left out. */
  countsFrom?: string | null;
};

/** A day. Typed in German or ISO spelling, `h` is today, `+14` is in two weeks, arrow up and down move by a day. */
export function DateField({ value, onChange, countsFrom, ...props }: DateFieldProps): ReactNode {
  const format = useFormat();
  const typed = useTyped<string>({ value, onChange, parse: (text) => parseTypedDate(text, new Date(), countsFrom), show: (shown) => format.date(shown) });
  return <DayInput typed={typed} value={value} onChange={onChange} props={props} />;
}

/** A {@link DateField} whose `value` may be a text that is no day yet, and whose `onChange` gets every key. */
export function LiveDateField({ value, onChange, countsFrom, ...props }: DateFieldProps): ReactNode {
  const format = useFormat();
  const typed = useLiveTyped({ value, onChange, parse: (text) => parseTypedDate(text, new Date(), countsFrom), show: (shown) => format.date(shown) });
  return <DayInput typed={typed} value={value} onChange={onChange} props={props} />;
}

function DayInput({ typed, value, onChange, props }: { typed: Typed; value: string | null; onChange: (value: string | null) => void; props: FieldProps }): ReactNode {
  const { t } = useTranslation();
  const shift = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (value === null || props.isReadOnly || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onChange(shiftDay(value, event.key === 'ArrowUp' ? 1 : -1));
  };
  return <TypedInput typed={typed} props={props} wrong={t('field.notDate')} placeholder={t('field.datePlaceholder')} onKeyDown={shift} />;
}

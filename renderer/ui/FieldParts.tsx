import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import type { FieldProps } from './field-types.ts';
import styles from './field.module.css';

/** Label over a field. */
export function FieldLabel({ label, hideLabel = false, isRequired = false }: Pick<FieldProps, 'label' | 'hideLabel' | 'isRequired'>): ReactNode {
  return <Label className={hideLabel ? (styles.hiddenLabel ?? '') : cx(styles.label, isRequired && styles.required)}>{label}</Label>;
}

/** Hint or error under a field; linked to it by react-aria. */
export function FieldFoot({ hint, error }: Pick<FieldProps, 'hint' | 'error'>): ReactNode {
  return (
    <>
      {hint !== undefined && !error && <Text slot="description" className={styles.hint ?? ''}>{hint}</Text>}
      {error && <FieldError className={styles.error ?? ''}><Icon name="error" />{error}</FieldError>}
    </>
  );
}

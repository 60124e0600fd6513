import type { ReactNode } from 'react';

/** What every field has in common. */
export type FieldProps = {
  label: string;
  /** Keeps the label for assistive technology only: for fields in a grid whose column head says it. */
  hideLabel?: boolean;
  hint?: ReactNode;
  /** Why the value is not accepted; shown under the field with an icon. */
  error?: string | null | undefined;
  isRequired?: boolean;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  autoFocus?: boolean;
  /** Without a frame, for cells of a grid. */
  isCompact?: boolean;
  className?: string;
  'data-testid'?: string;
};

import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox } from 'react-aria-components';
import { Icon } from './Icon.tsx';
import styles from './checkbox.module.css';

export type CheckboxProps = {
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  isIndeterminate?: boolean;
  isDisabled?: boolean;
  /** Required when there is no visible text. */
  label?: string;
  children?: ReactNode;
};

/** Yes or no. */
export function Checkbox({ label, children, isIndeterminate = false, ...rest }: CheckboxProps): ReactNode {
  return (
    <AriaCheckbox {...rest} isIndeterminate={isIndeterminate} {...(label === undefined ? {} : { 'aria-label': label })} className={styles.checkbox ?? ''}>
      {({ isSelected }) => (
        <>
          <span className={styles.box} aria-hidden>{isIndeterminate ? <Icon name="minus" /> : isSelected && <Icon name="check" />}</span>
          {children}
        </>
      )}
    </AriaCheckbox>
  );
}

import { useId, type ReactNode, type Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { cx } from './cx.ts';
import { Hidden } from './Hidden.tsx';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';
import { Tooltip } from './Tooltip.tsx';
import type { IconName } from './icons.ts';
import styles from './button.module.css';

type Shared = {
  variant?: 'primary' | 'default' | 'quiet' | 'danger';
  /** The action runs: the button keeps its place and focus, and does nothing. */
  isPending?: boolean;
  isDisabled?: boolean;
  /** Why it is disabled. With a reason the button stays reachable by keyboard and shows it on focus and hover. */
  reason?: string | null | undefined;
  onPress?: () => void;
  type?: 'button' | 'submit';
  /** Shown as keys in the tooltip, for example `F8`. The shortcut itself is registered with useCommand. */
  shortcut?: string;
  autoFocus?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  'aria-expanded'?: boolean;
  'aria-haspopup'?: 'menu' | 'dialog' | 'listbox';
  'aria-pressed'?: boolean;
  'data-testid'?: string;
};

export type ButtonProps = Shared & { icon?: IconName; children: ReactNode };

type CoreProps = Shared & { tooltip?: ReactNode; label?: string; children: ReactNode };

function CoreButton({ variant = 'default', isPending = false, isDisabled = false, reason, onPress, type = 'button', shortcut, className, tooltip, label, children, ...rest }: CoreProps): ReactNode {
  const reasonId = useId();
  const why = isDisabled && reason !== undefined && reason !== null && reason !== '' ? reason : null;
  const explained = why !== null;
  const hint = explained ? why : (tooltip ?? (shortcut === undefined ? undefined : <Kbd keys={shortcut} />));
  return (
    <>
      <Tooltip text={hint}>
        <AriaButton
          {...rest}
          {...(label === undefined ? {} : { 'aria-label': label })}
          {...(explained ? { 'aria-disabled': 'true' as const, 'aria-describedby': reasonId } : {})}
          type={explained ? 'button' : type}
          isPending={isPending}
          isDisabled={isDisabled && !explained}
          onPress={() => {
            if (!isDisabled) onPress?.();
          }}
          className={cx(styles.button, styles[variant], explained && styles.blocked, className)}
        >
          {children}
        </AriaButton>
      </Tooltip>
      {explained && <Hidden id={reasonId}>{why}</Hidden>}
    </>
  );
}

/** A button with a text. */
export function Button({ icon, children, isPending = false, ...rest }: ButtonProps): ReactNode {
  return (
    <CoreButton {...rest} isPending={isPending}>
      {isPending ? <span className={styles.spinner} aria-hidden /> : icon !== undefined && <Icon name={icon} />}
      <span className={styles.label}>{children}</span>
    </CoreButton>
  );
}

export type IconButtonProps = Shared & { icon: IconName; /** Accessible name and tooltip. */ label: string };

/** A button that is only an icon; its name stands in the tooltip. */
export function IconButton({ icon, label, variant = 'quiet', className, shortcut, isPending = false, ...rest }: IconButtonProps): ReactNode {
  const tooltip = shortcut === undefined ? label : <>{label} <Kbd keys={shortcut} /></>;
  return (
    <CoreButton {...rest} isPending={isPending} variant={variant} label={label} tooltip={tooltip} className={cx(styles.iconOnly, className)}>
      {isPending ? <span className={styles.spinner} aria-hidden /> : <Icon name={icon} />}
    </CoreButton>
  );
}

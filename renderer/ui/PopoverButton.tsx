import { useState, type ReactNode } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { cx } from './cx.ts';
import popover from './popover.module.css';
import styles from './popover-button.module.css';

export type PopoverButtonProps = {
  /** Accessible name of the button and of what it opens. */
  label: string;
  /** What the button shows. */
  trigger: ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
  placement?: 'bottom end' | 'bottom start' | 'bottom';
  /** Pixels. */
  width?: number;
  className?: string;
  'data-testid'?: string;
};

/** A button that opens facts and actions in place; Escape and a click elsewhere close them. */
export function PopoverButton({ label, trigger, children, placement = 'bottom end', width = 360, className, ...rest }: PopoverButtonProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton {...rest} aria-label={label} className={cx(styles.button, className)}>{trigger}</AriaButton>
      <Popover placement={placement} offset={4} className={popover.popover ?? ''} style={{ width }}>
        <Dialog aria-label={label} className={styles.dialog ?? ''}>{typeof children === 'function' ? children(() => setOpen(false)) : children}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}

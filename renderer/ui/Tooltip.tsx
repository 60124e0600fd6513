import type { ReactElement, ReactNode } from 'react';
import { Focusable, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import styles from './tooltip.module.css';

export type TooltipProps = {
  /** Nothing opens while this is empty. */
  text: ReactNode;
  /** One element that can take the focus: a react-aria component, or a native one with `native`. */
  children: ReactElement;
  /** Set when the child is a plain DOM element with a role. */
  native?: boolean;
  placement?: 'top' | 'bottom' | 'left' | 'right';
};

/** A short explanation on hover and on keyboard focus. */
export function Tooltip({ text, children, native = false, placement = 'top' }: TooltipProps): ReactNode {
  return (
    <TooltipTrigger delay={400} closeDelay={0} isDisabled={text === undefined || text === null || text === ''}>
      {native ? <Focusable>{children as ReactElement<Record<string, unknown>, string>}</Focusable> : children}
      <AriaTooltip placement={placement} offset={6} className={styles.tooltip ?? ''}>{text}</AriaTooltip>
    </TooltipTrigger>
  );
}

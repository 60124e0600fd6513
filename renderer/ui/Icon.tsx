import type { ReactNode } from 'react';
import { iconPaths, type IconName } from './icons.ts';
import styles from './icon.module.css';
import { cx } from './cx.ts';

export type IconProps = {
  name: IconName;
  /** Says what the icon means where no text beside it does; without it the icon is decoration. */
  label?: string;
  className?: string | undefined;
};

/** One icon of our own set, 16 px, in the colour of the text around it. */
export function Icon({ name, label, className }: IconProps): ReactNode {
  return (
    <svg viewBox="0 0 16 16" className={cx(styles.icon, className)} role={label === undefined ? undefined : 'img'} aria-label={label} aria-hidden={label === undefined}>
      <path d={iconPaths[name]} />
    </svg>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './kbd.module.css';

/** Splits `Ctrl+Enter` into its keys; the plus key itself is written `Plus`. */
export const keysOf = (shortcut: string): string[] => shortcut.split('+').filter((key) => key !== '');

/** Keys as they are written on the keyboard of the language: `Strg+K`, `Eingabe`. */
export function Kbd({ keys }: { keys: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const word = (key: string): string => (i18n.exists(`key.${key}`) ? t(`key.${key}`) : key);
  return (
    <kbd className={styles.keys}>
      {keysOf(keys).map((key) => <span key={key} className={styles.key}>{word(key)}</span>)}
    </kbd>
  );
}

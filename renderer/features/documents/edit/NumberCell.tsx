import { useEffect, useRef, type ReactNode } from 'react';
import styles from './grid.module.css';

export type NumberCellProps = {
  label: string;
  cell: string;
  text: string;
  isInvalid: boolean;
  hasWarning: boolean;
  describedBy: string | undefined;
  onType: (text: string) => void;
  onLeave: () => void;
};

/** A number of a line. The whole of it is marked on arrival, so that typing replaces it. */
export function NumberCell({ label, cell, text, isInvalid, hasWarning, describedBy, onType, onLeave }: NumberCellProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const isTyped = useRef(false);
  // A chosen article fills the cell one is already in: that too must be replaced by typing, not continued.
  useEffect(() => {
    if (!isTyped.current && document.activeElement === input.current) input.current?.select();
  }, [text]);
  return (
    <input
      ref={input} className={styles.numberInput} data-cell={cell} aria-label={label} aria-invalid={isInvalid || undefined} aria-describedby={describedBy} data-warning={hasWarning || undefined}
      inputMode="decimal" autoComplete="off" spellCheck={false} value={text} maxLength={200}
      onChange={(event) => {
        isTyped.current = true;
        onType(event.target.value);
      }}
      onFocus={(event) => {
        isTyped.current = false;
        event.target.select();
      }}
      onBlur={onLeave}
    />
  );
}

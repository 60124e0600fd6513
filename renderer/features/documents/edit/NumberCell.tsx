import { useEffect, useRef, type ReactNode } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import type { Cell } from './draft.ts';
import styles from './grid.module.css';

export type NumberCellProps = {
  label: string;
  cell: string;
  content: Cell;
  minDigits: number;
  isInvalid: boolean;
  hasWarning: boolean;
  describedBy: string | undefined;
  onType: (text: string) => void;
  onLeave: () => void;
};

/** A number of a line. The whole of it is marked on arrival, so that typing replaces it. */
export function NumberCell({ label, cell, content, minDigits, isInvalid, hasWarning, describedBy, onType, onLeave }: NumberCellProps): ReactNode {
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const isTyped = useRef(false);
  const text = content.text ?? (content.value === null ? '' : format.decimal(content.value, { min: minDigits }));
  // A chosen article fills the cell one is already in: that too must be replaced by typing, not continued.
  useEffect(() => {
    if (!isTyped.current && document.activeElement === input.current) input.current?.select();
  }, [text]);
  return (
    <input
      ref={input} className={styles.numberInput} data-cell={cell} aria-label={label} aria-invalid={isInvalid || undefined} aria-describedby={describedBy} data-warning={hasWarning || undefined}
      inputMode="decimal" autoComplete="off" spellCheck={false} value={text}
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

import { useState } from 'react';

/**
 * A field whose text is free while it is typed and becomes a value on blur or Enter. While the text makes no value it
 * stays in the field, marked wrong, and the value stays as it was: nothing that was typed is thrown away.
 */
export function useTyped<T>({ value, show, parse, onChange }: {
  value: T | null;
  show: (value: T) => string;
  parse: (text: string) => T | null;
  onChange: (value: T | null) => void;
}): { text: string; isWrong: boolean; type: (text: string) => void; commit: () => void } {
  const [draft, setDraft] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const commit = (): void => {
    if (draft === null) return;
    const parsed = draft.trim() === '' ? null : parse(draft);
    if (parsed === null && draft.trim() !== '') {
      setWrong(true);
      return;
    }
    setDraft(null);
    setWrong(false);
    if (parsed !== value) onChange(parsed);
  };
  const type = (text: string): void => {
    setDraft(text);
    setWrong(false);
  };
  return { text: draft ?? (value === null ? '' : show(value)), isWrong, type, commit };
}

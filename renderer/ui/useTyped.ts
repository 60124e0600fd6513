import { useRef, useState } from 'react';

export type Typed = { text: string; isWrong: boolean; type: (text: string) => void; commit: () => void };

/**
 * A field whose text is free while it is typed and becomes a value on blur or Enter. While the text makes no value it
 * stays in the field, marked wrong, and the value stays as it was: nothing that was typed is thrown away.
 */
export function useTyped<T>({ value, show, parse, onChange }: {
  value: T | null;
  show: (value: T) => string;
  parse: (text: string) => T | null;
  onChange: (value: T | null) => void;
}): Typed {
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

/**
 * The same for forms that store every key: `onChange` gets the value as soon as the text makes one, and the text itself
 * while it makes none. What is wrong with it is the form's to say.
 */
export function useLiveTyped({ value, show, parse, onChange }: {
  /** A value, or the text that is none yet. */
  value: string | null;
  show: (value: string) => string;
  parse: (text: string) => string | null;
  onChange: (value: string | null) => void;
}): Typed {
  const [typed, setTyped] = useState<string | null>(null);
  const given = useRef<string | null>(null);
  // Undone, or replaced from outside: what was typed is not what stands there any more.
  const isOurs = typed !== null && given.current === value;
  const type = (text: string): void => {
    given.current = text.trim() === '' ? null : (parse(text) ?? text);
    setTyped(text);
    if (given.current !== value) onChange(given.current);
  };
  return { text: isOurs ? typed : value === null ? '' : show(value), isWrong: false, type, commit: () => setTyped(null) };
}

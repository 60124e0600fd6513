import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export type CommandGroup = 'navigation' | 'document' | 'view' | 'session' | 'general';

/** Something a person can do, from the palette (Ctrl+K) and by its shortcut. */
export type Command = {
  /** Stable, `area.name`; shortcuts will be remapped by it. */
  id: string;
  title: string;
  group?: CommandGroup;
  /** `F8`, `Ctrl+Enter`, `J`. Single letters do nothing while text is typed. */
  shortcut?: string;
  run: () => void;
  /** Default true. A disabled command stays in the palette with its reason. */
  isEnabled?: boolean;
  reason?: string | null | undefined;
  /** Only a shortcut: listed in F1, not in the palette (moving the cursor, for example). */
  isHidden?: boolean;
  /** Of the frame: a screen's command with the same shortcut goes first. */
  isFallback?: boolean;
};

type Commands = { list: readonly Command[]; register: (command: Command) => () => void };

/** What can be done now: the frame's commands and those of the screen that is open. The latest of an id or shortcut wins. */
export const useCommands = create<Commands>((set) => ({
  list: [],
  register: (command) => {
    set(({ list }) => ({ list: [...list, command] }));
    return () => set(({ list }) => ({ list: list.filter((other) => other !== command) }));
  },
}));

/** Offers a command while the component is mounted. */
export function useCommand(command: Command): void {
  const latest = useRef(command.run);
  useEffect(() => {
    latest.current = command.run;
  });
  const register = useCommands(({ register: add }) => add);
  const { id, title, group, shortcut, isEnabled = true, reason = null, isHidden = false, isFallback = false } = command;
  useEffect(
    () => register({ id, title, isEnabled, reason, isHidden, isFallback, run: () => latest.current(), ...(group === undefined ? {} : { group }), ...(shortcut === undefined ? {} : { shortcut }) }),
    [register, id, title, group, shortcut, isEnabled, reason, isHidden, isFallback],
  );
}

/** One command an id, the latest registered. */
export function currentCommands(list: readonly Command[]): Command[] {
  return [...new Map(list.map((command) => [command.id, command])).values()];
}

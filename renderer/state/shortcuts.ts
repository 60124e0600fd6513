import type { Command } from './commands.ts';

/** What of a keyboard event decides a shortcut. */
export type KeyPress = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean };

const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);

/** The spelling of a key press: `Ctrl+K`, `F8`, `Shift+F4`, `?`. The Command key of macOS counts as Ctrl. */
export function spell(press: KeyPress): string {
  const key = press.key === ' ' ? 'Space' : isLetter(press.key) ? press.key.toUpperCase() : press.key;
  const modifiers = [press.ctrlKey || press.metaKey ? 'Ctrl' : '', press.altKey ? 'Alt' : '', press.shiftKey && (isLetter(press.key) || key.length > 1) ? 'Shift' : ''];
  return [...modifiers.filter((name) => name !== ''), key].join('+');
}

/** True for keys that also make text or move in it: these belong to the field that has the focus. */
export const belongsToText = (shortcut: string): boolean => !shortcut.includes('Ctrl+') && !shortcut.includes('Alt+') && !/^(Shift\+)?F\d+$/.test(shortcut) && shortcut !== 'Escape';

/** Which of the commands with one shortcut is meant: a screen's before the frame's, then the one registered last. */
const winner = (commands: readonly Command[]): Command | undefined => commands.findLast((command) => command.isFallback !== true) ?? commands.at(-1);

/** The commands that some key reaches now; those that another one covers are left out. */
export const reachable = (commands: readonly Command[]): Command[] =>
  commands.filter((command) => command.shortcut !== undefined && winner(commands.filter((other) => other.shortcut === command.shortcut)) === command);

/** The command a key press means. */
export function commandFor(press: KeyPress, commands: readonly Command[], inText: boolean): Command | undefined {
  const shortcut = spell(press);
  if (inText && belongsToText(shortcut)) return undefined;
  return winner(commands.filter((command) => command.shortcut === shortcut));
}

import { describe, expect, it } from 'vitest';
import type { Command } from './commands.ts';
import { commandFor, reachable, spell, type KeyPress } from './shortcuts.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const command = (id: string, shortcut: string, more: Partial<Command> = {}): Command => ({ id, title: id, shortcut, run: () => undefined, ...more });

describe('spell', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'Ctrl+K'], [press('k', { metaKey: true }), 'Ctrl+K'], [press('Enter', { ctrlKey: true }), 'Ctrl+Enter'], [press('F8'), 'F8'],
    [press('F4', { shiftKey: true }), 'Shift+F4'], [press('j'), 'J'], [press('J', { shiftKey: true }), 'Shift+J'], [press('?', { shiftKey: true }), '?'], [press('1', { altKey: true }), 'Alt+1'],
  ])('%o', (given, spelled) => expect(spell(given)).toBe(spelled));
});

describe('commandFor', () => {
  const frame = command('app.search', 'F3', { isFallback: true });
  const screen = command('documents.search', 'F3');
  const approve = command('approvals.approve', 'A');

  it('prefers the screen to the frame, in whichever order they registered', () => {
    expect(commandFor(press('F3'), [frame, screen], false)).toBe(screen);
    expect(commandFor(press('F3'), [screen, frame], false)).toBe(screen);
    expect(commandFor(press('F3'), [frame], false)).toBe(frame);
  });

  it('prefers the later of two screens', () => {
    const dialog = command('dialog.search', 'F3');
    expect(commandFor(press('F3'), [screen, dialog], false)).toBe(dialog);
  });

  it('leaves letters, Enter and Delete to the text that is typed', () => {
    expect(commandFor(press('a'), [approve], true)).toBeUndefined();
    expect(commandFor(press('a'), [approve], false)).toBe(approve);
    expect(commandFor(press('Enter'), [command('x', 'Enter')], true)).toBeUndefined();
    expect(commandFor(press('Enter', { ctrlKey: true }), [command('x', 'Ctrl+Enter')], true)).toBeDefined();
    expect(commandFor(press('F3'), [screen], true)).toBe(screen);
  });

  it('lists only what a key reaches', () => expect(reachable([frame, screen, approve, command('none', 'F3', { isFallback: true })])).toEqual([screen, approve]));
});

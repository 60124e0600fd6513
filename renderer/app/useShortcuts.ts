import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../state/commands.ts';
import { commandFor } from '../state/shortcuts.ts';
import { showToast } from '../ui/index.ts';

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [role=combobox], [role=listbox], [role=menu]'));

/** Runs commands by their keys, in one place for the whole window. */
export function useShortcuts(): void {
  const { t } = useTranslation('shell');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // An open dialog owns the keyboard, except for what it registers itself.
      const inDialog = event.target instanceof HTMLElement && event.target.closest('[role=dialog]') !== null;
      const command = commandFor(event, useCommands.getState().list, isText(event.target));
      if (command === undefined || (inDialog && command.isFallback === true && command.shortcut !== 'Ctrl+K')) return;
      event.preventDefault();
      if (command.isEnabled !== false) command.run();
      else if (!event.repeat) showToast({ title: command.title, text: command.reason ?? t('command.notNow') });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [t]);
}

import { useCallback } from 'react';
import { create } from 'zustand';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Language } from '../i18n/language.ts';
import { call } from '../bridge/call.ts';

type SettingsStore = { settings: Settings; systemLanguage: Language };

/** What the app remembers per installation; the defaults until main has answered. */
export const useSettings = create<SettingsStore>(() => ({ settings: { language: 'system', theme: 'system', layout: {}, policy: {} }, systemLanguage: 'de' }));

type LayoutValue = string | number | boolean;

const pendingLayout = new Map<string, LayoutValue>();
let layoutTimer: ReturnType<typeof setTimeout> | undefined;

/** Dragging a divider changes a size many times a second: one write follows when it rests. */
const layoutDelay = 400;

function writeLayout(): void {
  const layout = { ...useSettings.getState().settings.layout, ...Object.fromEntries(pendingLayout) };
  pendingLayout.clear();
  // A size that could not be kept is not worth an error on screen.
  void call('settings.write', { layout }).catch(() => undefined);
}

/** Remembers a small value of the layout (a size, a column set, a filter) across starts. */
export function rememberLayout(key: string, value: LayoutValue): void {
  useSettings.setState(({ settings }) => ({ settings: { ...settings, layout: { ...settings.layout, [key]: value } } }));
  pendingLayout.set(key, value);
  clearTimeout(layoutTimer);
  layoutTimer = setTimeout(writeLayout, layoutDelay);
}

/** A remembered value and its setter; `fallback` also decides the type, a remembered value of another type is ignored. */
export function useLayoutValue<T extends LayoutValue>(key: string, fallback: T): [T, (value: T) => void] {
  const stored = useSettings(({ settings }) => settings.layout[key]);
  const set = useCallback((value: T) => rememberLayout(key, value), [key]);
  return [typeof stored === typeof fallback ? (stored as T) : fallback, set];
}

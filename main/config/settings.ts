import path from 'node:path';
import { settingsSchema, type Settings, type SettingsChange } from '../../shared/domain/settings.ts';
import { Emitter } from '../emitter.ts';
import { JsonFile } from './json-file.ts';

/** The settings of this installation, kept in memory and written through. */
export type SettingsStore = {
  read(): Settings;
  /** Merges; entries of `layout` and `policy` are merged one by one. */
  write(change: SettingsChange): Promise<Settings>;
  readonly changed: Emitter<Settings>;
  /** True when the file was damaged and defaults took its place. */
  readonly wasReset: boolean;
};

export function openSettings(folder: string): SettingsStore {
  const file = new JsonFile(path.join(folder, 'settings.json'), settingsSchema);
  const { value, reset } = file.read(settingsSchema.parse({}));
  const changed = new Emitter<Settings>();
  let current = value;
  return {
    wasReset: reset,
    changed,
    read: () => current,
    async write(change) {
      current = {
        language: change.language ?? current.language,
        theme: change.theme ?? current.theme,
        layout: { ...current.layout, ...change.layout },
        policy: { ...current.policy, ...change.policy },
      };
      await file.write(current);
      changed.emit(current);
      return current;
    },
  };
}

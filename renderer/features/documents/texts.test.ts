import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentTypeInfo, documentTypes } from '../../../shared/domain/document-types.ts';
import { fallbackFormSpec } from '../../../shared/domain/form-specs-fallback.ts';
import { transitions, workflowActions, workflowStates } from '../../../shared/domain/workflow.ts';
import { roles } from '../../../shared/rbac/scopes.ts';
import { datePresets } from './list/filters.ts';

const read = (language: string, area: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../../resources/locales/${language}/${area}.json`, import.meta.url), 'utf8')) as Record<string, string>;
const placeholders = (text: string | undefined): string[] => [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').toSorted();
/** Keys that the sources of a folder use literally. */
const usedIn = (folder: string): string[] => readdirSync(new URL(`../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
  .flatMap((file) => [...readFileSync(new URL(`../${folder}/${file}`, import.meta.url), 'utf8').matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key ?? ''));

describe.each([['documents', ['documents', 'trail']], ['approvals', ['approvals']]])('texts of %s', (area, folders) => {
  const [german, english] = [read('de', area), read('en', area)];

  it('exist in both languages, with the same values in them', () => {
    expect(Object.keys(english)).toEqual(Object.keys(german));
    for (const key of Object.keys(german)) {
      expect(german[key], key).not.toBe('');
      expect(placeholders(english[key]), key).toEqual(placeholders(german[key]));
    }
  });

  it('are there for every key the screens use', () => {
    const missing = folders.flatMap(usedIn).filter((key) => !(key in german) && !(`${key}_other` in german));
    expect(missing).toEqual([]);
  });
});

describe('texts that are put together', () => {
  const german = read('de', 'documents');
  it('cover every type, status, state, action, role and preset', () => {
    const keys = [
      ...documentTypes.map((type) => `type.${type}`), ...documentTypes.flatMap((type) => Object.keys(documentTypeInfo[type].statuses)).map((status) => `status.${status}`),
      ...workflowStates.map((state) => `state.${state}`), ...workflowActions.flatMap((action) => [`action.${action}`, `trail.action.${action}`]), ...roles.map((role) => `role.${role}`),
      ...datePresets.filter((preset) => preset !== 'custom').map((preset) => `preset.${preset}`),
      ...['submit', 'approve', 'reject', 'post'].flatMap((action) => workflowStates.filter((state) => transitions[action as 'post'].from !== state).map((state) => `blocked.state.${action}.${state}`)),
      ...workflowStates.filter((state) => state !== 'draft').map((state) => `blocked.edit.${state}`),
    ];
    expect(keys.filter((key) => !(key in german))).toEqual([]);
  });
  it('have a word of our own for every field and option of our forms', () => {
    const fields = documentTypes.flatMap((type) => fallbackFormSpec(type).fields);
    expect(fields.map((field) => `field.${field.name}`).filter((key) => !(key in german))).toEqual([]);
    const options = fields.filter((field) => field.name !== 'status').flatMap((field) => (field.options ?? []).map((option) => `option.${field.name}.${option.value}`));
    expect(options.filter((key) => !(key in german))).toEqual([]);
  });
});

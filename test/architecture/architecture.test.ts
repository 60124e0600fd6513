import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources } from './imports.ts';
import { checkDoors, checkFolders, checkImports, checkLength, checkLocales, type Violation } from './rules.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = ['shared', 'preload', 'main', 'renderer', 'test'].flatMap((folder) => readSources(root, folder));
const lines = (violations: readonly Violation[]): string[] => violations.map(({ file, detail }) => `${file}: ${detail}`);

/** Files that may be longer than 300 lines, each with the reason. */
const longFiles: Readonly<Record<string, string>> = {};

describe('the layers', () => {
  it('import only what they may', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(lines(checkImports(sources))).toEqual([]);
  });

  it('keep to their doors', () => {
    expect(lines(checkDoors(sources))).toEqual([]);
  });

  it('have short files', () => {
    expect(lines(checkLength(sources, longFiles))).toEqual([]);
  });

  it('lie in the folders of the design', () => {
    const tracked = execFileSync('git', ['ls-tree', '--name-only', '-d', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    expect(lines(checkFolders(tracked))).toEqual([]);
  });
});

describe('the texts', () => {
  const folder = join(root, 'resources/locales');
  const read = (language: string, name: string): unknown => {
    const file = join(folder, language, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as unknown : {};
  };
  const names = ['de', 'en'].flatMap((language) => (existsSync(join(folder, language)) ? readdirSync(join(folder, language)) : [])).filter((name) => name.endsWith('.json'));

  it('are the same set in German and English', () => {
    expect([...new Set(names)].flatMap((name) => lines(checkLocales(read('de', name), read('en', name))).map((line) => `${name}: ${line}`))).toEqual([]);
  });

  it('are never empty', () => {
    const empty = ['de', 'en'].flatMap((language) => names.flatMap((name) => Object.entries(read(language, name) as Record<string, unknown>).filter(([, text]) => text === '').map(([key]) => `${language}/${name}: ${key}`)));
    expect(empty).toEqual([]);
  });
});

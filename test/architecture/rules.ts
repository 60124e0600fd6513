import { builtinModules } from 'node:module';
import { target, type Import, type SourceFile } from './imports.ts';

/**
 * The layers and what each may import. Whoever adds a package to a layer adds it here, which makes it a decision that is seen in review.
 */

const sharedPackages = ['zod', 'big.js'];
const mainPackages = [...sharedPackages, 'openid-client', 'jose', 'pino', 'keytar', 'better-sqlite3', 'eventsource-parser', 'electron-updater', 'qr', 'unpdf', 'fflate', 'saxes'];
const rendererPackages = [
  ...sharedPackages, 'react', 'react-dom', 'react-router', 'react-aria-components', 'react-aria', 'react-stately', '@internationalized/date', '@internationalized/number', 'i18next', 'react-i18next', 'zustand',
  '@tanstack/react-query', '@tanstack/react-virtual', 'recharts',
  '@codemirror/state', '@codemirror/view', '@codemirror/lang-json', '@codemirror/lint', '@codemirror/language', '@codemirror/commands', '@codemirror/autocomplete',
];
/** Only in tests, wherever these lie. */
const testPackages = ['vitest', 'fast-check', '@playwright/test', 'playwright', '@axe-core/playwright', 'react-dom', 'read-excel-file'];

const electronValueFolders = ['main/electron/'];
const electronValueFiles = ['main/ipc/router.ts', 'main/index.ts'];

export type Violation = { file: string; rule: string; detail: string };

const isTest = (path: string): boolean => /\.(test|spec)\.tsx?$/.test(path);
const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);
const isElectron = (specifier: string): boolean => specifier === 'electron' || specifier.startsWith('electron/');

/** `react-dom/client` → `react-dom`, `@scope/name/part` → `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

type Layer = { name: string; reaches: string[]; packages: string[]; builtins: boolean; electron: 'never' | 'values' | 'types' };

function layerOf(path: string): Layer | undefined {
  if (path.startsWith('shared/')) return { name: 'shared', reaches: ['shared/'], packages: sharedPackages, builtins: false, electron: 'never' };
  if (path.startsWith('preload/')) return { name: 'preload', reaches: ['preload/', 'shared/ipc/'], packages: [], builtins: false, electron: 'values' };
  if (path.startsWith('renderer/')) return { name: 'renderer', reaches: ['renderer/', 'shared/', 'resources/'], packages: rendererPackages, builtins: false, electron: 'never' };
  if (path.startsWith('main/host/')) return { name: 'main/host', reaches: ['main/', 'shared/', 'resources/'], packages: mainPackages, builtins: true, electron: 'never' };
  if (path.startsWith('main/')) {
    const mayUseElectron = electronValueFiles.includes(path) || electronValueFolders.some((folder) => path.startsWith(folder));
    return { name: 'main', reaches: ['main/', 'shared/', 'resources/'], packages: mainPackages, builtins: true, electron: mayUseElectron ? 'values' : 'types' };
  }
  return undefined;
}

function judgeElectron(layer: Layer, { isType }: Import): string | undefined {
  if (layer.electron === 'never') return `${layer.name} must not know Electron`;
  if (layer.electron === 'types' && !isType) return 'Electron values belong to main/electron, main/ipc/router.ts and main/index.ts; take a port instead';
  return undefined;
}

function judgeImport(file: SourceFile, layer: Layer, one: Import): string | undefined {
  const { specifier } = one;
  const inTest = isTest(file.path);
  if (specifier === '(computed)') return 'an import must name its module, or nobody can check it';
  if (isElectron(specifier)) return inTest ? undefined : judgeElectron(layer, one);
  if (isBuiltin(specifier)) return layer.builtins || inTest ? undefined : `${layer.name} must not use Node (${specifier})`;
  if (specifier.startsWith('.')) {
    const path = target(file.path, specifier);
    if (path.startsWith('test/')) return inTest ? undefined : 'nothing imports test/';
    if (path === 'package.json') return undefined;
    return layer.reaches.some((prefix) => path.startsWith(prefix)) ? undefined : `${layer.name} must not reach ${path}`;
  }
  const name = packageName(specifier);
  if (inTest && testPackages.includes(name)) return undefined;
  return layer.packages.includes(name) ? undefined : `${name} is not on the list of packages for ${layer.name}`;
}

/** Inside main: handlers → services → ports. What lies deeper must not know the door. */
function judgeDirection(file: SourceFile, one: Import): string | undefined {
  if (!file.path.startsWith('main/') || isTest(file.path) || one.isType) return undefined;
  const path = target(file.path, one.specifier);
  const isDoor = /^main\/(ipc|electron|app\.ts|index\.ts)/;
  if (isDoor.test(path) && !isDoor.test(file.path)) return `${path} is above the services and must not be used by them`;
  if (/^main\/(erp|secrets|log|host)\//.test(file.path) && /^main\/(auth|documents|sync|config|diagnostics|audit|policy|security)\//.test(path)) return `${file.path.split('/')[1] ?? ''} is below ${path} and must not use it`;
  // The rest of main talks to the data host through its client; the host's insides run in another process.
  if (!file.path.startsWith('main/host/') && path.startsWith('main/host/db/')) return 'the database is used through the data host\'s client only';
  return undefined;
}

/** All import rules over all files. */
export function checkImports(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    if (layer === undefined) return [];
    return file.imports.flatMap((one) => [judgeImport(file, layer, one), judgeDirection(file, one)]
      .filter((detail) => detail !== undefined)
      .map((detail) => ({ file: file.path, rule: 'import', detail })));
  });
}

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');

/** Names that may be used in one place only. */
export function checkDoors(files: readonly SourceFile[]): Violation[] {
  return files.filter(({ path }) => !isTest(path) && !path.startsWith('test/')).flatMap((file) => {
    const code = withoutComments(file.text);
    const violations: Violation[] = [];
    const takesIpcMain = file.imports.some(({ specifier, isType, names }) => isElectron(specifier) && !isType && (names.includes('ipcMain') || names.includes('*')));
    if (takesIpcMain && file.path !== 'main/ipc/router.ts') violations.push({ file: file.path, rule: 'door', detail: 'ipcMain is used in main/ipc/router.ts only' });
    if (/\bipcMain\b/.test(code) && file.path !== 'main/ipc/router.ts') violations.push({ file: file.path, rule: 'door', detail: 'ipcMain is used in main/ipc/router.ts only' });
    if (/\b(window|globalThis|self)\s*(\.|\?\.|\[['"])valeo\b/.test(code) && !file.path.startsWith('renderer/bridge/')) violations.push({ file: file.path, rule: 'door', detail: 'window.valeo is used in renderer/bridge only' });
    if (file.path.startsWith('renderer/') && /\bdangerouslySetInnerHTML\b|\.innerHTML\s*=|\.outerHTML\s*=|\binsertAdjacentHTML\b|\bdocument\.write\b/.test(code)) {
      violations.push({ file: file.path, rule: 'door', detail: 'text becomes HTML only through React' });
    }
    if (file.path.startsWith('renderer/') && /\bnew\s+(WebSocket|EventSource|XMLHttpRequest)\b|\b(window|globalThis|self)\.fetch\b|(?<![.#\w])fetch\(\s*['"`]/.test(code)) violations.push({ file: file.path, rule: 'door', detail: 'the renderer has no network; ask main over the bridge' });
    return violations;
  });
}

/** @param reasons files that may be longer, each with the reason @param limit lines */
export function checkLength(files: readonly SourceFile[], reasons: Readonly<Record<string, string>>, limit = 300): Violation[] {
  const long = files.filter(({ path, lines }) => lines > limit && !(path in reasons)).map(({ path, lines }) => ({ file: path, rule: 'length', detail: `${lines} lines; split it, or give the reason why it is longer` }));
  const stale = Object.keys(reasons).filter((path) => !files.some((file) => file.path === path && file.lines > limit)).map((path) => ({ file: path, rule: 'length', detail: 'has a reason for being long but is not long (any more)' }));
  return [...long, ...stale];
}

const topFolders = ['main', 'preload', 'renderer', 'shared', 'resources', 'test', '.ci', '.github', 'docs'];

/** @param folders names of the tracked folders at the top level */
export function checkFolders(folders: readonly string[]): Violation[] {
  return folders.filter((name) => !topFolders.includes(name)).map((name) => ({ file: name, rule: 'folder', detail: 'is not one of the top-level folders' }));
}

/** Keys with their path: `{a: {b: 'x'}}` → `a.b`. */
export function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  return Object.entries(value).flatMap(([key, child]) => keysOf(child, prefix === '' ? key : `${prefix}.${key}`));
}

/** Keys that one of two languages lacks. */
export function checkLocales(de: unknown, en: unknown): Violation[] {
  const [german, english] = [keysOf(de), keysOf(en)];
  const lacking = (language: string, have: string[], want: string[]): Violation[] => want.filter((key) => !have.includes(key)).map((key) => ({ file: language, rule: 'locale', detail: `lacks ${key}` }));
  return [...lacking('de', german, english), ...lacking('en', english, german)];
}

import { createHash, type Hash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { build as viteBuild, type InlineConfig } from 'vite';
import { out as outFolder, root as projectRoot } from './paths.ts';
import { duration, Failure, runCommand, say } from './say.ts';

/** Native modules cannot be bundled: they are loaded from node_modules, or from beside the archive in a package. */
export const nativeModules = ['better-sqlite3', 'keytar'];

type Target = {
  name: 'main' | 'host' | 'files' | 'reports' | 'preload' | 'renderer';
  entry: string;
  /** Folders whose content decides whether the target is up to date. */
  inputs: string[];
  config(entry: string, folder: string): InlineConfig;
};

/**
 * CommonJS for Node: ESM with a top-level await before `ready` deadlocks Electron. One file loads fastest; the main process
 * alone is split, by its dynamic imports, so that the window need not wait for what is read behind it.
 */
function nodeBundle(external: string[], target: string, codeSplitting = false) {
  return (entry: string, folder: string): InlineConfig => ({
    build: {
      ssr: entry, outDir: folder, target, sourcemap: true, minify: false, copyPublicDir: false,
      rolldownOptions: { external, output: {
          format: 'cjs', entryFileNames: 'index.cjs', chunkFileNames: '[name].cjs', codeSplitting,
          // Half the text is read in half the time at every start; the names stay, for the stacks in the log.
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
    // Everything else goes into the file, so that a package carries no node_modules besides the native ones.
    ssr: { noExternal: true, target: 'node' },
  });
}

/** A worker for untrusted files: apart from the host, whose start would wait for the readers otherwise. The one of PDFs waits at its top level, so these are modules. */
function workerBundle(entry: string, folder: string): InlineConfig {
  return {
    build: {
      ssr: entry, outDir: folder, target: 'node24', sourcemap: true, minify: false, copyPublicDir: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'index.mjs', codeSplitting: false } },
    },
    ssr: { noExternal: true, target: 'node' },
  };
}

type Graph = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

/**
 * Whether a module is among those that a window reads before its first paint: all that the entries import at once, and not
 * later. Not zod, of which one function is wanted and a group takes modules whole.
 */
function firstModules(entries: readonly string[]): (id: string, graph: Graph) => boolean {
  let first: Set<string> | null = null;
  return (id, graph) => {
    if (first === null) {
      first = new Set();
      const waiting = [...entries];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (first.has(next) || next.includes('/node_modules/zod/')) continue;
        first.add(next);
        waiting.push(...(graph.getModuleInfo(next)?.importedIds ?? []));
      }
    }
    return first.has(id);
  };
}

/** No inline script or style and no data: URL may come out of this: the content security policy forbids them. */
function rendererBundle(entry: string, folder: string): InlineConfig {
  const root = dirname(entry);
  // Every file of ours is a way through the main process, just while that is busy with the start: what is read first is one file.
  const isFirst = firstModules([join(root, 'main.tsx'), join(root, 'features/overview/index.tsx')]);
  return {
    root, base: './',
    // react-aria brings its own words in some thirty languages; two are spoken here.
    plugins: [react(), locales.vite({ locales: ['de-DE', 'en-GB', 'en-US'] })],
    build: {
      outDir: folder, target: 'chrome130', sourcemap: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false,
      // Read from disk, not from a network: the usual size warning does not apply.
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: 'first', name: (id, graph) => (isFirst(id, graph) ? 'first' : null) }] } } },
    },
  };
}

export const targets: readonly Target[] = [
  { name: 'main', entry: 'main/index.ts', inputs: ['main', 'shared', 'resources'], config: nodeBundle(['electron', ...nativeModules], 'node20', true) },
  { name: 'host', entry: 'main/host/index.ts', inputs: ['main', 'shared', 'resources'], config: nodeBundle(nativeModules, 'node24') },
  { name: 'files', entry: 'main/host/files/index.ts', inputs: ['main/host/files'], config: workerBundle },
  { name: 'reports', entry: 'main/host/findings/index.ts', inputs: ['main/host/findings', 'shared/security/findings'], config: workerBundle },
  { name: 'preload', entry: 'preload/index.ts', inputs: ['preload', 'shared'], config: nodeBundle(['electron'], 'node20') },
  { name: 'renderer', entry: 'renderer/index.html', inputs: ['renderer', 'shared', 'resources'], config: rendererBundle },
];

async function hashFolder(hash: Hash, folder: string, label: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await hashFolder(hash, path, `${label}/${entry.name}`);
    else if (!/\.test\.tsx?$/.test(entry.name)) hash.update(`${label}/${entry.name}\0`).update(await readFile(path)).update('\0');
  }
}

/** Fingerprint of everything a target is made from; the same fingerprint means the same output. */
export async function fingerprint(target: Pick<Target, 'name' | 'inputs'>, root: string = projectRoot): Promise<string> {
  const hash = createHash('sha256').update(target.name);
  for (const file of ['package.json', 'package-lock.json', 'test/runtime/build.ts']) hash.update(await readFile(join(root, file)).catch(() => ''));
  for (const folder of target.inputs) await hashFolder(hash, join(root, folder), folder);
  return hash.digest('hex');
}

export type BuildOptions = { root?: string; out?: string; force?: boolean; report?: (line: string) => void };

async function buildTarget(target: Target, options: Required<Omit<BuildOptions, 'report'>>): Promise<boolean> {
  const entry = join(options.root, target.entry);
  if (!(await access(entry).then(() => true, () => false))) throw new Failure(`There is nothing to build: ${target.entry} does not exist.`);
  const folder = join(options.out, target.name);
  const print = await fingerprint(target, options.root);
  const note = join(folder, '.fingerprint');
  if (!options.force && await readFile(note, 'utf8').catch(() => '') === print) return false;
  // Built aside and moved into place, so that a failed or killed build leaves the previous one whole.
  // Whoever asks, for example a test, gets the product: for anything else the bundler writes down where each element stands in its source.
  const mode = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  const scratch = join(options.out, `.build-${target.name}-${process.pid}`);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    const config = target.config(entry, scratch);
    await viteBuild({
      root: options.root, ...config, configFile: false, envDir: false, logLevel: 'warn', mode: 'production',
      build: { ...config.build, emptyOutDir: true },
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    await writeFile(join(scratch, '.fingerprint'), print);
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
    return true;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The ${target.name} part could not be built: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    if (mode === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = mode;
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Builds main, data host, preload and renderer into out/, each only when something it is made from has changed.
 * @throws Failure with the bundler's message
 */
export async function buildApp(options: BuildOptions = {}): Promise<void> {
  const report = options.report ?? say;
  const settings = { root: options.root ?? projectRoot, out: options.out ?? outFolder, force: options.force ?? false };
  const started = performance.now();
  const built: string[] = [];
  for (const target of targets) if (await buildTarget(target, settings)) built.push(target.name);
  report(built.length === 0 ? 'The build is up to date.' : `Built ${built.join(', ')} in ${duration(performance.now() - started)}.`);
}


if (import.meta.main) {
  await runCommand(async () => {
    await buildApp({ force: process.argv.includes('--force') });
    return 0;
  });
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApp } from './build.ts';

/** What a window has to read before it can paint, in bytes. Raise it knowingly: 100 KB more are some 10 ms at every start. */
const budget = 900_000;

let out: string;
const texts = new Map<string, string>();

/** The scripts that the page names, and everything they import at once. */
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'valeo-build-'));
  await buildApp({ out, report: () => undefined });
  const assets = join(out, 'renderer');
  const html = await readFile(join(assets, 'index.html'), 'utf8');
  const wanted = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, file = '']) => file);
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    if (texts.has(file)) continue;
    const text = await readFile(join(assets, file), 'utf8');
    texts.set(file, text);
    for (const [, next = ''] of text.matchAll(/(?:\bfrom|^import|;import)\s*"\.\/([^"]+\.js)"/g)) wanted.push(`assets/${next}`);
  }
}, 60_000);
afterAll(() => rm(out, { recursive: true, force: true }));

it('keeps what is read before the first paint within its budget', () => {
  expect(texts.size).toBeGreaterThan(1);
  const bytes = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThan(budget);
});

it('leaves schemas, charts and languages that nobody asked for out of it', () => {
  const all = [...texts.values()].join('\n');
  expect(all.includes('react')).toBe(true);
  const foreign = ['Élargir', 'ソート', 'ZodObject', 'recharts'];
  expect(foreign.filter((text) => all.includes(text))).toEqual([]);
});

it('opens the window with a few lines of the main process, and reads the security centre and the provider\'s protocol later', async () => {
  const read = new Map<string, string>();
  const wanted = ['index.cjs'];
  const later: string[] = [];
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    if (read.has(file)) continue;
    const text = await readFile(join(out, 'main', file), 'utf8');
    read.set(file, text);
    // A chunk that is required inside a function is a dynamic import.
    for (const [, before = '', next = ''] of text.matchAll(/(=>\s*)?require\("\.\/([^"]+)"\)/g)) (before === '' ? wanted : later).push(next);
  }
  const shell = [...read.values()].join('\n');
  expect(later).toEqual(['services.cjs']);
  expect(Buffer.byteLength(shell)).toBeLessThan(30_000);
  expect(shell).not.toContain('ZodObject');
  const services = await readFile(join(out, 'main/services.cjs'), 'utf8');
  expect(['createSecurityCentre(', 'authorizationCodeGrant(', 'encodeQR'].filter((text) => services.includes(`function ${text}`))).toEqual([]);
});

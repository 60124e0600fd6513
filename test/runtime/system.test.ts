import { describe, expect, it } from 'vitest';
import { installCommand, libraryNeeds, missingLibraries } from './system.ts';

const ldd = `	linux-vdso.so.1 (0x00007ffd)
	libnss3.so => not found
	libnssutil3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libgtk-3.so.0 => not found
	libnew.so.9 => not found
`;

describe('missing system libraries', () => {
  it('are read from ldd', () => {
    expect(missingLibraries(ldd)).toEqual(['libnss3.so', 'libnssutil3.so', 'libgtk-3.so.0', 'libnew.so.9']);
    expect(missingLibraries('\tnot a dynamic executable\n')).toEqual([]);
  });

  it('lead to each package once, and an unknown one to its name', () => {
    const needs = libraryNeeds(missingLibraries(ldd));
    expect(needs.map(({ packages }) => packages)).toEqual([['libnss3'], ['libgtk-3-0t64', 'libgtk-3-0'], []]);
    expect(needs.at(-1)?.what).toBe('libnew.so.9');
  });
});

it('names the command that asks no question', () => {
  expect(installCommand(['xvfb', 'dbus'])).toBe('sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb dbus');
  expect(installCommand([])).toBeUndefined();
});

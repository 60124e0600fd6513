import { describe, expect, it } from 'vitest';
import { importsOf, target } from './imports.ts';

describe('the import scanner', () => {
  it.each([
    ['import a from "x"', { specifier: 'x', isType: false, names: ['default'] }],
    ['import { a, type B } from "x"', { specifier: 'x', isType: false, names: ['a'] }],
    ['import { a as b } from "x"', { specifier: 'x', isType: false, names: ['a'] }],
    ['import * as a from "x"', { specifier: 'x', isType: false, names: ['*'] }],
    ['import "x"', { specifier: 'x', isType: false, names: [] }],
    ['import type { A } from "x"', { specifier: 'x', isType: true, names: ['A'] }],
    ['import { type A, type B } from "x"', { specifier: 'x', isType: true, names: ['A', 'B'] }],
    ['export { a } from "x"', { specifier: 'x', isType: false, names: ['a'] }],
    ['export type { A } from "x"', { specifier: 'x', isType: true, names: ['A'] }],
    ['export * from "x"', { specifier: 'x', isType: false, names: ['*'] }],
    ['const a = await import("x")', { specifier: 'x', isType: false, names: [] }],
    ['const a = await import(`x`)', { specifier: 'x', isType: false, names: [] }],
    ['const a = () => { if (b) return require("x") }', { specifier: 'x', isType: false, names: [] }],
    ['const a = import(name)', { specifier: '(computed)', isType: false, names: [] }],
    ['type A = import("x").B', { specifier: 'x', isType: true, names: [] }],
  ])('reads %s', (text, expected) => {
    expect(importsOf(text)).toEqual([expected]);
  });

  it('is not fooled by comments and texts', () => {
    expect(importsOf('// import a from "x"\nconst b = \'import c from "y"\'; /* require("z") */')).toEqual([]);
  });

  it('reads JSX', () => {
    expect(importsOf('import { A } from "./a.tsx"; export const b = <A>text</A>;', 'sample.tsx')).toHaveLength(1);
  });

  it('refuses a file that does not parse, instead of finding nothing in it', () => {
    expect(() => importsOf('import {')).toThrow('does not parse');
  });

  it('resolves relative imports from the root', () => {
    expect(target('main/auth/a.ts', '../../shared/domain/b.ts')).toBe('shared/domain/b.ts');
    expect(target('main/a.ts', 'zod')).toBe('zod');
    expect(target('main/a.ts', '../../outside.ts')).toBe('outside.ts');
  });
});

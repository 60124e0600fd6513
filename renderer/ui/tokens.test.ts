import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** A colour token in one theme, as hexadecimal digits. */
function colour(name: string, theme: 'light' | 'dark'): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const found = pair?.[theme === 'light' ? 1 : 2] ?? new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1];
  if (found === undefined) throw new Error(`no colour ${name}`);
  return found;
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const onFills = ['accent-fill', 'accent-fill-hover', 'accent-fill-pressed', 'danger-fill', 'danger-fill-hover'].map((fill) => ['on-accent', fill] as const);
const surfaces = ['bg', 'surface', 'surface-sunken', 'surface-hover', 'surface-pressed', 'overlay', 'selected', 'selected-hover'];
const onSurfaces = ['text', 'text-muted'].flatMap((text) => surfaces.map((surface) => [text, surface] as const));
const states = ['danger', 'warning', 'success'].flatMap((state) => [[state, `${state}-surface`], [state, 'surface'], ['text', `${state}-surface`]] as const);

describe.each(['light', 'dark'] as const)('text in the %s theme', (theme) => {
  it.each([...onFills, ...onSurfaces, ...states])('%s on %s can be read (WCAG AA, 4.5 : 1)', (text, surface) => {
    expect(contrast(colour(text, theme), colour(surface, theme))).toBeGreaterThanOrEqual(4.5);
  });
});

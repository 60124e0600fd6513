import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectionProfileSchema, identityProviders } from '../../shared/domain/profile.ts';

const folder = new URL('../../resources/profiles/', import.meta.url);
const templates = readdirSync(folder).map((file) => ({ file, value: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown }));

describe('profile templates', () => {
  it.each(templates)('$file is a profile with nothing in it that the app would drop', ({ value }) => {
    expect(connectionProfileSchema.parse(value)).toEqual(value);
  });

  it('cover every provider, none of them as production', () => {
    const parsed = templates.map(({ value }) => connectionProfileSchema.parse(value));
    expect(parsed.map(({ provider }) => provider).toSorted()).toEqual([...identityProviders].toSorted());
    expect(parsed.every(({ environment }) => environment !== 'production')).toBe(true);
  });
});

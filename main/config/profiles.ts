import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import { appError, AppFailure, failure } from '../../shared/ipc/errors.ts';
import { JsonFile } from './json-file.ts';

const fileSchema = z.object({ activeId: z.string().nullable(), profiles: z.array(connectionProfileSchema) });
type Stored = z.infer<typeof fileSchema>;

/** The connection profiles of this installation. A profile given on the command line counts for this start only. */
export type ProfileStore = {
  list(): Stored;
  active(): ConnectionProfile | null;
  save(profile: ConnectionProfile): Promise<void>;
  /** Replaces one that is known, where it stands; which one is active stays. */
  change(profile: ConnectionProfile): Promise<void>;
  activate(id: string): Promise<void>;
  readonly wasReset: boolean;
};

/**
 * A profile from a file that somebody handed over.
 * @throws AppFailure `profile.missing` or `profile.invalid` with the fields that are wrong.
 */
export function readProfileFile(file: string): ConnectionProfile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw failure('profile.missing', { params: { file: path.basename(file) } }, error);
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw failure('profile.invalid', { params: { file: path.basename(file), fields: 'JSON' } }, error);
  }
  return parseProfile(raw, path.basename(file));
}

/** @throws AppFailure `profile.invalid` naming every wrong field. */
export function parseProfile(raw: unknown, source: string): ConnectionProfile {
  const parsed = connectionProfileSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || issue.message);
  throw new AppFailure(appError('profile.invalid', {
    params: { file: source, fields: fields.join(', ') },
    fieldErrors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), messageKey: 'errors.profile.invalid', params: { file: source, fields: issue.path.join('.') } })),
  }));
}

/** Makes an id from a name: `Genossenschaft Nord` → `genossenschaft-nord`. */
export function profileIdFrom(name: string): string {
  const id = name.toLowerCase().replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return id === '' ? 'server' : id;
}

export function openProfiles(folder: string, given: ConnectionProfile | null): ProfileStore {
  const file = new JsonFile(path.join(folder, 'profiles.json'), fileSchema);
  const { value, reset } = file.read({ activeId: null, profiles: [] });
  let stored = value;
  let override = given;
  const list = (): Stored => {
    if (override === null) return stored;
    const { id } = override;
    return { activeId: id, profiles: [override, ...stored.profiles.filter((profile) => profile.id !== id)] };
  };
  return {
    wasReset: reset,
    list,
    active() {
      const { activeId, profiles } = list();
      return profiles.find((profile) => profile.id === activeId) ?? null;
    },
    async save(profile) {
      override = null;
      stored = { activeId: profile.id, profiles: [...stored.profiles.filter((other) => other.id !== profile.id), profile] };
      await file.write(stored);
    },
    async change(profile) {
      const { activeId, profiles } = list();
      const changed = profiles.map((one) => (one.id === profile.id ? profile : one));
      // One that was given for this start only and is not this one stays so.
      const isGiven = override !== null && override.id !== profile.id;
      stored = isGiven ? { ...stored, profiles: stored.profiles.map((one) => (one.id === profile.id ? profile : one)) } : { activeId, profiles: changed };
      if (!isGiven) override = null;
      await file.write(stored);
    },
    async activate(id) {
      if (!list().profiles.some((profile) => profile.id === id)) throw failure('profile.missing', { params: { file: id } });
      if (override?.id === id) return;
      override = null;
      stored = { ...stored, activeId: id };
      await file.write(stored);
    },
  };
}

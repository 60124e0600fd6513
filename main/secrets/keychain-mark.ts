import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { KeychainObservation } from '../../shared/domain/keychain.ts';
import { replaceFile } from './replace-file.ts';
import type { SecretStore } from './store.ts';

/** What tells one place from another. Null where the system does not say. */
export type Surroundings = {
  /** Any text that is the same for as long as it is the same computer; only a hash of it is written down. */
  machine: string | null;
  /** The name our entries go by, which belongs to one user-data folder. */
  home: string;
  /** Which keychain answers, for example its name. */
  backend: string | null;
  /** Who signed this program. */
  signature: string | null;
};

const itemSchema = z.object({ id: z.string(), generation: z.int() });
const fileSchema = itemSchema.extend({ format: z.literal(1), machine: z.string().nullable(), home: z.string(), backend: z.string().nullable(), signature: z.string().nullable() });

const itemName = 'mark';
const sameOrUnknown = (noted: string | null, now: string | null): boolean | null => (noted === null || now === null ? null : noted === now);
const shortHash = (text: string): string => createHash('sha256').update(`valeo mark ${text}`).digest('hex').slice(0, 24);

function parse<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null {
  try {
    return text === null ? null : schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * The same random name and counter in the keychain and in a file. When a key is missing, comparing the two tells a
 * cloned profile, another keychain and a restored backup from an entry that somebody deleted. Neither is secret.
 */
export class KeychainMark {
  readonly #file: string;
  readonly #surroundings: () => Promise<Surroundings>;

  constructor(folder: string, surroundings: () => Promise<Surroundings>) {
    this.#file = path.join(folder, 'keychain-mark.json');
    this.#surroundings = surroundings;
  }

  /** @param keychain null when it cannot be asked. @returns null when nothing was ever noted. Never throws. */
  async compare(keychain: SecretStore | null): Promise<KeychainObservation['since']> {
    const noted = await this.#noted();
    if (noted === null) return null;
    const now = await this.#now();
    return {
      sameMachine: sameOrUnknown(noted.machine, now.machine), sameHome: noted.home === now.home,
      sameBackend: sameOrUnknown(noted.backend, now.backend), sameSignature: sameOrUnknown(noted.signature, now.signature),
      mark: await this.#compareItem(noted, keychain),
    };
  }

  /** Notes that from now on this keychain and these files belong together. @throws AppFailure keychain.*, or the file system's error. */
  async renew(keychain: SecretStore): Promise<void> {
    const [noted, item] = [await this.#noted(), parse(itemSchema, await keychain.get(itemName))];
    const id = noted !== null && (item === null || item.id === noted.id) ? noted.id : randomBytes(8).toString('hex');
    const generation = Math.max(noted?.generation ?? 0, item?.generation ?? 0) + 1;
    await keychain.set(itemName, JSON.stringify({ id, generation }));
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    await replaceFile(this.#file, JSON.stringify({ format: 1, id, generation, ...(await this.#now()) }));
  }

  async #compareItem(noted: { id: string; generation: number }, keychain: SecretStore | null): Promise<NonNullable<KeychainObservation['since']>['mark']> {
    if (keychain === null) return 'unread';
    try {
      const text = await keychain.get(itemName);
      if (text === null) return 'missing';
      const item = parse(itemSchema, text);
      if (item === null || item.id !== noted.id) return 'other';
      return item.generation === noted.generation ? 'same' : item.generation < noted.generation ? 'older' : 'newer';
    } catch {
      return 'unread';
    }
  }

  async #noted(): Promise<z.output<typeof fileSchema> | null> {
    return parse(fileSchema, await readFile(this.#file, 'utf8').catch(() => null));
  }

  async #now(): Promise<Surroundings> {
    const { machine, ...others } = await this.#surroundings();
    return { ...others, machine: machine === null ? null : shortHash(machine) };
  }
}

/** The computer's own id where reading a file gives it, which is on Linux; null elsewhere. */
export async function machineId(files: readonly string[] = ['/etc/machine-id', '/var/lib/dbus/machine-id']): Promise<string | null> {
  for (const file of files) {
    const text = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (text !== '') return text;
  }
  return null;
}

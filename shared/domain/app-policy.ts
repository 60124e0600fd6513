import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';
import { defaultAppPolicy } from './app-policy-defaults.ts';
import type { LockPolicy } from './lock.ts';

const hour = 3_600_000;

/** What the administration may decide for an installation, by the name it has in the managed-settings file. */
export const appPolicySchema = z.object({
  /** Minutes without keyboard or pointer, sleep included, until the app locks; null: never by itself. */
  'lock.idleMinutes': z.number().int().min(1).max(1440).nullable(),
  'lock.onSuspend': z.boolean(),
  'lock.onScreenLock': z.boolean(),
  /** The keychain alone does not unlock: a fresh login is needed too. */
  'lock.needsSignIn': z.boolean(),
  /** Hours after the last contact with the server for which the cache opens without one. */
  'offline.graceHours': z.number().int().min(1).max(2160),
  'recoveryKey.allowed': z.boolean(),
  /** Whether anybody may work on a computer without a usable keychain, with everything in memory. */
  'session.withoutKeychain': z.boolean(),
  /** Whether people may remove their cache and its keys from the computer. */
  'wipe.allowed': z.boolean(),
});
export type AppPolicy = z.infer<typeof appPolicySchema>;
export type PolicyName = keyof AppPolicy;
export const policyNames = Object.keys(appPolicySchema.shape) as PolicyName[];

/** What people decide for themselves where the administration has not. */
export const policyChoiceSchema = appPolicySchema.pick({ 'lock.idleMinutes': true, 'lock.onSuspend': true, 'lock.onScreenLock': true, 'lock.needsSignIn': true }).partial();
export type PolicyChoice = z.infer<typeof policyChoiceSchema>;

/** Who decided a value. `unreadable`: the administration did, in a way that cannot be read, so the default holds and nobody may loosen it. */
export const policySources = ['managed', 'unreadable', 'user', 'default'] as const;
export type PolicySource = (typeof policySources)[number];

/** What is wrong with a managed-settings file. `unknown`: a name this version does not know, left alone. */
export const managedProblemSchema = z.object({ name: z.string(), problem: z.enum(['value', 'unknown']) });

/** A managed-settings file as it was read. `writable`: not protected against the people it governs, so nothing in it counts as theirs to loosen. */
export const managedFileSchema = z.object({
  status: z.enum(['absent', 'read', 'unreadable', 'writable']),
  /** File name, without the folder. */
  name: z.string(),
  problems: z.array(managedProblemSchema),
});
export type ManagedFile = z.infer<typeof managedFileSchema>;
export type Managed = { file: ManagedFile; values: Partial<AppPolicy>; /** Names that the file sets, readably or not. */ governed: PolicyName[] };

export const appPolicyStateSchema = z.object({
  values: appPolicySchema,
  sources: z.record(z.enum(policyNames as [PolicyName, ...PolicyName[]]), z.enum(policySources)),
  file: managedFileSchema,
  /** What a person should be told about the file; null when there is nothing. */
  notice: appErrorSchema.nullable(),
});
export type AppPolicyState = z.infer<typeof appPolicyStateSchema>;

const isPolicyName = (name: string): name is PolicyName => Object.hasOwn(appPolicySchema.shape, name);

/**
 * Reads the content of a managed-settings file: one flat object, a name and a value each. A wrong value spoils itself
 * only; text that is no such object spoils everything, and then every setting counts as governed. Keys that begin with
 * `$` or `//` are for people.
 */
export function readManaged(text: string, name: string): Managed {
  const unreadable: Managed = { file: { status: 'unreadable', name, problems: [] }, values: {}, governed: policyNames };
  let raw: unknown;
  try {
    // Windows' editors put a byte order mark first.
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return unreadable;
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(raw);
  if (!parsed.success) return unreadable;
  const values: Partial<Record<PolicyName, unknown>> = {};
  const governed: PolicyName[] = [];
  const problems: ManagedFile['problems'] = [];
  for (const [key, value] of Object.entries(parsed.data)) {
    if (key.startsWith('$') || key.startsWith('//')) continue;
    if (!isPolicyName(key)) {
      problems.push({ name: key.slice(0, 80), problem: 'unknown' });
      continue;
    }
    governed.push(key);
    const checked = appPolicySchema.shape[key].safeParse(value);
    if (checked.success) values[key] = checked.data;
    else problems.push({ name: key, problem: 'value' });
  }
  return { file: { status: 'read', name, problems }, values: values as Partial<AppPolicy>, governed };
}

/** The policy in force: the administration's word before the person's, the person's before the default. */
export function effectivePolicy(managed: Managed, choice: PolicyChoice): Pick<AppPolicyState, 'values' | 'sources'> {
  const values: Record<string, unknown> = {};
  const sources = {} as Record<PolicyName, PolicySource>;
  const chosen: { [N in PolicyName]?: AppPolicy[N] | undefined } = choice;
  for (const name of policyNames) {
    const source: PolicySource = managed.governed.includes(name) ? (managed.values[name] === undefined ? 'unreadable' : 'managed') : chosen[name] === undefined ? 'default' : 'user';
    sources[name] = source;
    values[name] = source === 'managed' ? managed.values[name] : source === 'user' ? chosen[name] : defaultAppPolicy[name];
  }
  return { values: values as AppPolicy, sources };
}

export const lockPolicyOf = (policy: AppPolicy): LockPolicy => ({
  idleMs: policy['lock.idleMinutes'] === null ? null : policy['lock.idleMinutes'] * 60_000,
  onSuspend: policy['lock.onSuspend'], onScreenLock: policy['lock.onScreenLock'], needsSignIn: policy['lock.needsSignIn'],
});

export const graceMsOf = (policy: AppPolicy): number => policy['offline.graceHours'] * hour;

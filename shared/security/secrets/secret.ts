import { z } from 'zod';

const day = 86_400_000;

export const secretKinds = ['jwt', 'oidc', 'database', 'api', 'tls', 'other'] as const;
export type SecretKind = (typeof secretKinds)[number];
export const rotatePhases = ['begin', 'confirm', 'abort'] as const;
export type RotatePhase = (typeof rotatePhases)[number];

/** Days after which a secret is due: PRODUCT, row S12 (JWT monthly, OIDC per provider, database quarterly); the rest yearly. */
export const rotationDays: Readonly<Record<SecretKind, number>> = { jwt: 31, oidc: 90, database: 92, api: 92, tls: 365, other: 365 };
/** What identity providers recommend for client secrets and keys, by a word in their name; others as {@link rotationDays}. */
export const providerDays: readonly { provider: string; days: number }[] = [{ provider: 'entra', days: 180 }, { provider: 'azure', days: 180 }, { provider: 'auth0', days: 90 }, { provider: 'keycloak', days: 90 }];
/** A week before it is due it shows as such. */
const soonMs = 7 * day;
/** Two keys at a time are for as long as tokens live; after this somebody has forgotten to confirm. */
export const longestOverlapMs = 2 * day;

/** A secret as the server tells of it; never its value. Times in epoch milliseconds. */
export const serverSecretSchema = z.object({
  name: z.string().min(1).max(200), kind: z.enum(secretKinds), provider: z.string().max(200).nullable(), owner: z.string().max(200).nullable(),
  createdAt: z.number().nullable(), rotatedAt: z.number().nullable(), dueAt: z.number().nullable(),
  isOverlapping: z.boolean(), overlapSince: z.number().nullable(),
});
export type ServerSecret = z.infer<typeof serverSecretSchema>;

/** What people keep here about a secret: all of it where the server has no inventory, otherwise who looks after it. */
export const localSecretSchema = z.object({
  name: z.string().trim().min(1).max(200), kind: z.enum(secretKinds), provider: z.string().trim().max(200), owner: z.string().trim().max(200),
  /** Day of the last rotation, epoch milliseconds; null for a secret of the server, whose date the server knows. */
  rotatedAt: z.number().nullable(),
  note: z.string().trim().max(500),
});
export type LocalSecret = z.infer<typeof localSecretSchema>;
export const keptSecretSchema = localSecretSchema.extend({ by: z.string().max(200), at: z.number() });
export type KeptSecret = z.infer<typeof keptSecretSchema>;

export const secretStates = ['overdue', 'overlap', 'soon', 'unknown', 'good'] as const;
export type SecretState = (typeof secretStates)[number];

/** A line of the inventory. */
export type SecretRow = {
  name: string; kind: SecretKind; provider: string | null; owner: string | null;
  /** The owner was entered here, not told by the server. */
  isOwnOwner: boolean;
  origin: 'server' | 'local';
  rotatedAt: number | null;
  /** By the stricter of our rule and the server's date; null while nobody knows when it was rotated. */
  dueAt: number | null;
  /** Days that the rule allows. */
  days: number;
  isOverlapping: boolean; overlapSince: number | null; isOverlapLong: boolean;
  state: SecretState;
  note: string; attestedBy: string | null; attestedAt: number | null;
};

/** Days that the rule allows a secret. */
export function daysFor(kind: SecretKind, provider: string | null): number {
  if (kind !== 'oidc' || provider === null) return rotationDays[kind];
  return providerDays.find((one) => provider.toLowerCase().includes(one.provider))?.days ?? rotationDays.oidc;
}

/** The inventory, overdue first. What the server names counts over what was entered for the same name. @param now epoch milliseconds */
export function inventory(server: readonly ServerSecret[], local: readonly KeptSecret[], now: number): SecretRow[] {
  const named = new Set(server.map(({ name }) => name));
  const rows = [
    ...server.map((secret) => row(secret, local.find(({ name }) => name === secret.name) ?? null, 'server', now)),
    ...local.filter(({ name, rotatedAt }) => !named.has(name) && rotatedAt !== null).map((kept) => row({ ...kept, createdAt: null, dueAt: null, isOverlapping: false, overlapSince: null }, kept, 'local', now)),
  ];
  return rows.toSorted((a, b) => secretStates.indexOf(a.state) - secretStates.indexOf(b.state) || (a.dueAt ?? 0) - (b.dueAt ?? 0) || a.name.localeCompare(b.name));
}

function row(secret: ServerSecret, kept: KeptSecret | null, origin: SecretRow['origin'], now: number): SecretRow {
  const days = daysFor(secret.kind, secret.provider);
  const told = secret.rotatedAt ?? secret.createdAt;
  // A day that lies ahead would make the next one never due.
  const rotatedAt = told === null ? null : Math.min(told, now);
  const byRule = rotatedAt === null ? null : rotatedAt + days * day;
  const dueAt = byRule === null ? secret.dueAt : Math.min(byRule, secret.dueAt ?? byRule);
  const isOverlapLong = secret.isOverlapping && secret.overlapSince !== null && now - secret.overlapSince > longestOverlapMs;
  const ownOwner = kept === null || kept.owner === '' ? null : kept.owner;
  return {
    name: secret.name, kind: secret.kind, provider: secret.provider === '' ? null : secret.provider, origin, rotatedAt, dueAt, days,
    owner: ownOwner ?? (secret.owner === '' ? null : secret.owner), isOwnOwner: ownOwner !== null,
    isOverlapping: secret.isOverlapping, overlapSince: secret.overlapSince, isOverlapLong,
    state: dueAt !== null && dueAt <= now ? 'overdue' : secret.isOverlapping ? 'overlap' : dueAt === null ? 'unknown' : dueAt - now <= soonMs ? 'soon' : 'good',
    note: kept?.note ?? '', attestedBy: origin === 'local' ? (kept?.by ?? null) : null, attestedAt: origin === 'local' ? (kept?.at ?? null) : null,
  };
}

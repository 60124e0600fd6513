import { z } from 'zod';
import { secretKinds, type ServerSecret } from '../../../shared/security/secrets/secret.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { SecretsApi } from '../security-types.ts';

const base = '/security/secrets';
const mostSecrets = 500;

const optional = z.string().max(200).nullish().catch(null);
/** Only what is named here is read: a server that sends a value along has sent it for nothing. */
const wireSchema = z.object({
  name: z.string().min(1).max(200), kind: z.string().catch('other'), provider: optional, owner: optional,
  createdAt: z.unknown().optional(), rotatedAt: z.unknown().optional(), dueAt: z.unknown().optional(), state: z.string().catch('active'), overlap: z.object({ since: z.unknown().optional() }).nullish().catch(null),
});

function secretFrom(raw: unknown): ServerSecret | null {
  const parsed = wireSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { name, kind, provider, owner, createdAt, rotatedAt, dueAt, state, overlap } = parsed.data;
  return {
    name, kind: secretKinds.find((one) => one === kind) ?? 'other', provider: provider ?? null, owner: owner ?? null, createdAt: instantOf(createdAt), rotatedAt: instantOf(rotatedAt), dueAt: instantOf(dueAt),
    isOverlapping: state === 'overlap' || Boolean(overlap), overlapSince: instantOf(overlap?.since),
  };
}

/**
 * Secrets of the server, ERP-API section 7: an inventory without values. The API names one route for rotating; the step goes
 * into its body as `phase`: `begin` puts a new one beside the old, `confirm` ends the overlap, `abort` goes back.
 */
export function createSecretsApi(http: ErpHttp): SecretsApi {
  return {
    async list(call = {}) {
      const { value } = await http.request({ method: 'GET', path: base, schema: z.looseObject({ items: z.array(z.unknown()) }), ...call });
      return value.items.slice(0, mostSecrets).map(secretFrom).filter((secret) => secret !== null);
    },
    async rotate(name, phase, reason, call = {}) {
      await http.request({ method: 'POST', path: `${base}/${encodeURIComponent(name)}/rotate`, body: { phase, ...(reason === '' ? {} : { reason }) }, schema: z.unknown(), timeoutMs: 60_000, ...call });
    },
  };
}

import { z } from 'zod';
import type { SignInSession } from '../../../shared/domain/sign-in-session.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { CallOptions, SessionsApi } from '../types.ts';

/** More than anybody has; what comes after is cut. */
const mostSessions = 200;

const wireSchema = z.looseObject({
  id: z.coerce.string().min(1).max(200),
  client: z.string().catch(''),
  createdAt: z.unknown().optional(), lastSeenAt: z.unknown().optional(),
  ip: z.string().catch(''), userAgent: z.string().catch(''),
  current: z.boolean().catch(false),
});
const listSchema = z.looseObject({ items: z.array(z.unknown()) });
const endedSchema = z.looseObject({ ended: z.number().int().min(0).catch(0) });

/** Text of a computer that anybody may claim to be: short, and in one line. */
const plain = (text: string, length: number): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, length).trim();

function sessionFrom(raw: unknown): SignInSession | null {
  const parsed = wireSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { id, client, createdAt, lastSeenAt, ip, userAgent, current } = parsed.data;
  return { id, client: plain(client, 80), createdAt: instantOf(createdAt), lastSeenAt: instantOf(lastSeenAt), ip: plain(ip, 60), userAgent: plain(userAgent, 200), current };
}

/** Where the account is signed in: `/security/sessions`, ERP-API section 7. Servers without it answer 404, which is `server.unsupported` here. */
export function createSessionsApi(http: ErpHttp): SessionsApi {
  const path = '/security/sessions';
  const list = async (user: string | undefined, options: CallOptions = {}): Promise<SignInSession[]> => {
    const { value } = await http.request({ method: 'GET', path, query: { user }, schema: listSchema, ...options });
    return value.items.slice(0, mostSessions).map(sessionFrom).filter((session) => session !== null);
  };
  return {
    list: (options) => list(undefined, options),
    listOf: (user, options) => list(user, options),
    async end(id, options = {}) {
      await http.request({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}`, schema: z.unknown(), ...options });
    },
    async endOthers(options = {}) {
      const { value } = await http.request({ method: 'DELETE', path, schema: endedSchema, ...options });
      return value.ended;
    },
  };
}

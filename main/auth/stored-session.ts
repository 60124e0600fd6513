import { z } from 'zod';
import { accountSchema } from '../../shared/domain/session.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { SecretStore } from '../secrets/store.ts';
import { dpopKeySchema } from './dpop-key.ts';

const storedSchema = z.object({
  version: z.literal(1),
  /** A session belongs to one provider and client; after the profile was edited it is of no use. */
  issuer: z.string(),
  clientId: z.string(),
  /** Null when the provider refused to renew: the person is known, the right to ask is not there. */
  refreshToken: z.string().nullable(),
  account: accountSchema,
  /** With no refresh token: the provider said that the account itself may not go on. */
  isDisabled: z.boolean().optional(),
  confirmedAt: z.number().nullable(),
  /** The key that the refresh token is bound to, where the provider offers DPoP. */
  dpopKey: dpopKeySchema.nullable().optional(),
});
export type StoredSession = Pick<z.infer<typeof storedSchema>, 'refreshToken' | 'account' | 'confirmedAt' | 'dpopKey' | 'isDisabled'>;

/** The session as it outlives the program: one entry, so that token and account can never belong to different people. */
export type SessionRecord = {
  read(): Promise<StoredSession | null>;
  write(session: StoredSession): Promise<void>;
  delete(): Promise<void>;
};

/** Name of the entry that holds the session of a profile. */
export const sessionEntry = ({ id }: Pick<ConnectionProfile, 'id'>): string => `session.${id}`;

export function sessionRecord(store: SecretStore, profile: ConnectionProfile): SessionRecord {
  const name = sessionEntry(profile);
  const owner = { version: 1 as const, issuer: profile.issuer, clientId: profile.clientId };
  return {
    async read() {
      const text = await store.get(name);
      if (text === null) return null;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return null;
      }
      const stored = storedSchema.safeParse(value);
      if (!stored.success || stored.data.issuer !== owner.issuer || stored.data.clientId !== owner.clientId) return null;
      const { refreshToken, account, confirmedAt, dpopKey = null, isDisabled = false } = stored.data;
      return { refreshToken, account, confirmedAt, dpopKey, isDisabled };
    },
    write: (session) => store.set(name, JSON.stringify({ ...owner, ...session })),
    delete: () => store.delete(name),
  };
}

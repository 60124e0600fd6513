import { z } from 'zod';
import { parseKey, signatureTypes } from '../audit/note.ts';

/** Base address of a server: https anywhere, plain http on this computer only (a token never travels unencrypted). */
export const serverAddressSchema = z.url().max(500).transform((text) => text.replace(/\/+$/, '')).refine(
  (text) => /^https:\/\//i.test(text) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/i.test(text),
  { message: 'https-required' },
);

export const identityProviders = ['keycloak', 'entra', 'auth0', 'generic'] as const;

/** How to reach one server and its identity provider. It holds no secret, so it can be handed round as a file. */
export const connectionProfileSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/),
  name: z.string().trim().min(1).max(80),
  /** Decides the strip in the title bar; demo and test never look like production. */
  environment: z.enum(['production', 'test', 'demo']),
  erpUrl: serverAddressSchema,
  issuer: serverAddressSchema,
  clientId: z.string().trim().min(1).max(200),
  provider: z.enum(identityProviders).default('generic'),
  /** What to ask the provider for, besides `openid profile email offline_access`. */
  extraScopes: z.array(z.string().max(200)).max(60).default([]),
  /** `audience` parameter (Auth0) or resource indicator (RFC 8707). */
  audience: z.string().max(500).optional(),
  /** Servers beside the ERP that watch it; each is optional and asked without the ERP's token unless it shares its origin. */
  prometheusUrl: serverAddressSchema.optional(),
  alertmanagerUrl: serverAddressSchema.optional(),
  lokiUrl: serverAddressSchema.optional(),
  /** PEM certificates to trust besides those of the operating system. */
  caCertificates: z.string().max(200_000).optional(),
  /** Key of the server's audit log (C2SP vkey, `name+id+base64`, Ed25519). With it not even the first key that is seen is taken on trust. */
  auditKey: z.string().trim().max(500).refine((text) => parseKey(text)?.type === signatureTypes.ed25519, { message: 'audit-key' }).optional(),
  /**
   * Keys that the ERP server may have, as `sha256/` and the SHA-256 of its public key (SubjectPublicKeyInfo) in Base64; a second one is
   * for the next key. Without it any key with a trusted certificate will do.
   */
  serverKeyPins: z.array(z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/)).min(1).max(5).optional(),
  /** Accounts of a demo backend, shown on the sign-in screen; refused in other environments. */
  demoAccounts: z.array(z.object({ name: z.string(), password: z.string(), roles: z.array(z.string()) })).max(20).optional(),
}).refine((profile) => profile.demoAccounts === undefined || profile.environment === 'demo', { message: 'demo-accounts-outside-demo', path: ['demoAccounts'] });
export type ConnectionProfile = z.infer<typeof connectionProfileSchema>;

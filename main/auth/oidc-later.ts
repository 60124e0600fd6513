import { Later } from '../later.ts';
import type { Oidc, OidcOptions } from './oidc.ts';

/** The provider, whose protocol is read when it is first spoken: a stored session opens the cache without it. */
export function laterOidc(options: OidcOptions): Oidc {
  const oidc = new Later(async () => (await import('./oidc.ts')).createOidc(options));
  return {
    begin: async (...given) => (await oidc.get()).begin(...given),
    beginOnDevice: async () => (await oidc.get()).beginOnDevice(),
    refresh: async (...given) => (await oidc.get()).refresh(...given),
    revoke: async (...given) => (await oidc.get()).revoke(...given),
    logoutAddress: async (...given) => (await oidc.get()).logoutAddress(...given),
    providerNow: () => oidc.made?.providerNow() ?? options.clock.now(),
    identityToken: () => oidc.made?.identityToken() ?? null,
    forgetIdentity: () => oidc.made?.forgetIdentity(),
  };
}

import { recordOf } from './claims.ts';

/**
 * Tells Entra ID and the ERP behind it that this client understands claims challenges (`cp1`), and adds what a challenge
 * asks for. Without it, a server that wants a stronger login can only refuse.
 * @param challenge JSON of the `claims` parameter, checked to be an object; null without a challenge.
 */
export function withEntraCapability(challenge: string | null): string {
  const asked = challenge === null ? {} : recordOf(JSON.parse(challenge)) ?? {};
  return JSON.stringify({ ...asked, access_token: { ...recordOf(asked['access_token']), xms_cc: { values: ['cp1'] } } });
}

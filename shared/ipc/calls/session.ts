import { z } from 'zod';
import { openCall } from '../call.ts';
import type { OnlyHere } from '../../domain/only-here.ts';
import { sessionStateSchema } from '../../domain/session.ts';
import { graceStateSchema } from '../../domain/grace.ts';
import { signInSessionSchema } from '../../domain/sign-in-session.ts';
import { connectionStateSchema } from '../../domain/connection.ts';

const nothing = z.undefined();
const counted = z.number().int().min(0);
const onlyHereSchema: z.ZodType<OnlyHere> = z.object({ drafts: counted, documents: counted, decisions: counted });

/** What a person types on the other device, and where; the code is worth nothing without a sign-in there. */
export const deviceCodeSchema = z.object({
  userCode: z.string(),
  verificationUri: z.string(),
  /** The address with the code in it; null when the provider has none. */
  verificationUriComplete: z.string().nullable(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
});
export type DeviceCode = z.infer<typeof deviceCodeSchema>;

export const sessionCalls = {
  'session.state': openCall(nothing, sessionStateSchema),
  /** Opens the browser and answers when the person is signed in, or with the reason why not. */
  'session.signIn': openCall(nothing, sessionStateSchema),
  /** Signs in on another device (RFC 8628); what to type there comes by the event `session.deviceCode`. Answers as `session.signIn`. */
  'session.signInWithDeviceCode': openCall(nothing, sessionStateSchema),
  /**
   * What would be gone with the sign-in (`mine`) and with the program (`mine` and `others`, of the accounts that were signed in here before),
   * because no keychain holds the keys. Nothing where one does.
   */
  'session.onlyHere': openCall(nothing, z.object({ mine: onlyHereSchema, others: onlyHereSchema })),
  'session.grace': openCall(nothing, graceStateSchema),
  'session.cancelSignIn': openCall(nothing, z.null()),
  /** Puts the address of the running sign-in on the clipboard, for when no browser came up. */
  'session.copyLoginAddress': openCall(nothing, z.null()),
  'session.signOut': openCall(nothing, sessionStateSchema),
  /** Signs out here, and ends the provider's own session in the browser; `providerPageOpened` is false where only this computer was signed out. */
  'session.signOutEverywhere': openCall(nothing, z.object({ state: sessionStateSchema, providerPageOpened: z.boolean() })),
  /** Where the account is signed in; null on a server that does not tell. */
  'session.list': openCall(nothing, z.array(signInSessionSchema).nullable()),
  /** Ends another one: its tokens are worth nothing any more. The own one is ended by signing out. */
  'session.end': openCall(z.object({ id: signInSessionSchema.shape.id }), z.null()),
  'session.endOthers': openCall(nothing, z.object({ ended: z.number().int() })),
  'connection.state': openCall(nothing, connectionStateSchema),
  /** Checks at once instead of waiting for the next attempt. */
  'connection.retry': openCall(nothing, connectionStateSchema),
};

import { z } from 'zod';
import { openCall } from '../call.ts';
import { sessionStateSchema } from '../../domain/session.ts';
import { connectionStateSchema } from '../../domain/connection.ts';

const nothing = z.undefined();

export const sessionCalls = {
  'session.state': openCall(nothing, sessionStateSchema),
  /** Opens the browser and answers when the person is signed in, or with the reason why not. */
  'session.signIn': openCall(nothing, sessionStateSchema),
  'session.cancelSignIn': openCall(nothing, z.null()),
  /** Puts the address of the running sign-in on the clipboard, for when no browser came up. */
  'session.copyLoginAddress': openCall(nothing, z.null()),
  'session.signOut': openCall(nothing, sessionStateSchema),
  'connection.state': openCall(nothing, connectionStateSchema),
  /** Checks at once instead of waiting for the next attempt. */
  'connection.retry': openCall(nothing, connectionStateSchema),
};

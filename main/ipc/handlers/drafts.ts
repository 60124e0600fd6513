import { draftCalls } from '../../../shared/ipc/calls/drafts.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';

type DraftCalls = keyof typeof draftCalls;

/** Calls about drafts, the outbox and decisions. */
export function draftHandlers(): Pick<CallHandlers, DraftCalls> {
  const refuse = (): never => { throw failure('server.unsupported'); };
  return Object.fromEntries(Object.keys(draftCalls).map((name) => [name, refuse])) as unknown as Pick<CallHandlers, DraftCalls>;
}

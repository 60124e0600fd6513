import type { CallInput, CallName, CallOutput, EventName, EventPayload } from './contract.ts';
import type { Result } from './errors.ts';

/** The two channels that exist between renderer and main. Here, without the schemas, so that the preload script stays tiny. */
export const callChannel = 'valeo:call';
export const eventChannel = 'valeo:event';

/** What the preload script puts on `window.valeo`: the whole surface of the main process. */
export type ValeoBridge = {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** @returns a function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
};

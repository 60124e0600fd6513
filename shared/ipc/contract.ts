import type { z } from 'zod';
import { securityCentreCalls } from './calls/security/index.ts';
import { coreCalls, type events } from './core.ts';

export type { ValeoBridge } from './bridge.ts';

/**
 * Every call the renderer can make. Handlers, preload, router and the renderer's bridge all derive from it; the main process
 * itself takes {@link coreCalls} and the security centre's apart.
 */
export const calls = { ...coreCalls, ...securityCentreCalls } as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = z.output<Events[N]>;

/** The handlers of the main process: one function a call, typed by the contract. */
export type CallHandlers = { [N in CallName]: (input: z.output<Calls[N]['input']>) => Promise<CallOutput<N>> | CallOutput<N> };

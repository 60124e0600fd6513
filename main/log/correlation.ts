import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const current = new AsyncLocalStorage<string>();

/** Runs an action, and everything it awaits, under one id: its log lines carry it and its requests send it. */
export const withCorrelation = <T>(action: () => T, id: string = randomUUID()): T => current.run(id, action);

/** The id of the running action; null outside of one. */
export const correlationId = (): string | null => current.getStore() ?? null;

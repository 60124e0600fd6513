import type { z } from 'zod';

/** One call of the contract: what goes in, what comes out, and what must hold before its handler runs. */
export type CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  input: I;
  output: O;
  /** The handler needs the open cache: refused with `session.required` while signed out or locked. */
  needsUnlock: boolean;
};

/** A call that works signed out too. */
export const openCall = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: false });

/** A call that needs the open cache of a signed-in account. */
export const unlockedCall = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: true });

import type { z } from 'zod';
import type { CentreRight } from '../rbac/centre.ts';

/** One call of the contract: what goes in, what comes out, and what must hold before its handler runs. */
export type CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  input: I;
  output: O;
  /** The handler needs the open cache: refused with `session.required` while signed out or locked. */
  needsUnlock: boolean;
  /** What the signed-in person must hold, checked at the door; null where no right of the security centre is asked. */
  right: CentreRight | null;
};

/** A call that works signed out too. */
export const openCall = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: false, right: null });

/** A call that needs the open cache of a signed-in account. */
export const unlockedCall = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: true, right: null });

/** A call of the security centre. The contract takes no other kind there, so none can be added that asks for no right. */
export type CentreCall<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = CallDefinition<I, O> & { right: CentreRight };

/** Shows what the security centre knows, also by asking servers for it. */
export const centreRead = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CentreCall<I, O> => ({ input, output, needsUnlock: true, right: 'read' });

/** Changes something: here, on a server, or in what the score says. */
export const centreAct = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CentreCall<I, O> => ({ input, output, needsUnlock: true, right: 'act' });

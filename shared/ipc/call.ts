import type { z } from 'zod';
import type { CentreRight } from '../rbac/centre.ts';

/** Rights of policies that a call can ask for, as the server asks for them: proposing is for whoever may read them. */
export type PolicyRight = 'policy.read' | 'policy.write';
/** What the door asks of whoever calls. */
export type CallRight = CentreRight | PolicyRight;

/** One call of the contract: what goes in, what comes out, and what must hold before its handler runs. */
export type CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  input: I;
  output: O;
  /** The handler needs the open cache: refused with `session.required` while signed out or locked. */
  needsUnlock: boolean;
  /** What the signed-in person must hold, checked at the door; null where none is asked. */
  right: CallRight | null;
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

/** Brings policies on their way to the server, in a file or as a proposal, for a second person to decide. */
export const policyPropose = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: true, right: 'policy.read' });

/** Changes which policies are active, or what the server keeps of them. */
export const policyAct = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output, needsUnlock: true, right: 'policy.write' });

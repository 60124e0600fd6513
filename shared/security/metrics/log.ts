import { z } from 'zod';

/** What a correlation id looks like: ours is a UUID, other programs have their own ideas. */
export const correlationIdSchema = z.string().regex(/^[\w.:-]{4,128}$/);

/** A line of the server's log, without secrets. */
export const logLineSchema = z.object({ at: z.number(), source: z.string().max(200), level: z.string().max(20), text: z.string().max(4100) });
export type LogLine = z.infer<typeof logLineSchema>;

/** A text inside quotes of LogQL, which are those of Go: backslash and quote are escaped, and control characters. */
export const logqlString = (text: string): string => JSON.stringify(text);

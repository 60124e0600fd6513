import { z } from 'zod';

const hour = 3_600_000;
/** Clocks are put right by minutes, forth and back; more than this going back is no correction. */
const toleratedStepBackMs = 10 * 60_000;
/** How long before its end it is said. */
const longestNoticeMs = 12 * hour;

/**
 * What is remembered about time, in epoch milliseconds: the last time a server confirmed this account, and the latest
 * time this computer has ever shown since (a high-water mark: a clock that shows less was set back).
 */
export const graceMarkSchema = z.object({ contactAt: z.number(), seenAt: z.number() });
export type GraceMark = z.infer<typeof graceMarkSchema>;

/** Whether the cache may be opened without a server. `over`: not before the next contact; nothing is removed. */
export const graceStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('fine') }),
  z.object({ status: z.literal('ending'), endsAt: z.number() }),
  /** `clock`: this computer's clock was set back, so nobody knows how much time has passed. */
  z.object({ status: z.literal('over'), cause: z.enum(['time', 'clock']), contactAt: z.number() }),
]);
export type GraceState = z.infer<typeof graceStateSchema>;

/** How long before the end people are warned: twelve hours, and never more than half of the time they have. */
export const graceNoticeMs = (graceMs: number): number => Math.min(longestNoticeMs, graceMs / 2);

/** @param wall what the clock shows now. Pure. */
export function judgeGrace({ contactAt, seenAt }: GraceMark, wall: number, graceMs: number): GraceState {
  if (wall < seenAt - toleratedStepBackMs) return { status: 'over', cause: 'clock', contactAt };
  const left = contactAt + graceMs - Math.max(wall, seenAt);
  if (left <= 0) return { status: 'over', cause: 'time', contactAt };
  return left <= graceNoticeMs(graceMs) ? { status: 'ending', endsAt: contactAt + graceMs } : { status: 'fine' };
}

/** Milliseconds until the judgement can change by itself; null when only a contact changes it. */
export function graceChangesIn({ contactAt, seenAt }: GraceMark, wall: number, graceMs: number): number | null {
  const at = Math.max(wall, seenAt);
  const [notice, end] = [contactAt + graceMs - graceNoticeMs(graceMs), contactAt + graceMs];
  return at < notice ? notice - at : at < end ? end - at : null;
}

import { z } from 'zod';
import type { Outcome } from '../evidence.ts';
import { postureCheckIds } from './checks.ts';

/** `unknown`: could not be told this time, which is neither good nor bad. `notApplicable`: there is nothing to look at here. */
export const verdicts = ['good', 'partly', 'bad', 'unknown', 'notApplicable'] as const;
export type Verdict = (typeof verdicts)[number];

export const postureResultSchema = z.object({
  check: z.enum(postureCheckIds),
  verdict: z.enum(verdicts),
  /** What was seen: `seen.<key>` in the namespace `security-posture`, with its values, redacted. */
  seen: z.object({ key: z.string().max(60), params: z.record(z.string(), z.string().max(500)) }),
  /** What was sent for it, as `GET /path`; without tokens. */
  asked: z.array(z.string().max(200)).max(40),
});
export type PostureResult = z.infer<typeof postureResultSchema>;

export const postureRunSchema = z.object({
  id: z.uuid(),
  /** Address of the server, without path. */
  server: z.string().max(300),
  /** Epoch milliseconds. */
  startedAt: z.number(),
  endedAt: z.number(),
  /** Who asked for it; null for the schedule. */
  by: z.string().max(200).nullable(),
  /** Requests and handshakes that were sent. */
  requests: z.number().int(),
  results: z.array(postureResultSchema),
});
export type PostureRun = z.infer<typeof postureRunSchema>;

const figure = z.number().int();

/** What the trend shows of a run. */
export const postureSummarySchema = z.object({ id: z.uuid(), startedAt: z.number(), by: z.string().nullable(), good: figure, findings: figure, unknown: figure });
export type PostureSummary = z.infer<typeof postureSummarySchema>;

export const postureSchedules = ['off', 'daily', 'weekly'] as const;
export type PostureSchedule = (typeof postureSchedules)[number];

/** What the person agrees to before a run. */
export const posturePlanSchema = z.object({
  server: z.string(),
  /** At most so many requests and handshakes. */
  requests: z.number().int(),
  asks: z.array(z.object({ method: z.enum(['GET', 'OPTIONS', 'TLS']), path: z.string(), /** Text key `plan.<why>`. */ why: z.string(), count: z.number().int() })),
});
export type PosturePlan = z.infer<typeof posturePlanSchema>;

const day = 86_400_000;

/** How long a measurement counts as evidence, in milliseconds. */
export const postureGoodFor = 30 * day;

/** Milliseconds between two scheduled runs; null for never. */
export const scheduleMs = (schedule: PostureSchedule): number | null => ({ off: null, daily: day, weekly: 7 * day })[schedule];

/** What a verdict means for the point it is evidence for; null when it says nothing about it. */
export const outcomeOf = (verdict: Verdict): Outcome | null => ({ good: 'met', partly: 'partly', bad: 'unmet', unknown: null, notApplicable: 'notApplicable' } as const)[verdict];

/** Whether the result is something to do. */
export const isFinding = ({ verdict }: Pick<PostureResult, 'verdict'>): boolean => verdict === 'bad' || verdict === 'partly';

export type PostureCount = { good: number; findings: number; unknown: number };

/** Figures of a run for the trend. */
export const countOf = ({ results }: Pick<PostureRun, 'results'>): PostureCount => ({
  good: results.filter(({ verdict }) => verdict === 'good').length,
  findings: results.filter(isFinding).length,
  unknown: results.filter(({ verdict }) => verdict === 'unknown').length,
});

const rank: Readonly<Record<Verdict, number>> = { bad: 0, partly: 1, unknown: 2, notApplicable: 2, good: 2 };

/** What became better or worse since the run before. What could not be told on either side is no change. */
export function changesSince(now: Pick<PostureRun, 'results'>, before: Pick<PostureRun, 'results'>): { better: PostureResult[]; worse: PostureResult[] } {
  const tellable = (result: PostureResult | undefined): result is PostureResult => result !== undefined && result.verdict !== 'unknown' && result.verdict !== 'notApplicable';
  const moved = now.results.flatMap((result) => {
    const old = before.results.find(({ check }) => check === result.check);
    return tellable(result) && tellable(old) ? [{ result, by: rank[result.verdict] - rank[old.verdict] }] : [];
  });
  return { better: moved.filter(({ by }) => by > 0).map(({ result }) => result), worse: moved.filter(({ by }) => by < 0).map(({ result }) => result) };
}

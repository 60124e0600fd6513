import type { PostureResult } from '../../../../shared/security/posture/result.ts';
import type { Answer } from '../probe.ts';
import { askAsOurselves, isSuccess, notTold, result, shown, skewOf, statusPath, type CheckContext } from './context.ts';

/** Servers and clients whose clocks differ by more than this refuse each other's tokens sooner or later. */
const toleratedMs = 60_000;

type Allowance = { limit: string; remaining: number | null };

/** What an answer says about the rate limit, in the common spelling and in that of the IETF draft. */
function allowanceOf({ headers }: Answer): Allowance | null {
  const limit = headers.get('x-ratelimit-limit') ?? headers.get('ratelimit-limit') ?? /\bq=(\d+)/.exec(headers.get('ratelimit-policy') ?? '')?.[1] ?? null;
  const remaining = headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining') ?? /\br=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? null;
  return limit === null && remaining === null ? null : { limit: limit ?? '?', remaining: remaining === null || !/^\d+$/.test(remaining) ? null : Number(remaining) };
}

/** Whether the server says how much it takes, and counts. No limit is provoked: that would lock people out. */
export async function limitChecks(context: CheckContext, usual: Answer | null): Promise<PostureResult[]> {
  const { limited } = context.probe;
  if (limited !== null) {
    const waits = limited.headers.get('retry-after');
    return [
      waits === null ? result('rateAnnounced', 'bad', 'noRetryAfter', {}, [limited]) : result('rateAnnounced', 'good', 'retryAfter', { seconds: shown(waits, 20) }, [limited]),
      result('rateCounted', 'good', 'limitReached', {}, [limited]),
    ];
  }
  if (!isSuccess(usual)) return [notTold('rateAnnounced', usual), notTold('rateCounted', usual)];
  const first = allowanceOf(usual);
  if (first === null) return [result('rateAnnounced', 'bad', 'noRateHeaders', {}, [usual]), result('rateCounted', 'unknown', 'notCountable', {}, [usual])];
  const announced = result('rateAnnounced', 'good', 'rateHeaders', { limit: first.limit }, [usual]);
  const again = await askAsOurselves(context, statusPath);
  const second = again === null ? null : allowanceOf(again);
  if (first.remaining === null || second === null || second.remaining === null) return [announced, result('rateCounted', 'unknown', 'notCountable', {}, [usual, again])];
  const params = { before: String(first.remaining), after: String(second.remaining), limit: first.limit };
  // A new window between the two begins with more than before.
  return [announced, second.remaining === first.remaining ? result('rateCounted', 'bad', 'notCounting', params, [usual, again]) : result('rateCounted', 'good', 'counting', params, [usual, again])];
}

/** Liveness, readiness and time. @param live the answer of /healthz. */
export async function serviceChecks({ probe }: CheckContext, live: Answer | null): Promise<PostureResult[]> {
  const ready = await probe.ask('/readyz');
  return [clockResult(live ?? ready), healthResult('live', live), healthResult('ready', ready)];
}

function clockResult(answer: Answer | null): PostureResult {
  if (answer === null || answer.status === null) return notTold('clock', answer);
  const skewMs = skewOf(answer);
  if (skewMs === null) return result('clock', 'unknown', 'noDate', {}, [answer]);
  const params = { seconds: String(Math.round(skewMs / 1000)) };
  return Math.abs(skewMs) > toleratedMs ? result('clock', 'bad', 'clockOff', params, [answer]) : result('clock', 'good', 'clockRight', params, [answer]);
}

function healthResult(check: 'live' | 'ready', answer: Answer | null): PostureResult {
  if (answer === null || answer.status === 429) return notTold(check, answer);
  if (answer.status === null) return result(check, 'bad', 'noConnection', { code: answer.error?.code ?? '' }, [answer]);
  const params = { status: String(answer.status), text: shown(answer.body) };
  if (isSuccess(answer)) return result(check, 'good', 'healthy', params, [answer]);
  return answer.status === 404 ? result(check, 'bad', 'noProbe', params, [answer]) : result(check, 'bad', 'unhealthy', params, [answer]);
}

import type { PostureCheckId } from '../../../../shared/security/posture/checks.ts';
import type { PostureResult, Verdict } from '../../../../shared/security/posture/result.ts';
import type { SeenKey } from '../../../../shared/security/posture/seen.ts';
import { redactText } from '../../../log/redact.ts';
import type { Answer, Probe } from '../probe.ts';
import type { RealTokens } from '../tokens.ts';
import type { CapabilityName } from '../../../erp/types.ts';

/** What every check works with. */
export type CheckContext = {
  probe: Probe;
  baseUrl: string;
  /** Null when nobody's token could be had: what needs one stays unknown. */
  tokens: RealTokens | null;
  /** What the server is known to have a route for; false where that could not be found out. */
  offers: (feature: CapabilityName) => boolean;
  /** Epoch milliseconds. */
  now: () => number;
};

/** The cheapest answer that needs a good token. */
export const statusPath = '/api/v1/status';

/** Text of the server as it may be shown and kept: redacted, one line, short. */
export const shown = (text: string, length = 160): string => redactText(text).replaceAll(/\s+/g, ' ').trim().slice(0, length);

const askedOf = (answers: readonly (Answer | null)[]): string[] => answers.flatMap((answer) => (answer === null ? [] : [`${answer.method} ${answer.path}`.slice(0, 200)]));

/** Puts a result together; `answers` are the requests that it rests on. */
export const result = (check: PostureCheckId, verdict: Verdict, key: SeenKey, params: Record<string, string> = {}, answers: readonly (Answer | null)[] = []): PostureResult =>
  ({ check, verdict, seen: { key, params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.slice(0, 500)])) }, asked: askedOf(answers) });

/** Why nothing can be said: no turn any more, or no connection. */
export function notTold(check: PostureCheckId, answer: Answer | null): PostureResult {
  if (answer === null) return result(check, 'unknown', 'notAsked');
  if (answer.status === 429) return result(check, 'unknown', 'limited', {}, [answer]);
  return answer.error === null ? result(check, 'unknown', 'otherStatus', { status: String(answer.status) }, [answer]) : result(check, 'unknown', 'noConnection', { code: answer.error.code }, [answer]);
}

/** Sends the real token. */
export async function askAsOurselves({ probe, tokens }: CheckContext, path: string, headers: Record<string, string> = {}): Promise<Answer | null> {
  if (tokens === null) return null;
  const { Authorization = '', ...proof } = await tokens.headersFor(tokens.own, path);
  return probe.ask(path, { authorization: Authorization, headers: { ...headers, ...proof } });
}

export const isSuccess = (answer: Answer | null): answer is Answer & { status: number } => answer !== null && answer.status !== null && answer.status >= 200 && answer.status < 300;
export const isRefusal = ({ status }: Answer): boolean => status === 401 || status === 403;

/** How far the server's clock is ahead of ours, in milliseconds; null when the answer does not say. */
export function skewOf(answer: Answer | null): number | null {
  const date = Date.parse(answer?.headers.get('date') ?? '');
  // The header counts whole seconds; ours is in the middle of the request.
  return answer === null || Number.isNaN(date) ? null : date + 500 - (answer.sentAt + answer.answeredAt) / 2;
}

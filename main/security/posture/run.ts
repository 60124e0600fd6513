import { closedPaths, developmentTokens, docsPaths, postureCheckIds } from '../../../shared/security/posture/checks.ts';
import type { PosturePlan, PostureResult } from '../../../shared/security/posture/result.ts';
import { answerChecks, oddPaths } from './checks/answers.ts';
import { askAsOurselves, statusPath, type CheckContext } from './checks/context.ts';
import { doorChecks } from './checks/doors.ts';
import { headerChecks } from './checks/headers.ts';
import { limitChecks, serviceChecks } from './checks/service.ts';
import { tokenChecks } from './checks/tokens.ts';
import { transportChecks } from './checks/transport.ts';

/** Runs every check once, in the order of their list. @throws AppFailure call.cancelled */
export async function runPosture(context: CheckContext): Promise<PostureResult[]> {
  const { probe } = context;
  const transport = await transportChecks(context);
  const live = await probe.ask('/healthz');
  const usual = await askAsOurselves(context, statusPath);
  const rest = [
    ...(await limitChecks(context, usual)), ...(await tokenChecks(context, usual)), ...(await doorChecks(context)),
    ...(await answerChecks(context, usual ?? live)), ...(await serviceChecks(context, live)),
  ];
  const missing = probe.answers.find(({ path }) => path === '/api/v1/no-such-path') ?? null;
  // Looked at last: an error page has to be seen first.
  const results = [...transport, ...headerChecks(usual ?? live, missing), ...rest];
  // A limit that was reached on the way is known only at the end.
  const final = probe.limited === null ? results : [...results.filter(({ check }) => !check.startsWith('rate')), ...(await limitChecks(context, usual))];
  return final.toSorted((a, b) => postureCheckIds.indexOf(a.check) - postureCheckIds.indexOf(b.check));
}

/** What {@link runPosture} will send at most; a test holds the two together. */
export function planOf(baseUrl: string): PosturePlan {
  const isHttps = baseUrl.toLowerCase().startsWith('https:');
  const one = (path: string, why: string, count = 1) => ({ method: 'GET' as const, path, why, count });
  const asks: PosturePlan['asks'] = [
    ...(isHttps ? [{ method: 'TLS' as const, path: new URL(baseUrl).host, why: 'handshakes', count: 3 }, one('/healthz', 'trust')] : []),
    one('/healthz', 'alive'), one('/readyz', 'alive'),
    one(statusPath, 'ownToken', 2), one(statusPath, 'badTokens', 7 + developmentTokens.length),
    ...closedPaths.map((path) => one(path, 'noToken')), ...docsPaths.map((path) => one(path, 'noToken')), one('/metrics/', 'noToken'),
    one('/healthz', 'foreignOrigin'), { method: 'OPTIONS', path: statusPath, why: 'foreignOrigin', count: 1 }, ...oddPaths.map((path) => one(path, 'oddQuestions')),
  ];
  return { server: new URL(baseUrl).origin, requests: asks.reduce((sum, { count }) => sum + count, 0), asks };
}

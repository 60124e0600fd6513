import { closedPaths, docsPaths, type PostureCheckId } from '../../../../shared/security/posture/checks.ts';
import type { PostureResult } from '../../../../shared/security/posture/result.ts';
import type { CapabilityName } from '../../../erp/types.ts';
import type { Answer } from '../probe.ts';
import { isRefusal, isSuccess, notTold, result, shown, statusPath, type CheckContext } from './context.ts';

/**
 * Paths about one thing, which are asked for a thing that there is not. "Not found" from such a route, if the server has it,
 * was said before anybody asked for a token, or after: the same words for an open door and for a closed one.
 */
const thingRoutes: Readonly<Record<string, CapabilityName>> = {
  '/api/workflow/sales/-': 'workflow.state', '/api/documents/sales_order/-/history': 'paper.history', '/api/gdpr/export/-': 'gdpr.export', '/api/v1/gdpr/data-export/-': 'gdpr.exportOlder',
};

/** What answers without a token. A 404 is no door, unless there is one; whatever asks for the token first is a closed one. */
async function knock({ probe, offers }: CheckContext, check: PostureCheckId, paths: readonly string[]): Promise<PostureResult> {
  const answers: Answer[] = [];
  for (const path of paths) {
    const answer = await probe.ask(path);
    if (answer === null) break;
    answers.push(answer);
  }
  const open = answers.filter(isSuccess);
  if (open.length > 0) return result(check, 'bad', 'doorsOpen', { count: String(open.length), paths: open.map(({ path }) => path).join(', ') }, answers);
  const isNoDoor = ({ status, path }: Answer): boolean => {
    const route = thingRoutes[path];
    return status === 404 && (route === undefined || !offers(route));
  };
  const told = answers.filter((answer) => isRefusal(answer) || isNoDoor(answer));
  if (told.length === 0 || answers.length < paths.length) return notTold(check, answers.find((answer) => !told.includes(answer)) ?? null);
  const untold = answers.filter((answer) => !told.includes(answer));
  return untold.length === 0
    ? result(check, 'good', 'doorsClosed', { count: String(told.length) }, answers)
    : result(check, 'unknown', 'doorsPartlyTold', { count: String(told.length), untold: String(untold.length), paths: untold.map(({ path }) => path).join(', ') }, answers);
}

const foreign = 'https://posture-check.example';

/** Whether pages of a foreign origin could read answers (Fetch standard, CORS protocol). */
async function corsCheck({ probe }: CheckContext): Promise<PostureResult> {
  const simple = await probe.ask('/healthz', { isDirect: true, headers: { Origin: foreign } });
  const preflight = await probe.ask(statusPath, { isDirect: true, method: 'OPTIONS', headers: { Origin: foreign, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' } });
  const answers = [simple, preflight].filter((answer) => answer !== null && answer.status !== null && answer.status !== 429);
  if (answers.length < 2) return simple === null || simple.error === null ? notTold('cors', simple ?? preflight) : result('cors', 'unknown', 'noDirectWay', { code: simple.error.code }, [simple]);
  const allowed = answers.map((answer) => ({ origin: answer?.headers.get('access-control-allow-origin') ?? null, credentials: answer?.headers.get('access-control-allow-credentials') === 'true' }));
  const reflected = allowed.find(({ origin }) => origin === foreign || origin === 'null');
  if (reflected !== undefined) return result('cors', 'bad', reflected.credentials ? 'corsReflectedCredentials' : 'corsReflected', { origin: foreign }, answers);
  if (allowed.some(({ origin }) => origin === '*')) return result('cors', 'partly', 'corsAny', {}, answers);
  return result('cors', 'good', 'corsClosed', { origin: shown(allowed.find(({ origin }) => origin !== null)?.origin ?? '–') }, answers);
}

/** Ways in that need no key. */
export const doorChecks = async (context: CheckContext): Promise<PostureResult[]> => [
  await knock(context, 'closedPaths', closedPaths),
  await knock(context, 'closedDocs', docsPaths),
  await knock(context, 'closedMetrics', ['/metrics/']),
  await corsCheck(context),
];

import { developmentTokens, type PostureCheckId } from '../../../../shared/security/posture/checks.ts';
import type { PostureResult } from '../../../../shared/security/posture/result.ts';
import type { Answer } from '../probe.ts';
import { commonSecretToken, forgedToken, garbageToken, tellsAudience, unsignedToken } from '../tokens.ts';
import { isRefusal, isSuccess, notTold, result, skewOf, statusPath, type CheckContext } from './context.ts';

const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/** One bad token, or several of one kind: accepted is what counts, and a crash is not a refusal. */
async function tried({ probe }: CheckContext, check: PostureCheckId, attempts: readonly { name: string; authorization: string | null; headers?: Record<string, string> }[]): Promise<PostureResult> {
  const answers: Answer[] = [];
  for (const { name, authorization, headers = {} } of attempts) {
    const answer = await probe.ask(statusPath, { authorization, headers });
    if (answer === null) return notTold(check, null);
    answers.push(answer);
    if (isSuccess(answer)) return result(check, 'bad', 'tokenAccepted', { name, status: String(answer.status) }, [answer]);
  }
  // Said by whatever stands before the server: nobody has looked at the token.
  const before = answers.find(({ status }) => status !== null && gatewayStatuses.has(status));
  if (before !== undefined) return notTold(check, before);
  const crashed = answers.find(({ status }) => status !== null && status >= 500);
  // Said once of tokens that cannot be read: any other bad one of that shape ends in the same crash.
  if (crashed !== undefined) return result(check, check === 'tokenGarbage' || check === 'tokenMissing' ? 'partly' : 'good', 'tokenCrash', { status: String(crashed.status) }, answers);
  const odd = answers.find((answer) => !isRefusal(answer));
  return odd === undefined ? result(check, 'good', 'tokenRefused', { status: [...new Set(answers.map(({ status }) => String(status)))].join(', ') }, answers) : notTold(check, odd);
}

/**
 * How the server treats tokens that it must refuse. Times are the server's: a clock of ours that is ahead would take a good token for one
 * that has ended. @param usual its answer to our own, which proves that the probe can tell.
 */
export async function tokenChecks(context: CheckContext, usual: Answer | null): Promise<PostureResult[]> {
  const { tokens, now } = context;
  if (tokens === null || !isSuccess(usual)) {
    const all: PostureCheckId[] = ['tokenMissing', 'tokenGarbage', 'tokenForged', 'tokenUnsigned', 'tokenExpired', 'tokenAudience', 'tokenDevelopment'];
    return all.map((check) => (tokens === null ? result(check, 'unknown', 'noOwnToken') : notTold(check, usual)));
  }
  const { own, identity } = tokens;
  const serverNow = now() + (skewOf(usual) ?? 0);
  const expired = tokens.expired(serverNow);
  const bearer = (name: string, token: string) => ({ name, authorization: `Bearer ${token}` });
  const ofIdentity = identity === null ? 'none' : tellsAudience(identity, own, serverNow);
  return [
    await tried(context, 'tokenMissing', [{ name: '–', authorization: null }]),
    await tried(context, 'tokenGarbage', [bearer('garbage', garbageToken)]),
    await tried(context, 'tokenForged', [bearer('ES256', forgedToken(own, serverNow)), bearer('HS256', commonSecretToken(own, serverNow))]),
    await tried(context, 'tokenUnsigned', [bearer('alg none', unsignedToken(own, serverNow))]),
    expired === null ? result('tokenExpired', 'unknown', 'noExpiredToken') : await triedExpired(context, expired),
    ofIdentity === 'yes' ? await tried(context, 'tokenAudience', [bearer('ID token', identity ?? '')]) : result('tokenAudience', 'unknown', `audience.${ofIdentity}`),
    await tried(context, 'tokenDevelopment', developmentTokens.map((token) => bearer(token, token))),
  ];
}

async function triedExpired(context: CheckContext, expired: string): Promise<PostureResult> {
  const { Authorization = '', ...headers } = (await context.tokens?.headersFor(expired, statusPath)) ?? {};
  return tried(context, 'tokenExpired', [{ name: 'expired', authorization: Authorization, headers }]);
}

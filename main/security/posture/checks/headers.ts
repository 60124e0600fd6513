import type { PostureCheckId } from '../../../../shared/security/posture/checks.ts';
import type { PostureResult, Verdict } from '../../../../shared/security/posture/result.ts';
import type { SeenKey } from '../../../../shared/security/posture/seen.ts';
import type { Answer } from '../probe.ts';
import { notTold, result, shown } from './context.ts';

/** Half a year; what the source documents ask for and browsers take seriously (RFC 6797 section 6.1.1). */
const longEnough = 15_552_000;

type Judgement = { verdict: Verdict; key: SeenKey };

function judgeHsts(value: string): Judgement {
  const age = Number(/max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0);
  return age >= longEnough ? { verdict: 'good', key: 'header' } : { verdict: age > 0 ? 'partly' : 'bad', key: 'hstsShort' };
}

/** CSP level 3: without a default or script source nothing is restricted. */
function judgeCsp(value: string): Judgement {
  const directives = new Map(value.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/)).map(([name = '', ...sources]) => [name, sources]));
  const scripts = directives.get('script-src') ?? directives.get('default-src');
  if (scripts === undefined) return { verdict: 'partly', key: 'cspOpen' };
  return scripts.some((source) => ["'unsafe-inline'", "'unsafe-eval'", '*', 'http:', 'https:', 'data:'].includes(source)) ? { verdict: 'partly', key: 'cspLoose' } : { verdict: 'good', key: 'header' };
}

const strictReferrers = new Set(['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin', 'origin', 'origin-when-cross-origin']);

const headers: readonly { check: PostureCheckId; name: string; judge: (value: string) => Judgement }[] = [
  { check: 'hsts', name: 'Strict-Transport-Security', judge: judgeHsts },
  { check: 'csp', name: 'Content-Security-Policy', judge: judgeCsp },
  { check: 'frameOptions', name: 'X-Frame-Options', judge: (value) => (/^(deny|sameorigin)$/i.test(value.trim()) ? { verdict: 'good', key: 'header' } : { verdict: 'bad', key: 'headerWrong' }) },
  { check: 'nosniff', name: 'X-Content-Type-Options', judge: (value) => (/^nosniff$/i.test(value.trim()) ? { verdict: 'good', key: 'header' } : { verdict: 'bad', key: 'headerWrong' }) },
  // The last value that a browser knows counts.
  { check: 'referrerPolicy', name: 'Referrer-Policy', judge: (value) => (strictReferrers.has(value.split(',').at(-1)?.trim().toLowerCase() ?? '') ? { verdict: 'good', key: 'header' } : { verdict: 'bad', key: 'headerWrong' }) },
];

/**
 * The protective headers, on the answer that everybody gets and on an error page: servers often forget the second.
 * @param usual a successful answer; its headers are the ones that count. @param error an answer to something that is not there.
 */
export function headerChecks(usual: Answer | null, error: Answer | null): PostureResult[] {
  return headers.map(({ check, name, judge }) => {
    if (usual === null || usual.status === null || usual.status === 429) return notTold(check, usual);
    const value = usual.headers.get(name);
    const params = { name, value: shown(value ?? '') };
    if (value === null || value.trim() === '') return result(check, 'bad', 'headerMissing', params, [usual]);
    const { verdict, key } = judge(value);
    const isForgotten = verdict === 'good' && error !== null && error.status !== null && error.headers.get(name) === null;
    return isForgotten ? result(check, 'partly', 'headerNotOnErrors', { ...params, path: error.path }, [usual, error]) : result(check, verdict, key, params, [usual]);
  });
}

import type { PostureResult } from '../../../../shared/security/posture/result.ts';
import type { Answer } from '../probe.ts';
import { askAsOurselves, notTold, result, shown, type CheckContext } from './context.ts';

/** What an error must not tell: how the server is built inside. */
const leaks: readonly { kind: 'sql' | 'trace' | 'python' | 'path' | 'address'; pattern: RegExp }[] = [
  { kind: 'sql', pattern: /\b(SELECT\s[^"]{1,200}\sFROM|INSERT\s+INTO|UPDATE\s\w{1,60}\sSET|DELETE\s+FROM)\s|syntax error at or near|psycopg2?\b|sqlalchemy|sqlite3?\.\w*Error|SQLSTATE|ORA-\d{5}|no such (table|column)/i },
  { kind: 'trace', pattern: /Traceback \(most recent call last\)|File "[^"]{1,300}", line \d+|\bat [\w.<>]{1,80} \([^)]{1,200}:\d+:\d+\)/ },
  { kind: 'python', pattern: /'NoneType'|object has no attribute|\b(KeyError|TypeError|ValueError|AttributeError|IntegrityError|OperationalError|ProgrammingError)\b:?|<class '/ },
  { kind: 'path', pattern: /(?:^|[\s"'(])\/(?:usr|home|app|srv|opt|var|root)\/[\w./-]{1,200}\.(?:py|js|ts|so|conf|db)\b|\b[A-Z]:\\{1,2}[\w\\. -]{1,200}\.\w{1,5}\b|site-packages/ },
  { kind: 'address', pattern: /\b(postgres(ql)?|redis|amqp|mysql|mongodb)(\+\w+)?:\/\//i },
];

/** Odd but harmless questions: numbers that are none, types that do not exist, quotation marks. All of them read. */
export const oddPaths: readonly string[] = ['/api/mcp/documents/sales_order?limit=abc', "/api/mcp/documents/no_such_type/X'%22", "/api/workflow/sales/'%22%3B--", '/api/v1/no-such-path'];

/** Reads what the server says when something goes wrong, on this run's odd questions and on every refusal before. */
export async function answerChecks(context: CheckContext, usual: Answer | null): Promise<PostureResult[]> {
  for (const path of oddPaths) if ((await askAsOurselves(context, path)) === null) await context.probe.ask(path);
  const errors = context.probe.answers.filter(({ status }) => status !== null && status >= 400);
  return [leakResult(errors, usual), correlationResult(usual)];
}

function leakResult(errors: readonly Answer[], usual: Answer | null): PostureResult {
  if (errors.length === 0) return notTold('errorLeaks', usual);
  for (const answer of errors) {
    for (const { kind, pattern } of leaks) {
      const match = pattern.exec(answer.body);
      if (match !== null) return result('errorLeaks', 'bad', `leak.${kind}`, { path: answer.path, status: String(answer.status), text: shown(match[0], 80) }, [answer]);
    }
  }
  return result('errorLeaks', 'good', 'noLeaks', { count: String(errors.length) }, errors.slice(-oddPaths.length));
}

function correlationResult(usual: Answer | null): PostureResult {
  if (usual === null || usual.status === null || usual.status === 429) return notTold('correlation', usual);
  const echoed = usual.headers.get('x-correlation-id');
  if (echoed === usual.correlationId) return result('correlation', 'good', 'correlationEchoed', {}, [usual]);
  return result('correlation', 'bad', echoed === null ? 'correlationMissing' : 'correlationOther', {}, [usual]);
}

/** Errors of a server whose own words are read here, for tests. */
export const leakKindOf = (text: string): string | null => leaks.find(({ pattern }) => pattern.test(text))?.kind ?? null;

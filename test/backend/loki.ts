import { fastify, type FastifyInstance } from 'fastify';

/** A line as a collector pushes it. */
export type PushedLine = { labels: Record<string, string>; at: number; line: string };

/** The answer of `query_range` for a log query, as https://grafana.com/docs/loki/latest/reference/loki-http-api/ describes it. */
export type StreamsAnswer = { status: 'success'; data: { resultType: 'streams'; result: { stream: Record<string, string>; values: [nanoseconds: string, line: string][] }[]; stats: Record<string, unknown> } };

export type Loki = { url: string; requests: { path: string; query: Record<string, string>; authorization: string | null }[]; close(): Promise<void> };

/** `{label=~".+", other="x"} |= "text"`: the part of LogQL that this client uses, refused where Loki would refuse it. */
function parse(query: string): { matchers: { name: string; matches: (value: string) => boolean; needsValue: boolean }[]; contains: string[] } | string {
  const shape = /^\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}((?:\s*\|=\s*"(?:[^"\\]|\\.)*")*)\s*$/.exec(query);
  if (shape === null) return 'parse error: syntax error';
  const unquote = (text: string): string => JSON.parse(text) as string;
  const matchers = [...(shape[1] ?? '').matchAll(/([a-zA-Z_]\w*)\s*(=~|=)\s*("(?:[^"\\]|\\.)*")/g)].map(([, name = '', operator, quoted = '""']) => {
    const text = unquote(quoted);
    const matches = operator === '=' ? (value: string) => value === text : (value: string) => new RegExp(`^(?:${text})$`).test(value);
    return { name, matches, needsValue: !matches('') };
  });
  if (!matchers.some(({ needsValue }) => needsValue)) return 'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value';
  return { matchers, contains: [...(shape[2] ?? '').matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([quoted]) => unquote(quoted)) };
}

/** Loki's two reading endpoints, and the one where it says who it is, over lines in memory: Loki itself has no Debian package. */
export async function startLoki(lines: readonly PushedLine[]): Promise<Loki> {
  const app = fastify();
  const requests: Loki['requests'] = [];
  routes(app, lines, requests);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, requests, close: () => app.close() };
}

function routes(app: FastifyInstance, lines: readonly PushedLine[], requests: Loki['requests']): void {
  app.addHook('onRequest', async (request) => { requests.push({ path: request.url.split('?')[0] ?? '', query: request.query as Record<string, string>, authorization: request.headers.authorization ?? null }); });
  const inside = ({ start, end }: { start?: string; end?: string }) => lines.filter(({ at }) => {
    const nanoseconds = BigInt(at) * 1_000_000n;
    // Start is included, end is not.
    return nanoseconds >= BigInt(start ?? 0) && nanoseconds < BigInt(end ?? '9223372036854775807');
  });
  app.get('/loki/api/v1/status/buildinfo', () => ({ version: '3.1.1', revision: '3b6f1ed', branch: 'HEAD', buildUser: 'root', buildDate: '2024-08-08T18:37:51Z', goVersion: '' }));
  app.get<{ Querystring: { start?: string; end?: string } }>('/loki/api/v1/labels', (request, reply) => {
    const names = [...new Set(inside(request.query).flatMap(({ labels }) => Object.keys(labels)))].toSorted();
    return reply.send(names.length === 0 ? { status: 'success' } : { status: 'success', data: names });
  });
  app.get<{ Querystring: { query?: string; start?: string; end?: string; limit?: string; direction?: string } }>('/loki/api/v1/query_range', async (request, reply) => {
    const { query = '', limit = '100', direction = 'backward' } = request.query;
    const parsed = parse(query);
    if (typeof parsed === 'string') return reply.code(400).type('text/plain').send(parsed);
    const found = inside(request.query)
      .filter(({ labels, line }) => parsed.matchers.every(({ name, matches }) => matches(labels[name] ?? '')) && parsed.contains.every((text) => line.includes(text)))
      .toSorted((a, b) => (direction === 'forward' ? a.at - b.at : b.at - a.at)).slice(0, Number(limit));
    const streams = new Map<string, StreamsAnswer['data']['result'][number]>();
    for (const { labels, at, line } of found) {
      const key = JSON.stringify(labels);
      const stream = streams.get(key) ?? { stream: labels, values: [] };
      stream.values.push([`${at}000000`, line]);
      streams.set(key, stream);
    }
    const answer: StreamsAnswer = { status: 'success', data: { resultType: 'streams', result: [...streams.values()], stats: {} } };
    return answer;
  });
}

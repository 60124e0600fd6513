import { parseArgs } from 'node:util';
import { destination } from 'pino';
import { startBackend, type BackendOptions } from './index.ts';

const usage = 'npm run backend -- [--port N] [--api security|shipped] [--documents N] [--audit N] [--seed N] [--data DIR]';

class UsageError extends Error {}

function number(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new UsageError(`--${name} must be a whole number from 0 to ${max}, not "${text}"`);
  return value;
}

function optionsFrom(args: string[]): BackendOptions {
  const string = { type: 'string' } as const;
  let values: { port?: string; api?: string; documents?: string; audit?: string; seed?: string; data?: string };
  try {
    ({ values } = parseArgs({ args, options: { port: string, api: string, documents: string, audit: string, seed: string, data: string } }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { api, data } = values;
  if (api !== undefined && api !== 'security' && api !== 'shipped') throw new UsageError(`--api must be security or shipped, not "${api}"`);
  const port = number('port', values.port, 65_535);
  const documents = number('documents', values.documents, 10_000_000);
  const audit = number('audit', values.audit, 10_000_000);
  const seed = number('seed', values.seed, 4_294_967_295);
  return {
    ...(port === undefined ? {} : { port }), ...(api === undefined ? {} : { api }), ...(documents === undefined ? {} : { documents }),
    ...(audit === undefined ? {} : { audit }), ...(seed === undefined ? {} : { seed }), ...(data === undefined ? {} : { data }),
  };
}

/** One sentence for what a person can do something about. */
function explain(error: unknown, options: BackendOptions | undefined): string {
  if (error instanceof UsageError) return `${error.message}\nusage: ${usage}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${options?.port} is taken by another program; choose another one or leave --port out`;
  if (code === 'EACCES' || code === 'SQLITE_CANTOPEN') return `no access to ${options?.data === undefined ? 'the port' : `port or ${options.data}`}: ${message}`;
  return message;
}

let options: BackendOptions | undefined;
try {
  options = optionsFrom(process.argv.slice(2));
  const backend = await startBackend({ ...options, log: destination({ dest: 2, sync: true }) });
  const { erp, issuer, clientId, users } = backend;
  process.stdout.write(`${JSON.stringify({ erp, issuer, clientId, users })}\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // npm forwards the terminal's Ctrl+C a second time.
      if (stopping) return;
      stopping = true;
      void backend.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  process.stderr.write(`backend: ${explain(error, options)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

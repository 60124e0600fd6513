import { parseArgs } from 'node:util';
import { Failure } from './say.ts';

export type StartOptions = { profile?: string; userData?: string; headless: boolean; once: boolean; cdpPort?: number; electron?: string };

export const startUsage = 'npm start -- [--profile FILE] [--user-data DIR] [--headless] [--once] [--cdp-port N] [--electron PATH]';

/** @throws Failure with the usage when an option is unknown, has no value or no sensible one */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  const read = (): ReturnType<typeof parse> => {
    try {
      return parse(argv);
    } catch (error) {
      throw new Failure(`${error instanceof Error ? error.message.split('.')[0] : String(error)}.\nUsage: ${startUsage}`);
    }
  };
  const values = read();
  const port = values['cdp-port'] === undefined ? undefined : Number(values['cdp-port']);
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) throw new Failure(`--cdp-port takes a port number from 1 to 65535.\nUsage: ${startUsage}`);
  return {
    headless: values.headless, once: values.once,
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    ...(values['user-data'] === undefined ? {} : { userData: values['user-data'] }),
    ...(values.electron === undefined ? {} : { electron: values.electron }),
    ...(port === undefined ? {} : { cdpPort: port }),
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv], strict: true, allowPositionals: false,
    options: {
      profile: { type: 'string' }, 'user-data': { type: 'string' }, electron: { type: 'string' }, 'cdp-port': { type: 'string' },
      headless: { type: 'boolean', default: false }, once: { type: 'boolean', default: false },
    },
  }).values;
}

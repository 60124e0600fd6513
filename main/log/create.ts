import { pino, type Logger } from 'pino';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { correlationId } from './correlation.ts';
import type { Log, LogFields } from './log.ts';
import { redactLine } from './redact.ts';
import { openRotatingFile, type RotatingFileOptions } from './rotating-file.ts';

export type LogOptions = {
  /** Without a file only `alsoTo` gets the lines. */
  file?: RotatingFileOptions;
  /** Gets each finished line too, for example to show it on stderr while developing. */
  alsoTo?: (line: string) => void;
  level?: 'debug' | 'info' | 'warn' | 'error';
};

export type OpenLog = { log: Log; close(): void };

/** Errors are no JSON: their name, code, message, stack and causes are. */
function plain(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const code: unknown = 'code' in value ? value.code : undefined;
  return {
    name: value.name,
    message: value.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(value instanceof AppFailure ? { code: value.error.code, params: value.error.params, correlationId: value.error.correlationId } : {}),
    stack: value.stack ?? '',
    ...(value.cause !== undefined && depth < 4 ? { cause: plain(value.cause, depth + 1) } : {}),
  };
}

const plainFields = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]));

function wrap(logger: Logger): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields: LogFields = {}) => {
    logger[level](plainFields(fields), message);
  };
  return {
    debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'),
    child: (area, fields = {}) => wrap(logger.child({ area, ...plainFields(fields) })),
  };
}

/**
 * The log of the app: one JSON object a line with time, level, area, message and the correlation id of the running
 * action. Every line is redacted here, at the sink, so that no caller can forget it.
 */
export function createLog({ file, alsoTo, level = 'info' }: LogOptions): OpenLog {
  const target = file === undefined ? null : openRotatingFile(file);
  const sink = {
    write(line: string) {
      const clean = redactLine(line);
      target?.write(clean);
      alsoTo?.(clean);
    },
  };
  const logger = pino({
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const id = correlationId();
      return id === null ? {} : { correlationId: id };
    },
    // A field of the line wins over the ambient id: one request may have its own.
    mixinMergeStrategy: (fields, ambient) => ({ ...ambient, ...fields }),
  }, sink);
  return { log: wrap(logger), close: () => target?.close() };
}

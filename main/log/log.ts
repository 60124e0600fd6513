/** Facts of a log line beside its message; redacted at the sink, so callers need not think of it. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What every service gets for writing logs. A child carries its area and its fields on each line. */
export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** @param area dotted name of the part of the program, for example `erp.http`. */
  child(area: string, fields?: LogFields): Log;
};

/** A log that drops everything, for places that run without one. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

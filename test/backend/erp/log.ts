import pino, { type DestinationStream, type Logger } from 'pino';

/** Members that never reach a log, at the depths where they occur. */
const secret = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'access_token', 'refresh_token', 'id_token', 'secret', 'api_key', 'email', 'iban'];

const patterns: readonly [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted token]'],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[redacted e-mail]'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, '[redacted IBAN]'],
  [/([?&](?:code|token|state|id_token_hint|login_hint)=)[^&\s"]+/gi, '$1[redacted]'],
];

/** Text as it may be logged. */
export const redact = (text: string): string => patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

/** JSON log lines, redacted by key and by pattern; silent without a destination. */
export function createLog(destination: DestinationStream | undefined): Logger {
  if (!destination) return pino({ level: 'silent' });
  return pino(
    { redact: { paths: secret.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' }, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => { destination.write(redact(line)); } },
  );
}

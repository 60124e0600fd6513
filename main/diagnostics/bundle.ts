import { open } from 'node:fs/promises';
import { arch, homedir, hostname, release } from 'node:os';
import path from 'node:path';
import type { AppPolicyState } from '../../shared/domain/app-policy.ts';
import type { ConnectionState, SyncState } from '../../shared/domain/connection.ts';
import type { DiagnosticReport } from '../../shared/domain/diagnostics.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { redacted, redactLine, redactText, redactValue } from '../log/redact.ts';

/** Everything the bundle is made of. */
export type BundleParts = {
  version: string;
  electron: string;
  platform: string;
  settings: Settings;
  policy: AppPolicyState;
  profile: ConnectionProfile | null;
  report: DiagnosticReport;
  connection: ConnectionState | null;
  sync: SyncState | null;
  session: { status: string; roles: readonly string[]; persistence: Persistence } | null;
  /** Lines of the log, the oldest first. */
  log: readonly string[];
  /** Epoch milliseconds. */
  now: number;
};

const logLines = 300;
const logBytes = 256 * 1024;

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : redacted);
const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Who uses this computer, and what it is called: both stand in paths. */
function withoutPerson(text: string): string {
  const names = [homedir(), hostname()].filter((name) => name.length >= 4 && name !== 'localhost');
  return names.reduce((clean, name) => clean.replaceAll(name, redacted), text)
    .replaceAll(/([\\/]{1,2}(?:home|Users)[\\/]{1,2})[^\\/\s"']+/gi, `$1${redacted}`);
}

/**
 * The support bundle as one text: what runs where, how it is set up, what the diagnosis found, and the end of the log. Made of
 * named facts, never of whole objects that might grow; then cleaned by field name and by pattern like the log, once more as a
 * whole. No document, no name of a person, no address of a mail, no token is in it. Its words are fixed, because support
 * searches for them.
 */
export function bundleText(parts: BundleParts): string {
  const { settings, policy, profile, report, connection, sync, session } = parts;
  const peer = (one: ConnectionState['erp'] | undefined): unknown => (one === undefined ? null : { reachable: one.reachable, since: time(one.since), error: one.error?.code ?? null });
  const sections: Record<string, unknown> = {
    app: { version: parts.version, electron: parts.electron, node: process.versions.node, chrome: process.versions['chrome'] ?? null, platform: parts.platform, release: release(), arch: arch(), created: time(parts.now) },
    profile: profile === null ? null : { environment: profile.environment, provider: profile.provider, erp: hostOf(profile.erpUrl), issuer: hostOf(profile.issuer), ownAuthorities: profile.caCertificates !== undefined, audience: profile.audience !== undefined, extraScopes: profile.extraScopes.length },
    // What people have typed into filters is theirs: names of the settings only.
    settings: { language: settings.language, theme: settings.theme, layout: Object.keys(settings.layout).toSorted() },
    // A name that nobody knows may be anything that was pasted into the file.
    managedSettings: { file: policy.file.status, unreadable: policy.file.problems.filter(({ problem }) => problem === 'value').map(({ name }) => name), unknownNames: policy.file.problems.filter(({ problem }) => problem === 'unknown').length, values: policy.values, sources: policy.sources },
    diagnosis: { started: time(report.startedAt), ended: time(report.endedAt), steps: report.steps.map(({ id, status, cause, facts }, index) => ({ step: index + 1, id, status, ...(cause === null ? {} : { cause }), ...facts })) },
    session: session === null ? null : { status: session.status, roles: session.roles, secretsIn: session.persistence.kind === 'memory' ? `memory (${session.persistence.cause})` : 'keychain' },
    connection: connection === null ? null : { status: connection.status, since: time(connection.since), lastContact: time(connection.lastContactAt), erp: peer(connection.erp), identityProvider: peer(connection.identityProvider), live: connection.live, missing: connection.missingCapabilities },
    sync: sync === null ? null : { status: sync.status, documents: sync.cached, finished: time(sync.finishedAt), error: sync.error?.code ?? null },
  };
  const texts = Object.entries(sections).map(([name, value]) => `[${name}]\n${linesOf(redactValue(value))}`);
  const log = parts.log.slice(-logLines).map((line) => redactLine(line));
  // What was cleaned before is met again; a bracket too many is no part of a secret.
  return withoutPerson(redactText([...texts, `[log]\n${log.join('\n')}`].join('\n\n'))).replaceAll(/\[redacted\]\]+/g, redacted);
}

/** One fact a line, so that people can read it and a comparison shows what differs. */
function linesOf(value: unknown, prefix = ''): string {
  if (typeof value !== 'object' || value === null) return `${prefix || 'value'}: ${typeof value === 'string' ? value : JSON.stringify(value) ?? '–'}`.replace(/: null$/, ': –');
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) return `${prefix}: ${value.length === 0 ? '–' : value.join(', ')}`;
  const entries = Object.entries(value);
  return entries.length === 0 ? `${prefix}: –` : entries.map(([name, item]) => linesOf(item, prefix === '' ? name : `${prefix}.${name}`)).join('\n');
}

/** The last lines of the log; none when there is no file. @param folder of the app's data */
export async function lastLogLines(folder: string): Promise<string[]> {
  try {
    const file = await open(path.join(folder, 'logs', 'app.log'), 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - logBytes);
      const bytes = Buffer.alloc(size - start);
      await file.read(bytes, 0, bytes.length, start);
      const lines = bytes.toString('utf8').split('\n').filter((line) => line !== '');
      // The first may be half of one, and half of a JSON line is cleaned less well.
      return lines.slice(start > 0 ? 1 : 0).slice(-logLines);
    } finally {
      await file.close();
    }
  } catch {
    return [];
  }
}

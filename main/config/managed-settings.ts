import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { effectivePolicy, readManaged, type AppPolicyState, type Managed, type PolicyChoice } from '../../shared/domain/app-policy.ts';
import { appError, type AppError } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { Clock } from '../erp/ports.ts';

const fileName = 'managed-settings.json';
/** How often the file is looked at while the app runs; the administration may change it at any time. */
const lookEveryMs = 60_000;
/** A settings file is a few hundred bytes. */
const largestFile = 100_000;

/** Where the administration puts its settings: a place that only it can write to. */
export function managedSettingsFile(os: 'linux' | 'darwin' | 'win32', env: NodeJS.ProcessEnv = process.env): string {
  if (os === 'win32') return path.win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'VALEO NeuroERP Admin', fileName);
  return os === 'darwin' ? path.posix.join('/Library/Application Support/VALEO NeuroERP Admin', fileName) : path.posix.join('/etc/opt/valeo-neuroerp-admin', fileName);
}

/** Anybody on this computer may write it. Windows has no such bits; there the folder's access list protects it. */
const isWritableByAll = (file: string): boolean => process.platform !== 'win32' && (statSync(file).mode & 0o002) !== 0;

function load(file: string): Managed {
  const name = path.basename(file);
  try {
    if (statSync(file).size > largestFile) return readManaged('', name);
    const managed = readManaged(readFileSync(file, 'utf8'), name);
    // Still followed: not to do so would let whoever can write it switch everything off.
    return isWritableByAll(file) ? { ...managed, file: { ...managed.file, status: 'writable' } } : managed;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { file: { status: 'absent', name, problems: [] }, values: {}, governed: [] } : readManaged('', name);
  }
}

/** What is said about a file that is not as it should be. Names of a newer version are nothing to bother people with. */
function noticeOf({ status, name, problems }: Managed['file']): AppError | null {
  const wrong = problems.filter(({ problem }) => problem === 'value').map((one) => one.name);
  if (status === 'unreadable') return appError('policy.unreadable', { params: { file: name } });
  if (status === 'writable') return appError('policy.unreadable', { messageKey: 'errors.policy.writable', params: { file: name } });
  return wrong.length === 0 ? null : appError('policy.unreadable', { messageKey: 'errors.policy.values', params: { file: name, names: wrong.join(', ') } });
}

export type ManagedSettingsOptions = {
  file: string;
  /** What the person chose; read anew whenever the policy is put together. */
  choice: () => PolicyChoice;
  clock: Clock;
};

/** The policy of this installation: what the administration decided in its file, over what the person chose. */
export class ManagedSettings {
  readonly changed = new Emitter<AppPolicyState>();
  /** What a person should be told about a file that changed. */
  readonly noticed = new Emitter<AppError>();
  readonly #options: ManagedSettingsOptions;
  #managed: Managed;
  #stop: () => void = () => undefined;

  constructor(options: ManagedSettingsOptions) {
    this.#options = options;
    this.#managed = load(options.file);
  }

  state(): AppPolicyState {
    return { ...effectivePolicy(this.#managed, this.#options.choice()), file: this.#managed.file, notice: noticeOf(this.#managed.file) };
  }

  /** Reads the file again and tells of a change. */
  refresh(): void {
    const before = JSON.stringify(this.#managed);
    this.#managed = load(this.#options.file);
    if (JSON.stringify(this.#managed) === before) return;
    const notice = noticeOf(this.#managed.file);
    if (notice !== null) this.noticed.emit(notice);
    this.tell();
  }

  /** Tells the policy as it is now, after the person chose something else. */
  tell(): void {
    this.changed.emit(this.state());
  }

  /** Follows the file until {@link dispose}. */
  follow(): void {
    this.#stop = this.#options.clock.after(lookEveryMs, () => {
      this.refresh();
      this.follow();
    });
  }

  dispose(): void {
    this.#stop();
  }
}

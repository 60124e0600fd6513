import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export type Outcome = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string; timedOut: boolean };

export type RunOptions = {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the process and its children are ended. */
  timeout?: number;
  /** Shows the output as it comes, besides collecting it. */
  echo?: boolean;
};

const keep = 4_000_000;

/**
 * Runs a program to its end and collects what it prints. Never rejects for an exit code: the caller decides what it means.
 * Rejects when the program cannot be started at all.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settings: SpawnOptions = {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that a timeout also ends what it started.
      detached: process.platform !== 'win32',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
    };
    const child = spawn(command, args, settings);
    const outcome: Outcome = { code: null, signal: null, stdout: '', stderr: '', timedOut: false };
    const collect = (name: 'stdout' | 'stderr') => (chunk: Buffer): void => {
      if (options.echo === true) process[name].write(chunk);
      outcome[name] = (outcome[name] + chunk.toString('utf8')).slice(-keep);
    };
    child.stdout?.on('data', collect('stdout'));
    child.stderr?.on('data', collect('stderr'));
    const onExit = (): void => endGroup(child, 'SIGTERM');
    process.once('exit', onExit);
    const timer = options.timeout === undefined ? undefined : setTimeout(() => {
      outcome.timedOut = true;
      endGroup(child, 'SIGKILL');
    }, options.timeout);
    const done = (): void => {
      clearTimeout(timer);
      process.off('exit', onExit);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      resolve({ ...outcome, code, signal });
    });
  });
}

/** Ends a process started with `detached` together with its children. A process that is gone already is fine. */
export function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** The last lines of an output, for an error message. */
export function tail(text: string, lines = 6): string {
  return text.trim().split('\n').slice(-lines).join('\n');
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

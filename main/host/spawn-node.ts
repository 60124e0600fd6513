import { fork } from 'node:child_process';
import type { HostPort } from './client.ts';

/**
 * Starts the data host with a Node of its own choosing. Used where the app's runtime is too old for the SQLite binding,
 * and in tests. Nothing of ours goes into arguments or environment.
 * @param entry the host's entry: out/host/index.cjs, or main/host/index.ts in tests.
 * @param node the Node to run it with, 22 or newer.
 */
export function spawnNodeHost(entry: string, node: string = process.execPath): HostPort {
  // ELECTRON_RUN_AS_NODE and NODE_OPTIONS of the parent must not reach the child: the one changes its runtime, the other loads code into it.
  const { ELECTRON_RUN_AS_NODE: _electron, NODE_OPTIONS: _options, ...env } = process.env;
  const child = fork(entry, [], { execPath: node, execArgv: [], env, serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let gone: { code: number | null } | null = null;
  const exits: ((code: number | null) => void)[] = [];
  const exited = (code: number | null): void => {
    if (gone !== null) return;
    gone = { code };
    for (const listener of exits) listener(code);
  };
  child.on('exit', exited);
  child.on('error', () => { exited(null); });
  return {
    pid: child.pid ?? null,
    send: (message) => {
      // A message to a child that has just died is lost; its exit rejects the call.
      if (child.connected) child.send(message as object, () => { /* see above */ });
    },
    onMessage: (listener) => { child.on('message', listener); },
    onExit: (listener) => {
      // It may have been started long before somebody listens.
      if (gone === null) exits.push(listener);
      else setImmediate(listener, gone.code);
    },
    kill: () => { child.kill('SIGKILL'); },
  };
}

import { spawn } from 'node:child_process';
import { Failure } from './say.ts';

export type Display = { env: Record<string, string>; own: boolean; close(): Promise<void> };

/** Whether windows can be shown to a person here. Windows and macOS always have a desktop. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  return platform !== 'linux' || (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/**
 * Starts an Xvfb of our own on a free display, unless there is a display already.
 * Xvfb ends with us even when we are killed: a shell holds it and waits for the end of the pipe from this process. It has a process
 * group of its own, so that Ctrl+C reaches the app first and not its display.
 * @param options.always starts one also where there is a display, so that tests do not open windows in front of a person
 * @throws Failure when Xvfb is missing or does not start
 */
export async function startDisplay(options: { always?: boolean } = {}): Promise<Display> {
  if (process.platform !== 'linux' || (hasDisplay() && options.always !== true)) return { env: {}, own: false, close: () => Promise.resolve() };
  const script = 'Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp -noreset 3>&1 >/dev/null & server=$!; cat >/dev/null; kill $server; wait $server';
  const holder = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let errors = '';
  holder.stderr.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-2000); });
  holder.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const number = await new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Failure(`Xvfb, which stands in for a screen, did not start: ${errors.trim() || 'no answer within 15 s'}`));
    const timer = setTimeout(fail, 15_000);
    let text = '';
    holder.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /^(\d+)\n/.exec(text);
      if (match?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
    holder.stderr.once('data', () => setTimeout(() => { if (text === '' && /not found/.test(errors)) { clearTimeout(timer); fail(); } }, 50));
  }).catch((error: unknown) => {
    holder.stdin.end();
    throw error;
  });
  return {
    env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' },
    own: true,
    close: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}

import { connect, type Socket } from 'node:net';
import type { ProxyChoice } from './ports.ts';

/** The first entry of a PAC-style answer (`PROXY host:port; DIRECT`), which is what the network stack tries first. */
export function parseProxy(text: string): ProxyChoice {
  const [kind = '', address = ''] = text.split(';')[0]?.trim().split(/\s+/) ?? [];
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(address);
  if (match === null || /^direct$/i.test(kind)) return { kind: 'direct' };
  return { kind: /^socks/i.test(kind) ? 'socks' : 'http', host: match[1] ?? '', port: Number(match[2]) };
}

/** Opens a connection and closes it again. @returns milliseconds. @throws with the code of the failure, `TIMEOUT` included. */
export async function reach(host: string, port: number, signal: AbortSignal, timeoutMs = 6_000): Promise<number> {
  const started = performance.now();
  (await dial(host, port, signal, timeoutMs)).destroy();
  return Math.round(performance.now() - started);
}

function dial(host: string, port: number, signal: AbortSignal, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const timedOut = (): void => fail(Object.assign(new Error('no answer'), { code: 'TIMEOUT' }));
    const aborted = (): void => fail(Object.assign(new Error('aborted'), { code: 'ABORTED' }));
    socket.setTimeout(timeoutMs, timedOut);
    signal.addEventListener('abort', aborted, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', aborted);
      socket.removeListener('error', fail);
      resolve(socket);
    });
    socket.once('error', fail);
  });
}

/**
 * Asks an HTTP proxy for a tunnel, as the network stack does for https (RFC 9110 section 9.3.6), and gives it back.
 * @returns the status of its answer: 200 when it lets us through.
 */
export async function askForTunnel(proxy: { host: string; port: number }, target: string, signal: AbortSignal, timeoutMs = 6_000): Promise<number> {
  const socket = await dial(proxy.host, proxy.port, signal, timeoutMs);
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (error: Error | null): void => {
      socket.destroy();
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
      if (status !== undefined) resolve(Number(status));
      else reject(error ?? Object.assign(new Error('no HTTP answer'), { code: 'ECONNRESET' }));
    };
    socket.setTimeout(timeoutMs, () => end(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })));
    socket.on('error', end);
    socket.on('close', () => end(null));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n') || text.length > 4096) end(null);
    });
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  });
}

import { connect, type AddressInfo } from 'node:net';
import { createServer, type SecureVersion } from 'node:tls';

/**
 * Speaks TLS for a plain server on loopback, as a reverse proxy does.
 * @param versions what it takes: only 1.2 and 1.3 unless given.
 */
export async function startTlsFront(target: string, { key, cert }: { key: string; cert: string }, versions: { min: SecureVersion; max?: SecureVersion } = { min: 'TLSv1.2' }): Promise<{ url: string; close(): Promise<void> }> {
  const port = Number(new URL(target).port);
  const isWeak = versions.min < 'TLSv1.2';
  const server = createServer({ key, cert, minVersion: versions.min, ...(versions.max === undefined ? {} : { maxVersion: versions.max }), ...(isWeak ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}) }, (socket) => {
    const inner = connect(port, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const [end, other] of [[socket, inner], [inner, socket]] as const) {
      end.on('error', () => other.destroy());
      end.on('close', () => other.destroy());
    }
    open.add(inner);
  });
  const open = new Set<ReturnType<typeof connect>>();
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((closed) => {
      for (const inner of open) inner.destroy();
      server.close(() => closed());
    }),
  };
}

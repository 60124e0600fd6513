import { createHash, X509Certificate } from 'node:crypto';
import type { DiagnosticReport } from '../../shared/domain/diagnostics.ts';
import type { PostureRun } from '../../shared/security/posture/result.ts';
import { startTlsFront } from '../backend/security/tls-front.ts';
import { makeCertificate } from '../integration/certificates.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { call, expect, signInAs, test } from './fixtures.ts';

// Chromium's stack, its trust and the runtime's own TLS library are not those of the integration tests.

const tlsStep = async (app: LaunchedApp) => ((await call(app, 'diagnostics.run')).value as DiagnosticReport).steps.find(({ id }) => id === 'tls');

test('a profile holds its server to the keys that it names', async ({ serve, install }) => {
  const backend = await serve({ documents: 20 });
  const { ca, ...certificate } = makeCertificate('good');
  const front = await startTlsFront(backend.erp, certificate);
  try {
    const pin = `sha256/${createHash('sha256').update(new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' })).digest('base64')}`;
    const otherKey = `sha256/${'A'.repeat(43)}=`;
    for (const [pins, expected] of [[undefined, { status: 'ok' }], [[otherKey, pin], { status: 'ok' }], [[otherKey], { status: 'failed', cause: 'certificatePinned' }]] as const) {
      const app = await (await install({ ...backend, erp: front.url }, { caCertificates: ca, ...(pins === undefined ? {} : { serverKeyPins: pins }) })).start();
      expect(await tlsStep(app), JSON.stringify(pins)).toMatchObject(expected);
      if (expected.status === 'failed') expect((await call(app, 'connection.retry')).value).toMatchObject({ erp: { reachable: false, error: { code: 'tls.pinned' } } });
      await app.close();
    }
  } finally {
    await front.close();
  }
});

test('the server check measures TLS and foreign origins in the real app', async ({ serve, install }) => {
  // Two runs wait for their turns under the limit of requests a minute.
  test.slow();
  const backend = await serve({ documents: 20, rateLimits: true });
  for (const [min, verdict] of [['TLSv1.2', 'good'], ['TLSv1', 'bad']] as const) {
    const { ca, ...certificate } = makeCertificate('good');
    const front = await startTlsFront(backend.erp, certificate, { min });
    const app = await (await install({ ...backend, erp: front.url }, { caCertificates: ca })).start();
    await signInAs(app, backend, 'admin');
    backend.control.setWeaknesses({ closedMetrics: true, reflectsOrigin: verdict === 'bad' });
    expect(await call(app, 'posture.start')).toMatchObject({ ok: true });
    const latest = async (): Promise<PostureRun | null> => ((await call(app, 'posture.state')).value as { latest: PostureRun | null }).latest;
    await expect.poll(async () => (await latest())?.results.length, { timeout: 100_000 }).toBe(25);
    const results = new Map(((await latest())?.results ?? []).map((one) => [one.check, one]));
    expect(results.get('tlsVersion'), min).toMatchObject({ verdict });
    expect(results.get('certificate')).toMatchObject({ verdict: 'good' });
    expect(results.get('cors'), min).toMatchObject({ verdict });
    expect(results.get('tokenAudience')).toMatchObject({ verdict: 'good' });
    await app.close();
    await front.close();
  }
});

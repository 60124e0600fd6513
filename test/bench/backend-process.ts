import { startBackend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

/** The reference backend as a process of its own for benchmarks, without rate limits; ends with its parent. */
const backend = await startBackend({ documents: 100, seed: 1, rateLimits: false, accessTokenTtlSeconds: 3_600 });
const { accessToken: token } = await loginHeadless(backend, 'admin');
process.send?.({ erp: backend.erp, token });
process.once('disconnect', () => { void backend.close().then(() => process.exit(0)); });

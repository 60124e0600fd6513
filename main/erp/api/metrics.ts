import { z } from 'zod';
import { expositionLimits } from '../../../shared/security/metrics/exposition.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { MetricsApi } from '../types.ts';

const decoder = new TextDecoder();

/** `/metrics/` and the state of health, ERP-API section 7. */
export function createMetricsApi(http: ErpHttp): MetricsApi {
  return {
    async read(options = {}) {
      const { value } = await http.request({
        method: 'GET', path: '/metrics/', accept: 'text/plain', maxBytes: expositionLimits.maxChars, retries: 0, timeoutMs: 10_000,
        schema: z.custom<Uint8Array>((body) => body instanceof Uint8Array), ...options,
      });
      return decoder.decode(value);
    },
    async isReady(options = {}) {
      try {
        await http.request({ method: 'GET', path: '/readyz', schema: z.unknown(), retries: 0, timeoutMs: 10_000, ...options });
        return true;
      } catch (error) {
        const code = error instanceof AppFailure ? error.error.code : null;
        if (code === 'server.unavailable' || code === 'server.failed' || code === 'server.refused') return false;
        throw error;
      }
    },
  };
}

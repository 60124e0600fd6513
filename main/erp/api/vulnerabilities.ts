import { z } from 'zod';
import type { ErpHttp } from '../http.ts';
import type { VulnerabilitiesApi } from '../types.ts';

const pageSchema = z.looseObject({ vulnerabilities: z.array(z.unknown()), scannedAt: z.unknown(), kinds: z.array(z.string()).catch([]), nextCursor: z.string().max(500).nullish() });
const pageSize = 500;
/** Far more than a server has; one that says there is always more is not believed. */
const mostPages = 100;

/** The ERP's own list of vulnerabilities, `/security/vulnerabilities`, ERP-API section 7. */
export function createVulnerabilitiesApi(http: ErpHttp): VulnerabilitiesApi {
  return {
    async list(options = {}) {
      const rows: unknown[] = [];
      let cursor: string | null = null;
      let about: { scannedAt: unknown; kinds: string[] } = { scannedAt: null, kinds: [] };
      for (let page = 0; page < mostPages; page++) {
        const { value }: { value: z.output<typeof pageSchema> } = await http.request({ method: 'GET', path: `/security/vulnerabilities?limit=${pageSize}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, schema: pageSchema, timeoutMs: 30_000, ...options });
        rows.push(...value.vulnerabilities);
        about = { scannedAt: value.scannedAt, kinds: value.kinds };
        cursor = value.nextCursor ?? null;
        if (cursor === null) break;
      }
      return { rows, ...about };
    },
  };
}

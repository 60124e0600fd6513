import { afterAll, afterEach, beforeAll } from 'vitest';
import { createErp } from '../../main/erp/index.ts';
import { systemClock, type TokenSource } from '../../main/erp/ports.ts';
import type { Erp } from '../../main/erp/types.ts';
import { createLog } from '../../main/log/create.ts';
import type { BusinessDocument } from '../../shared/domain/document.ts';
import { exact, totalsOf } from '../../shared/domain/money.ts';
import { AppFailure, type AppError } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend, type Fault } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

/** Two real servers, one of each profile, and the client of main/erp on them, for the test file that imports this. */
export let backend: Backend;
export let shipped: Backend;
export const tokens = new Map<string, string>();
export const logLines: string[] = [];
const { log } = createLog({ alsoTo: (line) => logLines.push(line), level: 'debug' });

beforeAll(async () => {
  backend = await startBackend({ documents: 300, seed: 5, rateLimits: false });
  shipped = await startBackend({ documents: 60, seed: 5, api: 'shipped' });
  for (const name of ['admin', 'sales', 'purchase', 'manager', 'controller']) tokens.set(name, (await loginHeadless(backend, name)).accessToken);
  tokens.set('shipped', (await loginHeadless(shipped, 'admin')).accessToken);
});
afterAll(async () => {
  await backend.close();
  await shipped.close();
});
afterEach(() => {
  backend.control.clearFaults();
  backend.control.clearRequests();
});

const tokenOf = (name: string): TokenSource => ({ accessToken: async () => tokens.get(name) ?? '', refreshNow: async () => tokens.get(name) ?? '' });

export function erp(name = 'admin', more: Partial<Parameters<typeof createErp>[0]> = {}): Erp {
  return createErp({ baseUrl: name === 'shipped' ? shipped.erp : backend.erp, fetch: (url, init) => fetch(url, init), tokens: tokenOf(name), clock: systemClock, log, random: () => 0, ...more });
}

export const errorOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof AppFailure)) throw new Error(`no AppFailure: ${String(error)}`);
  return error.error;
};
export const codeOf = async (promise: Promise<unknown>): Promise<string> => (await errorOf(promise)).code;

export function order(number: string, more: Partial<BusinessDocument> = {}): BusinessDocument {
  const lines = [{ article: 'WEIZEN-A', qty: exact('24.5'), price: exact('231.55'), vatRate: exact('7'), cost: exact('200') }];
  return { type: 'sales_order', number, date: '2026-11-20', partnerId: 'K-1001', partnerName: null, status: 'ENTWURF', lines, totals: totalsOf(lines), fields: { notes: 'Anlieferung über Hof' }, ...more };
}
export const fail = (fault: Fault, times = 1, path = /documents|status/): void => backend.control.fail({ path, fault, times });
export const sent = (path: RegExp) => backend.control.requests.filter((entry) => path.test(entry.path));

import path from 'node:path';
import { expect } from 'vitest';
import { AuditService, type AuditPorts } from '../../main/audit/audit.ts';
import { createErp } from '../../main/erp/index.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { Jobs } from '../../main/jobs.ts';
import { createLog } from '../../main/log/create.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import type { AuditStatus } from '../../shared/domain/audit.ts';
import type { Job } from '../../shared/domain/job.ts';
import type { Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { testKey, type Scratch } from '../fixtures/database.ts';

export const { log } = createLog({ level: 'error' });

export type Client = { audit: AuditService; host: DataHost; jobs: Jobs; run(job: Job): Promise<Job>; close(): Promise<void> };

/** One computer: a cache in a real host process, and the service on a real server. */
export async function client(backend: Backend, scratch: Scratch, name = 'admin', pinnedKey: string | null = null, server = 'erp.test', more: Partial<AuditPorts> = {}): Promise<Client> {
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
  await host.open({ path: scratch.file, key: testKey() });
  const { accessToken } = await loginHeadless(backend, name);
  const jobs = new Jobs({ now: Date.now, after: systemClock.after, log });
  const erp = createErp({ baseUrl: backend.erp, fetch: (url, init) => fetch(url, init), tokens: { accessToken: async () => accessToken, refreshNow: async () => accessToken }, clock: systemClock, log, random: () => 0 });
  const audit = new AuditService({ erp, host, jobs, store: createMemoryStore(), server, pinnedKey, actor: () => name, mayRead: () => true, confirm: async () => undefined, now: Date.now, random: () => 0.5, log, ...more });
  return {
    audit, host, jobs,
    run: async ({ id }) => {
      const ended = await jobs.ended(id);
      if (ended === null) throw new Error('no such job');
      return ended;
    },
    close: async () => { await jobs.dispose(); await host.dispose(); },
  };
}

/** A visit that goes through, and what is known after it. */
export async function visited(at: Client): Promise<AuditStatus> {
  expect(await at.run(at.audit.visit())).toMatchObject({ status: 'done', error: null });
  return at.audit.status();
}

/** The newest alarm. */
export const alarm = (status: AuditStatus): { fault: string; firstBad: number | null } | null => {
  const [first] = status.alarms;
  return first === undefined ? null : { fault: first.fault, firstBad: first.firstBad };
};

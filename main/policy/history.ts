import { z } from 'zod';
import type { Job } from '../../shared/domain/job.ts';
import { generateAlerts } from '../../shared/policy/generate.ts';
import type { AlertFacts, PastAlert, ReplayReport } from '../../shared/policy/replay.ts';
import type { Rule } from '../../shared/policy/rule.ts';
import type { Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Jobs } from '../jobs.ts';

export type PolicyHistoryPorts = { erp: Erp; host: DataHost; jobs: Jobs; now: () => number };

const fetchedFact = 'policy.alerts';
const fetchedSchema = z.object({ fetchedAt: z.number(), isGenerated: z.boolean().default(false), unreadable: z.number().int().default(0) });

/** What there is to replay. `isGenerated`: nothing of it has happened. `unreadable`: alerts of the server that are not in it. */
export type AlertsInfo = { unreadable: number; count: number; from: number | null; to: number | null; fetchedAt: number | null; isGenerated: boolean };

/** The zone of the server's clock. The API does not say it; German trade runs on one. */
export const serverTimeZone = 'Europe/Berlin';

/** The alerts of the past: read into the cache as a job, replayed in the data host. */
export class PolicyHistory {
  readonly #ports: PolicyHistoryPorts;

  constructor(ports: PolicyHistoryPorts) {
    this.#ports = ports;
  }

  /** Reads everything that the server keeps. A cancel leaves what was there before. */
  pull(): Job {
    const { erp, host, jobs, now } = this.#ports;
    return jobs.start('policyAlerts', async (progress, signal) => {
      const all: PastAlert[] = [];
      let cursor: string | undefined;
      let unreadable = 0;
      do {
        signal.throwIfAborted();
        const page = await erp.policy.alerts({ cursor, priority: 'bulk', signal });
        all.push(...page.items);
        unreadable += page.unreadable;
        cursor = page.nextCursor ?? undefined;
        progress(all.length, 0);
      } while (cursor !== undefined);
      await host.policy.putAlerts(all, { signal });
      await host.facts.put(fetchedFact, { fetchedAt: now(), unreadable }, now());
      progress(all.length, all.length);
    });
  }

  /** Puts generated alerts into the cache, for servers that keep none. Recorded ones are never replaced by them. */
  async generate(rules: readonly Rule[]): Promise<AlertsInfo> {
    const { host, now } = this.#ports;
    const known = await this.info();
    if (known.count > 0 && !known.isGenerated) return known;
    await host.policy.putAlerts(generateAlerts(rules, now()));
    await host.facts.put(fetchedFact, { fetchedAt: now(), isGenerated: true }, now());
    return this.info();
  }

  async info(): Promise<AlertsInfo> {
    const fetched = fetchedSchema.safeParse((await this.#ports.host.facts.get(fetchedFact))?.value);
    return { ...(await this.#ports.host.policy.alertsInfo()), fetchedAt: fetched.success ? fetched.data.fetchedAt : null, isGenerated: fetched.success && fetched.data.isGenerated, unreadable: fetched.success ? fetched.data.unreadable : 0 };
  }

  /** What recorded alerts tell a linter; null where there are none, because generated ones only repeat the rules. */
  async facts(): Promise<AlertFacts | null> {
    const { count, isGenerated } = await this.info();
    return count === 0 || isGenerated ? null : this.#ports.host.policy.alertFacts();
  }

  replay(before: readonly Rule[], after: readonly Rule[]): Promise<ReplayReport> {
    return this.#ports.host.policy.replay(before, after, serverTimeZone);
  }

  alerts(places: readonly number[]): Promise<PastAlert[]> {
    return this.#ports.host.policy.alerts(places);
  }
}

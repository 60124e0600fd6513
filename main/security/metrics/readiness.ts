import { z } from 'zod';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';

const lookEvery = 5 * 60_000;
const readinessSchema = z.object({
  id: z.literal('readiness'), at: z.number(), isReady: z.boolean(),
  /** Since when it says so, epoch milliseconds. */
  since: z.number(),
  /** A server that has never called itself ready says nothing by not doing so. */
  wasEverReady: z.boolean(),
});
export type ReadinessState = z.infer<typeof readinessSchema>;

/** Whether the server calls itself ready, asked every five minutes. */
export class Readiness {
  readonly #ports: SecurityPorts;
  readonly #records: Records<ReadinessState>;
  #lookedAt = 0;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#records = new Records({ host: ports.host, kind: 'metrics.readiness', schema: readinessSchema, idOf: ({ id }) => id, now: ports.clock.now });
  }

  state(): Promise<ReadinessState | null> {
    return this.#records.get('readiness');
  }

  /** @returns what was seen when it was asked; null when it was not yet time, or nobody answered */
  async look(signal: AbortSignal): Promise<ReadinessState | null> {
    const { erp, clock, log, evidence } = this.#ports;
    const now = clock.now();
    // A clock that was set back must not silence it.
    if (Math.abs(now - this.#lookedAt) < lookEvery) return null;
    this.#lookedAt = now;
    try {
      const isReady = await erp.metrics.isReady({ priority: 'background', signal });
      const before = await this.state();
      const state: ReadinessState = { id: 'readiness', at: now, isReady, since: before?.isReady === isReady ? before.since : now, wasEverReady: isReady || before?.wasEverReady === true };
      await this.#records.put(state);
      if (before?.isReady !== isReady || Math.floor(before.at / 3_600_000) !== Math.floor(now / 3_600_000)) {
        await evidence.write({
          // The server check asks the same: whichever asked last stands, not whichever found worse.
          point: 'health.ready', origin: 'posture.ready', outcome: isReady ? 'met' : 'unmet', source: 'measured', at: now, expiresAt: now + 2 * 86_400_000,
          messageKey: `security-metrics.evidence.${isReady ? 'ready' : state.wasEverReady ? 'notReady' : 'neverReady'}`, params: {}, by: null, link: '/security/metrics',
        });
      }
      return state;
    } catch (error) {
      log.info('the server was not asked whether it is ready', { error });
      return null;
    }
  }
}

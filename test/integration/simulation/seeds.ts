import { describe, expect, it } from 'vitest';
import type { Api } from './server.ts';
import { faultKinds, simulate, type Outcome } from './world.ts';

/** Seeds of one profile in an ordinary run; VALEO_SIM_SEEDS asks for more (or fewer) of them. */
const seeds = Number(process.env['VALEO_SIM_SEEDS'] ?? 2_500);
const first = 1;
/** One seed, with everything that happened: VALEO_SIM_SEED=n. */
const only = process.env['VALEO_SIM_SEED'] === undefined ? null : Number(process.env['VALEO_SIM_SEED']);
const step = 250;

const report = ({ seed, violation }: Outcome, api: Api): string => `${violation ?? ''}\n  again, with all that happened: VALEO_SIM_SEED=${seed} npx vitest run --project integration simulation/${api}`;

/** The tests of one profile; a file for each, so that they run side by side. */
export function simulationTests(api: Api): void {
  describe(`drafts, outbox, decisions and pull on a ${api} server with everything going wrong`, () => {
    if (only !== null) {
      it(`replays seed ${only}`, async () => {
        const outcome = await simulate({ seed: only, api, isTraced: true });
        process.stdout.write(`${outcome.trace.join('\n')}\n`);
        expect(outcome.violation, report(outcome, api)).toBeNull();
      }, 60_000);
      return;
    }
    const faults = new Map<string, number>();
    for (let from = first; from < first + seeds; from += step) {
      const last = Math.min(from + step, first + seeds) - 1;
      it(`keeps its promises on the seeds ${from} to ${last}`, async () => {
        for (let seed = from; seed <= last; seed++) {
          const outcome = await simulate({ seed, api });
          expect(outcome.violation, report(outcome, api)).toBeNull();
          for (const [fault, count] of outcome.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
        }
      }, 600_000);
    }
    it('has seen every kind of fault', () => {
      const possible = faultKinds.filter((kind) => api === 'shipped' || kind !== 'lost workflow');
      expect(possible.filter((kind) => (faults.get(kind) ?? 0) === 0)).toEqual([]);
    });
  });
}

import type { DiagnosticCause, StepOutcome } from '../../../shared/domain/diagnostics.ts';
import { monitoringOf, type WatcherAnswer } from '../../../shared/domain/monitoring.ts';
import { checkMonitoring } from '../../security/monitoring-check.ts';
import { outcome, type StepContext } from '../ports.ts';
import { isDown } from './connection.ts';

const causes: Readonly<Record<WatcherAnswer['finding'], DiagnosticCause | null>> = {
  answers: null, signInErp: null, silent: 'watcherSilent', slow: 'watcherSilent', untrusted: 'watcherSilent', notReady: 'watcherSilent',
  signIn: 'watcherRefuses', loginPage: 'watcherRefuses', otherWatcher: 'watcherOther', notThis: 'watcherOther', noErpMetrics: 'watcherBlind',
};
/** The worst first: one of them stands for the step, the facts name each server. */
const order: readonly DiagnosticCause[] = ['watcherSilent', 'watcherRefuses', 'watcherOther', 'watcherBlind'];

/** The servers beside the ERP that the profile names. Work goes on without them, so nothing here is worse than a warning. */
export async function monitoringStep({ fetchFor, profile, clock, found: before }: StepContext): Promise<StepOutcome> {
  const known = profile();
  const answers = known === null ? [] : await checkMonitoring(monitoringOf(known), { fetch: fetchFor(known), clock, erpUrl: known.erpUrl });
  if (answers.length === 0) return outcome('skipped', 'noMonitoring');
  const facts = Object.fromEntries(answers.map(({ id, finding, version }) => [id, finding === 'answers' && version !== null ? version : finding]));
  const found = answers.map(({ finding }) => causes[finding]);
  const cause = order.find((one) => found.includes(one)) ?? null;
  // Without a network it is this computer that does not get through.
  if (cause === 'watcherSilent' && isDown(before)) return outcome('skipped', 'notBefore', facts);
  return outcome(cause === null ? 'ok' : 'warning', cause, facts);
}

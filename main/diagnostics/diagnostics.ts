import { diagnosticStepIds, freshReport, type DiagnosticReport, type DiagnosticStepId, type StepOutcome } from '../../shared/domain/diagnostics.ts';
import { Emitter } from '../emitter.ts';
import { outcome, type DiagnosticPorts, type StepContext } from './ports.ts';
import { parseProxy } from './proxy.ts';
import { databaseStep, diskStep, keychainStep } from './steps/computer.ts';
import { networkStep, proxyStep, serverOf, tlsStep, type Server } from './steps/connection.ts';
import { monitoringStep } from './steps/monitoring.ts';
import { clockStep, erpStep, eventsStep, providerStep } from './steps/servers.ts';

/** Longer than any step takes by its own limits; a keychain may wait for a person. */
const longestMs = 60_000;

type Step = { id: DiagnosticStepId; look: (context: StepContext) => Promise<StepOutcome> | StepOutcome };

/** Looks at everything between the person and the server, step by step, and says of each what it found. */
export class Diagnostics {
  readonly changed = new Emitter<DiagnosticReport>();
  readonly #ports: DiagnosticPorts;
  #report: DiagnosticReport = freshReport;
  #running: { done: Promise<DiagnosticReport>; controller: AbortController } | null = null;

  constructor(ports: DiagnosticPorts) {
    this.#ports = ports;
  }

  report(): DiagnosticReport {
    return this.#report;
  }

  /** Runs, or joins the run that is under way. Never throws: what goes wrong is the report. */
  run(): Promise<DiagnosticReport> {
    if (this.#running === null) {
      const controller = new AbortController();
      const stop = this.#ports.clock.after(longestMs, () => controller.abort());
      const done = this.#run(controller.signal).finally(() => {
        stop();
        this.#running = null;
      });
      this.#running = { done, controller };
    }
    return this.#running.done;
  }

  /** Ends a run; what was not looked at by then says so. */
  async cancel(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  async #run(signal: AbortSignal): Promise<DiagnosticReport> {
    this.#tell({ ...freshReport, startedAt: this.#ports.clock.now() });
    const found = new Map<string, StepOutcome>();
    const profile = this.#ports.profile();
    const proxy = parseProxy(profile === null ? 'DIRECT' : await this.#ports.resolveProxy(profile.erpUrl).catch(() => 'DIRECT'));
    const context: StepContext = { ...this.#ports, signal, found, proxy };
    // The way to the server and this computer have nothing to do with each other; each is looked at in its own order.
    await Promise.all([this.#inOrder(profile === null ? wayWithoutProfile : wayTo(serverOf(profile.erpUrl)), context, found), this.#inOrder(computer, context, found)]);
    this.#tell({ ...this.#report, endedAt: this.#ports.clock.now() });
    this.#ports.log.info('diagnosed', { steps: Object.fromEntries(this.#report.steps.map(({ id, status, cause }) => [id, cause === null ? status : `${status} ${cause}`])) });
    return this.#report;
  }

  async #inOrder(steps: readonly Step[], context: StepContext, found: Map<string, StepOutcome>): Promise<void> {
    for (const { id, look } of steps) {
      this.#set(id, outcome('running'));
      const result = context.signal.aborted ? outcome('skipped', 'stopped') : await this.#look(look, context);
      found.set(id, result);
      this.#set(id, result);
    }
  }

  async #look(look: Step['look'], context: StepContext): Promise<StepOutcome> {
    let stop = (): void => undefined;
    const stopped = new Promise<StepOutcome>((resolve) => { stop = () => resolve(outcome('skipped', 'stopped')); });
    context.signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([look(context), stopped]);
    } catch (error) {
      this.#ports.log.error('a step of the diagnosis failed', { error });
      return outcome('failed', 'crashed');
    } finally {
      context.signal.removeEventListener('abort', stop);
    }
  }

  #set(id: DiagnosticStepId, result: StepOutcome): void {
    this.#tell({ ...this.#report, steps: this.#report.steps.map((step) => (step.id === id ? { id, ...result } : step)) });
  }

  #tell(report: DiagnosticReport): void {
    this.#report = report;
    this.changed.emit(report);
  }
}

const wayTo = (server: Server): readonly Step[] => [
  { id: 'network', look: (context) => networkStep(context, server) },
  { id: 'proxy', look: (context) => proxyStep(context, server) },
  { id: 'tls', look: (context) => tlsStep(context, server) },
  { id: 'erp', look: (context) => erpStep(context, server) },
  { id: 'identityProvider', look: providerStep },
  { id: 'clock', look: clockStep },
  { id: 'events', look: eventsStep },
  { id: 'monitoring', look: monitoringStep },
];

const computer: readonly Step[] = [{ id: 'keychain', look: keychainStep }, { id: 'database', look: databaseStep }, { id: 'disk', look: diskStep }];

const wayWithoutProfile: readonly Step[] = diagnosticStepIds.filter((id) => computer.every((step) => step.id !== id)).map((id) => ({ id, look: () => outcome('skipped', 'noProfile') }));

import { randomUUID } from 'node:crypto';
import type { Job } from '../../../shared/domain/job.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { everyFinding, longestAcceptanceDays, type Finding, type FindingFilter, type FindingPage, type FindingQuery, type FindingSummary, type ImportRecord } from '../../../shared/security/findings/finding.ts';
import type { Refusal } from '../../../shared/security/findings/report.ts';
import { journaled } from '../../audit/journal.ts';
import type { Background, SecurityPorts } from '../ports.ts';
import { mustAct } from '../rights.ts';
import { scanEvidence } from './evidence.ts';

const day = 86_400_000;
/** Acceptances end by the day; looking once a quarter of an hour is often enough. */
const lookEvery = 15 * 60_000;
/** How often the progress of an import is asked for. */
const askEvery = 150;
const partSize = 512 * 1024;

export type ReportToImport = { id: string; file: string };

/** Findings of scanners: imports, what became of each finding, and what that says about the security of this server. */
export class Findings implements Background {
  readonly #ports: SecurityPorts;
  #turn: Promise<unknown> = Promise.resolve();
  #stopTimer: () => void = () => undefined;
  #isRunning = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#isRunning = true;
    this.#lookAgain();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#stopTimer();
    await Promise.all([this.#turn, this.#looking]);
  }

  /** Announces a report. @returns the name under which its parts come */
  async begin(size: number): Promise<{ id: string }> {
    const id = randomUUID();
    await this.#ports.host.findings('findings.begin', { id, size });
    return { id };
  }

  part(id: string, bytes: Uint8Array): Promise<{ refused: Refusal | null }> {
    return this.#ports.host.findings('findings.part', { id, bytes });
  }

  async discard(id: string): Promise<void> {
    await this.#ports.host.findings('findings.drop', { id });
  }

  /** Imports reports that have arrived, one after the other, as one run: what it did stands in the history under their names. */
  import(reports: readonly ReportToImport[], target: string): Job {
    const by = this.#actor();
    return this.#ports.jobs.start('findings.import', (progress, signal) => this.#inTurn(async () => {
      let isTaken = false;
      try {
        for (const report of reports) {
          const record = await this.#take(report, { target: target === '' ? null : target, by, continues: isTaken, claimed: false }, progress, signal);
          isTaken ||= record.refused === null;
        }
      } finally {
        for (const { id } of reports) await this.discard(id);
      }
    }));
  }

  /** Imports what the server says about itself; it counts as claimed. @throws AppFailure server.unsupported (in the job) */
  fetch(): Job {
    const { erp, audit, profile, account } = this.#ports;
    const by = account().userName;
    return this.#ports.jobs.start('findings.fetch', (progress, signal) => this.#inTurn(async () => {
      if (!(await this.features()).server) throw failure('server.unsupported');
      const list = await journaled(audit.notes, { action: 'findings.fetch', resource: 'security/vulnerabilities' }, () => erp.vulnerabilities.list({ signal }));
      const server = new URL(profile.erpUrl).host;
      const bytes = new TextEncoder().encode(JSON.stringify({ format: 'valeo-vulnerabilities/1', server, scannedAt: list.scannedAt, kinds: list.kinds, vulnerabilities: list.rows }));
      const { id } = await this.begin(bytes.length);
      try {
        for (let from = 0; from < bytes.length; from += partSize) await this.part(id, bytes.slice(from, from + partSize));
        await this.#take({ id, file: server }, { target: server, by, continues: false, claimed: true }, progress, signal);
      } finally {
        await this.discard(id);
      }
    }));
  }

  async features(): Promise<{ server: boolean }> {
    return { server: (await this.#ports.erp.capabilities()).has('vulnerabilities') };
  }

  list(query: FindingQuery): Promise<FindingPage> {
    return this.#ports.host.findings('findings.list', { ...query, now: this.#ports.clock.now() });
  }

  get(id: number): Promise<Finding | null> {
    return this.#ports.host.findings('findings.get', { id });
  }

  summary(): Promise<FindingSummary> {
    return this.#ports.host.findings('findings.summary', { now: this.#ports.clock.now() });
  }

  imports(limit: number): Promise<ImportRecord[]> {
    return this.#ports.host.findings('findings.imports', { limit });
  }

  /** Somebody carries the risk until a day. @throws AppFailure input.invalid when the day is past, or further away than a risk may be carried unseen */
  async accept(ids: readonly number[], reason: string, until: number): Promise<{ changed: number }> {
    const now = this.#ports.clock.now();
    if (until <= now || until > now + (longestAcceptanceDays + 1) * day) throw failure('input.invalid', { params: { path: 'until' } });
    const done = await this.#ports.host.findings('findings.accept', { ids: [...ids], reason, until, by: this.#actor(), now });
    this.#note('findings.accept', ids, reason);
    await this.#told();
    return done;
  }

  async unaccept(ids: readonly number[]): Promise<{ changed: number }> {
    const done = await this.#ports.host.findings('findings.unaccept', { ids: [...ids], by: this.#actor(), now: this.#ports.clock.now() });
    this.#note('findings.unaccept', ids, null);
    await this.#told();
    return done;
  }

  /** All findings of a filter, in pages, the worst first. */
  async *pages(filter: FindingFilter): AsyncGenerator<FindingPage['rows']> {
    const limit = 1000;
    for (let offset = 0; ; offset += limit) {
      const { rows } = await this.list({ filter: { ...everyFinding, ...filter }, sort: 'severity', direction: 'desc', offset, limit });
      if (rows.length > 0) yield rows;
      if (rows.length < limit) return;
    }
  }

  async #take({ id, file }: ReportToImport, about: { target: string | null; by: string; continues: boolean; claimed: boolean }, progress: (done: number, total: number) => void, signal: AbortSignal): Promise<ImportRecord> {
    const { host, clock } = this.#ports;
    const drop = (): void => void this.discard(id);
    signal.addEventListener('abort', drop);
    let isDone = false;
    const ask = async (): Promise<void> => {
      while (!isDone) {
        await new Promise<void>((resolve) => { clock.after(askEvery, resolve); });
        if (isDone) return;
        const { done, total } = await host.findings('findings.progress', { id }).catch(() => ({ done: 0, total: 0 }));
        if (total > 0) progress(Math.min(done, total), total);
      }
    };
    try {
      if (signal.aborted) throw failure('call.cancelled');
      await host.findings('findings.read', { id });
      void ask();
      const record = await host.findings('findings.apply', { id, file: file.slice(0, 255), now: clock.now(), ...about });
      const [scan] = record.scans;
      this.#ports.audit.notes.note({ action: 'findings.import', resource: `report/${id}`, outcome: 'local', correlationId: null, detail: record.refused ?? `${scan?.tool ?? ''}: ${record.opened} opened, ${record.closed} closed`.slice(0, 1000) });
      await this.#told();
      return record;
    } finally {
      isDone = true;
      signal.removeEventListener('abort', drop);
    }
  }

  /** One import at a time: each is one transaction over all that is known. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #look(): Promise<void> {
    try {
      const { changed } = await this.#ports.host.findings('findings.expire', { now: this.#ports.clock.now() });
      if (changed > 0) this.#ports.changed('findings');
      // Findings become overdue by themselves; the score learns it from here.
      await this.#writeEvidence();
    } catch (error) {
      this.#ports.log.warn('findings were not looked through', { err: error });
    }
  }

  #lookAgain(): void {
    this.#stopTimer();
    this.#looking = this.#look().then(() => {
      if (this.#isRunning) this.#stopTimer = this.#ports.clock.after(lookEvery, () => this.#lookAgain());
    });
  }

  async #writeEvidence(): Promise<void> {
    await this.#ports.evidence.settle(scanEvidence(await this.summary()));
  }

  async #told(): Promise<void> {
    await this.#writeEvidence();
    this.#ports.changed('findings');
  }

  /** @throws AppFailure access.missingScope */
  #actor(): string {
    const account = this.#ports.account();
    mustAct(account);
    return account.userName;
  }

  #note(action: string, ids: readonly number[], detail: string | null): void {
    this.#ports.audit.notes.note({ action, resource: ids.length === 1 ? `finding/${ids[0]}` : `findings/${ids.length}`, outcome: 'local', correlationId: null, detail });
  }
}

export const createFindings = (ports: SecurityPorts): Findings => new Findings(ports);

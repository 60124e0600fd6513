import { parseCheckpoint } from '../../shared/audit/checkpoint.ts';
import { formatCheckpointFile, parseCheckpointFile } from '../../shared/audit/checkpoint-file.ts';
import { cosign, formatKey, formatNote, parseKey, parseNote } from '../../shared/audit/note.ts';
import { formatEvidence } from '../../shared/audit/evidence.ts';
import { fill } from '../../shared/paper/words.ts';
import type { Fault } from '../../shared/audit/verdict.ts';
import type { AuditAlarm, AuditFilter, AuditStatus, JournalFilter, JournalPage } from '../../shared/domain/audit.ts';
import type { Job } from '../../shared/domain/job.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { CallOptions, Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Log } from '../log/log.ts';
import type { SecretStore } from '../secrets/store.ts';
import { JournalWriter } from './journal.ts';
import { openDeviceKey, type DeviceKey } from './device-key.ts';
import { AuditViews } from './views.ts';
import { reread, visit, type Found, type VisitPorts, type VisitResult } from './visit.ts';
import { watch } from './witness.ts';

export type AuditPorts = {
  erp: Pick<Erp, 'audit' | 'capabilities'>;
  host: Pick<DataHost, 'audit' | 'records'>;
  jobs: Jobs;
  store: SecretStore;
  /** The server's host name, for the name of a log that this client keeps itself. */
  server: string;
  /** The log's key that the profile prescribes; null where it prescribes none. */
  pinnedKey: string | null;
  /** Name of whoever is signed in; null while nobody is. */
  actor: () => string | null;
  /** Whether that person can be expected to have the right. */
  mayRead: () => boolean;
  /** Asks the person at the screen for a fresh sign-in. @throws AppFailure access.missingScope for who may not act, login.* when nothing came of it */
  confirm: () => Promise<void>;
  now: () => number;
  random: () => number;
  log: Log;
};

export type AuditFeatures = { signed: boolean; unsigned: boolean; /** The key of the log comes from the profile. */ pinned: boolean };
/** What a colleague's checkpoint shows; `later`: it is newer than what was read here, and is compared as soon as that is. */
export type Comparison = 'agrees' | 'later' | 'splitView';
/** A signed note about a review, the name of its log, and whether any of that was verified when it began. */
export type SignedReview = { note: string; origin: string | null; isProven: boolean };
/** Tiles in one step of a complete check: some 16,000 entries, about 30 ms of the host. */
const stepTiles = 64;
/** Entries that one evidence file holds at most. */
const evidenceLimit = 10_000;

/** The audit log of the server as this client reads, remembers and checks it, and the journal of what this client did. */
export class AuditService {
  /** The status after a visit, a check or an alarm. */
  readonly changed = new Emitter<AuditStatus>();
  /** Where every service says what it did. */
  readonly notes: JournalWriter;
  readonly views: AuditViews;
  readonly #ports: AuditPorts;
  /** While it is being opened: two at once would make two. Not kept, because it belongs to the cache that is open. */
  #opening: Promise<DeviceKey> | null = null;
  /** One visit at a time: a second one would read what the first is reading. */
  #running: Job | null = null;
  /** Nobody has asked for what is running. */
  #isQuiet = false;

  constructor(ports: AuditPorts) {
    this.#ports = ports;
    this.notes = new JournalWriter(ports);
    this.views = new AuditViews(ports);
  }

  status(): Promise<AuditStatus> {
    return this.#ports.host.audit('audit.status');
  }

  async features(): Promise<AuditFeatures> {
    const capabilities = await this.#ports.erp.capabilities();
    return { signed: capabilities.has('audit.log'), unsigned: capabilities.has('audit.unsigned'), pinned: this.#ports.pinnedKey !== null };
  }

  /** A visit that nobody asked for, at the start: only where it can be expected to be allowed. */
  look(): Job | null {
    return this.#ports.mayRead() ? this.#visit(true) : null;
  }

  /** Looks whether the log goes on as it should, and reads what is new. The job that does it; the running one if there is one. */
  visit(): Job {
    return this.#visit(false);
  }

  #visit(isQuiet: boolean): Job {
    return this.#start('audit.visit', async (progress, signal) => {
      const features = await this.features();
      const { kind, verified } = await this.status();
      // A server that has once signed its log and does not offer it any more says so by its list of routes alone.
      if (!features.signed && kind === 'signed' && verified !== null) return { finding: { index: verified.size, fault: 'withheld' }, note: null };
      const ports = this.#visitPorts;
      const call = { priority: 'background' as const, signal };
      if (features.signed) return visit(ports, progress, call);
      if (features.unsigned) return watch(ports, await this.deviceKey(), this.#ports.server, progress, call);
      throw failure('server.unsupported');
    }, isQuiet);
  }

  /** Looks for what is new, for somebody who watches: without reading old entries again, and only where the server signs its log. */
  tail(): Job {
    return this.#start('audit.tail', async (progress, signal) => {
      if (!(await this.features()).signed) throw failure('server.unsupported');
      return visit(this.#visitPorts, progress, { priority: 'background', signal }, { spotCheck: false });
    }, true);
  }

  /** Alarms that nobody has given a reason for yet. Cheap: nothing of the log is loaded. */
  async alarms(): Promise<AuditAlarm[]> {
    return (await this.#ports.host.audit('audit.alarms')).filter(({ acknowledged }) => acknowledged === null);
  }

  /** Hashes every cached entry again and holds all remembered checkpoints against the result. Goes on where the last check ended. */
  verify(restart: boolean): Job {
    return this.#start('audit.verify', async (progress, signal) => {
      for (let first = restart; ; first = false) {
        if (signal.aborted) throw failure('call.cancelled');
        const step = await this.#ports.host.audit('audit.verify', { restart: first, tiles: stepTiles, now: this.#ports.now() });
        progress(step.next, step.of);
        if (step.finding !== null) return { finding: step.finding, note: null };
        if (step.next >= step.of) return null;
      }
    });
  }

  /** Reads the whole log again from the server and compares it with what was read before. */
  reread(): Job {
    return this.#start('audit.reread', (progress, signal) =>
      reread(this.#visitPorts, progress, { priority: 'background', signal }));
  }

  /** Ends an alarm; the reason is kept with it and in the journal. */
  async acknowledge(id: number, reason: string): Promise<AuditStatus> {
    const by = this.#ports.actor() ?? '';
    await this.#ports.host.audit('audit.acknowledge', { id, reason, by, now: this.#ports.now() });
    this.notes.note({ action: 'audit.acknowledge', resource: `alarm/${id}`, outcome: 'local', correlationId: null, detail: reason });
    return this.#tell();
  }

  /**
   * Seals what was read and begins another section, so that one can go on after a legitimate restore or another key: for a reason, and
   * after a fresh sign-in. What was sealed stays, and evidence, reviews and the status tell of it.
   * @throws AppFailure input.invalid while no alarm stands
   */
  async newSection(reason: string): Promise<AuditStatus> {
    await this.#ports.confirm();
    const running = this.#running;
    if (running !== null) {
      await this.#ports.jobs.cancel(running.id);
      await this.#ports.jobs.ended(running.id);
    }
    const by = this.#ports.actor() ?? '';
    const { sections } = await this.#ports.host.audit('audit.seal', { reason, by, now: this.#ports.now() });
    const sealed = sections.at(-1);
    this.notes.note({ action: 'audit.section', resource: `section/${sections.length + 1}`, outcome: 'local', correlationId: null, detail: `${sealed?.size ?? 0} ${sealed?.root ?? ''}: ${reason}` });
    const status = await this.#tell();
    this.visit();
    return status;
  }

  /** What this client did, newest first, each entry with what the server's log says about it. */
  async journal(filter: JournalFilter, offset: number, limit: number): Promise<JournalPage> {
    await this.notes.settled();
    return this.#ports.host.audit('journal.list', { filter, offset, limit });
  }

  /**
   * An evidence file over the entries that a filter leaves, or over some by their places.
   * @param report lines for people, in their language. @param unproven the line about entries that no checkpoint covers, with `{{left}}`
   * @param review the review whose findings the entries are behind: then also a file without
   *   any is written, over what was verified or, where nothing was, over nothing
   * @throws AppFailure audit.nothingVerified while no checkpoint covers any of the entries, audit.tooMany instead of leaving some out
   */
  async evidence(target: { filter: AuditFilter } | { indexes: number[] }, report: readonly string[], unproven: string, review: SignedReview | null = null): Promise<{ text: string; entries: number; unproven: number }> {
    const made = await this.#ports.host.audit('audit.evidence', { filter: 'filter' in target ? target.filter : null, indexes: 'indexes' in target ? target.indexes : [], limit: evidenceLimit });
    if (review === null && (made === null || made.entries === 0)) throw failure('audit.nothingVerified');
    const device = await this.deviceKey();
    if (made === null || (review !== null && (!review.isProven || review.origin !== made.origin))) return this.#bareReview(report, review, device);
    if (made.beyond > 0) throw failure('audit.tooMany', { params: { limit: String(evidenceLimit), count: String(made.entries + made.beyond) } });
    const views = made.views.map((view, at) => (at === made.views.length - 1 ? { ...view, checkpoint: this.#cosigned(view.checkpoint, device) } : view));
    const evidence = { log: { origin: made.origin, keys: [made.key], cosigners: [formatKey(device.cosigner), ...made.cosigners], entries: 'neuroerp/1' as const }, device: formatKey(device.note), views };
    this.notes.note({ action: 'audit.evidence', resource: `entries/${made.entries}`, outcome: 'local', correlationId: null, detail: null });
    const lines = made.unproven === 0 ? report : [...report, '', fill(unproven, { left: String(made.unproven) })];
    return { text: formatEvidence(lines, evidence, { key: device.note, sign: device.sign }, review?.note ?? null), entries: made.entries, unproven: made.unproven };
  }

  /** Of a log of which nothing was verified, or that is no longer the one that is read, a file proves only what its review says, and that this computer says so. */
  #bareReview(report: readonly string[], review: SignedReview | null, device: DeviceKey): { text: string; entries: number; unproven: number } {
    const evidence = { log: { origin: review?.origin ?? this.#ports.server, keys: [], cosigners: [], entries: 'neuroerp/1' as const }, device: formatKey(device.note), views: [] };
    return { text: formatEvidence(report, evidence, { key: device.note, sign: device.sign }, review?.note ?? null), entries: 0, unproven: 0 };
  }

  /**
   * The newest checkpoint that held, cosigned by this computer, for a colleague to compare; where the server signs nothing, as this
   * computer's witness has signed it. The key that shows it is in the file.
   * @throws AppFailure audit.nothingVerified
   */
  async exportCheckpoint(): Promise<{ text: string }> {
    const checkpoint = await this.#ports.host.audit('audit.checkpoint');
    if (checkpoint === null) throw failure('audit.nothingVerified');
    const { kind, key } = await this.status();
    const device = await this.deviceKey();
    const witness = kind === 'witness' ? parseKey(key ?? '') : null;
    return { text: witness === null ? formatCheckpointFile(this.#cosigned(checkpoint.note, device), device.cosigner) : formatCheckpointFile(checkpoint.note, witness) };
  }

  /**
   * Holds a colleague's checkpoint against what this client was shown.
   * @returns also the name of the computer that it comes from, null where the file names none
   * @throws AppFailure audit.notACheckpoint, audit.otherLog for one of another server
   */
  async importCheckpoint(text: string, source: string): Promise<{ verdict: Comparison; from: string | null; status: AuditStatus }> {
    const file = parseCheckpointFile(text);
    if (file === null || parseNote(file.note) === null) throw failure('audit.notACheckpoint');
    const { note, key } = file;
    // One's own cosignature is in the evidence anyway, and proves nothing beside itself.
    const isOwn = key !== null && key.id === (await this.deviceKey()).cosigner.id;
    const { finding } = await this.#ports.host.audit('audit.accept', { note, consistency: [], seenAt: this.#ports.now(), source: `file:${source}`.slice(0, 200), key: key === null || isOwn ? null : formatKey(key) });
    if (finding !== null && finding.fault !== 'splitView') throw failure(finding.fault === 'origin' ? 'audit.otherLog' : 'audit.notACheckpoint');
    if (finding !== null) await this.#raise({ finding, note }, {});
    const status = await this.#tell();
    const size = parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0;
    const verdict = finding !== null ? 'splitView' : size > status.size ? 'later' : 'agrees';
    this.notes.note({ action: 'audit.compare', resource: `checkpoint/${size}`, outcome: 'local', correlationId: null, detail: verdict });
    return { verdict, from: key?.name ?? null, status };
  }

  get #visitPorts(): VisitPorts {
    const { erp, host, pinnedKey, now, random } = this.#ports;
    return { api: erp.audit, host, pinnedKey, now, random };
  }

  #cosigned(note: string, device: DeviceKey): string {
    const parsed = parseNote(note);
    if (parsed === null) return note;
    const own = cosign(parsed.text, Math.floor(this.#ports.now() / 1000), device.cosigner, device.sign);
    return formatNote({ text: parsed.text, signatures: [...parsed.signatures.filter(({ name }) => name !== own.name), own] });
  }

  /** The key of this computer. @throws AppFailure keychain.*, database.* */
  deviceKey(): Promise<DeviceKey> {
    const { host, store } = this.#ports;
    this.#opening ??= openDeviceKey(store, { get: () => host.audit('audit.device'), put: (secret) => host.audit('audit.keepDevice', { secret }) }).finally(() => { this.#opening = null; });
    return this.#opening;
  }

  #start(kind: string, work: (progress: (done: number, total: number) => void, signal: AbortSignal) => Promise<VisitResult | Found[]>, isQuiet = false): Job {
    // Whoever asks for what is running wants to be told how it ends.
    this.#isQuiet = isQuiet && (this.#running === null || this.#isQuiet);
    if (this.#running !== null) return this.#running;
    const job = this.#ports.jobs.start(kind, async (progress, signal) => {
      try {
        const found = await work(progress, signal);
        for (const one of [found ?? []].flat()) await this.#raise(one, { priority: 'background', signal });
      } catch (error) {
        // Whoever may not read the log has nothing to be told about it at every start.
        if (!(error instanceof AppFailure && error.error.code === 'server.forbidden' && this.#isQuiet)) throw error;
      } finally {
        this.#running = null;
        await this.#tell().catch(() => undefined);
      }
    });
    this.#running = job;
    return job;
  }

  async #raise({ finding: { fault, index: firstBad }, note }: Found, call: CallOptions): Promise<void> {
    const { host, log, now } = this.#ports;
    const { isNew } = await host.audit('audit.raise', { fault, firstBad, note, growth: await this.#growth(fault, firstBad, note, call), now: now() });
    // What is open, or has its reason, is found again by every look.
    if (!isNew) return;
    log.error('the audit log is not what it was', { fault, firstBad });
    this.notes.note({ action: 'audit.alarm', resource: firstBad === null ? 'audit' : `entry/${firstBad + 1}`, outcome: 'local', correlationId: null, detail: fault });
  }

  /** Whether the log is still the one that somebody has given a reason for, only longer: the server has to prove that too. */
  async #growth(fault: Fault, firstBad: number | null, note: string | null, call: CallOptions): Promise<Uint8Array[]> {
    const { host, erp } = this.#ports;
    const [from, to] = [await host.audit('audit.growthFrom', { fault, firstBad, note }), parseCheckpoint(parseNote(note ?? '')?.text ?? '')?.size ?? 0];
    // Without a proof it counts as another log, and as another alarm.
    return from === null ? [] : erp.audit.consistency(from, to, call).catch(() => []);
  }

  async #tell(): Promise<AuditStatus> {
    const status = await this.status();
    this.changed.emit(status);
    return status;
  }
}

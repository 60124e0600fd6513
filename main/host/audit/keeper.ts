import { equalBytes, fromBase64, toBase64, toHex } from '../../../shared/audit/bytes.ts';
import { openCheckpoint, type CheckpointRefusal, type OpenedCheckpoint } from '../../../shared/audit/checkpoint.ts';
import { CompactRange, verifyConsistency } from '../../../shared/audit/merkle.ts';
import { formatKey, parseKey, type NoteKey } from '../../../shared/audit/note.ts';
import { tileWidth } from '../../../shared/audit/tiles.ts';
import { clockTolerance } from '../../../shared/audit/verify-evidence.ts';
import type { Fault, Finding } from '../../../shared/audit/verdict.ts';
import { standingAlarms, type AuditAlarm, type AuditEntryDetail, type AuditFilter, type AuditStatus } from '../../../shared/domain/audit.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import { verifyEd25519 } from '../../ed25519.ts';
import type { Reader, Writer } from '../db/connection.ts';
import { acknowledgeAlarm, growthFrom, listAlarms, raiseAlarm } from './alarms.ts';
import { cosignersOf, openForeign, remember, type Cosigned } from './colleagues.ts';
import { Checkpoints, ownSource, type StoredCheckpoint } from './checkpoints.ts';
import { evidenceViews, type EvidenceViews } from './evidence-views.ts';
import { JournalBook } from './journal-book.ts';
import { AuditLog, type IncomingEntry } from './log.ts';
import type { AuditLook } from './protocol.ts';
import { currentSection, listSections, sealSection } from './sections.ts';
import { AuditState } from './state.ts';

type Identity = { kind: 'signed' | 'witness'; origin: string; key: string };

/** Faults that another name or key of the log brings about. */
const renaming: ReadonlySet<Fault> = new Set(['key', 'origin', 'signature', 'format']);

type Progress = { next: number; peaks: string[]; of: number; at: number };

/** Everything this client remembers of an audit log, and what it concludes from it. */
export class AuditKeeper {
  readonly #writer: Writer;
  readonly #reader: Reader;
  /** What is remembered of the log by name, for those who keep something beside it. */
  readonly state: AuditState;
  readonly #checkpoints: Checkpoints;
  #log: AuditLog | null = null;
  #journal: JournalBook | null = null;
  /** The newest checkpoint of a colleague when the visit began: what the server shows after that has to reach it. */
  #foreignBefore = 0;

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
    this.state = new AuditState(writer);
    this.#checkpoints = new Checkpoints(writer, reader);
  }

  /** Loaded with the first use: most starts never look at it. */
  get log(): AuditLog {
    this.#log ??= new AuditLog(this.#writer, this.#reader);
    return this.#log;
  }

  /** What this client did; read with the first use, like the log. */
  get journal(): JournalBook {
    this.#journal ??= new JournalBook(this.#reader);
    return this.#journal;
  }

  /** The entries were removed from the database; checkpoints, alarms and the journal stay. */
  forget(): void {
    this.#log = null;
  }

  status(): AuditStatus {
    const identity = this.#identity();
    const verified = this.#checkpoints.verified();
    const progress = this.state.get<Progress>('complete');
    return {
      kind: identity?.kind ?? 'signed', size: this.log.size, origin: identity?.origin ?? null, key: identity?.key ?? null,
      verified: verified === undefined ? null : { size: verified.size, at: this.#visitedAt(verified) },
      checkpoints: this.#checkpoints.count,
      complete: progress === null ? null : { next: progress.next, of: progress.of, at: progress.at },
      alarms: this.alarms(),
      sections: listSections(this.#reader),
      cosigners: cosignersOf(this.#cosigned()),
      oldest: this.state.get<number>('oldest'),
    };
  }

  /** Names the log. A second visit under another name or key is a fault, not a change. */
  begin(identity: Identity): Fault | null {
    const known = this.#identity();
    this.#foreignBefore = this.#checkpoints.newestForeign();
    if (parseKey(identity.key) === null) return 'format';
    if (known === null) {
      this.state.set('identity', identity);
      return null;
    }
    if (known.origin !== identity.origin) return 'origin';
    return known.key === identity.key ? null : 'key';
  }

  look(note: string): AuditLook {
    const opened = this.#opened(note);
    const verifiedSize = this.#checkpoints.verified()?.size ?? 0;
    if (typeof opened === 'string') return { fault: opened, size: 0, verifiedSize, known: this.log.size };
    return { fault: opened.size < verifiedSize ? 'rollback' : null, size: opened.size, verifiedSize, known: this.log.size };
  }

  append(first: number, entries: readonly IncomingEntry[]): { size: number; finding: Finding | null } {
    const verified = this.#checkpoints.verified();
    const from = verified?.size ?? 0;
    const notBefore = verified === undefined || this.#identity()?.kind === 'witness' ? '' : new Date(Math.max(0, verified.seen_at - clockTolerance)).toISOString();
    const [finding = null] = this.#write((log) => {
      const { findings, backdated } = log.append(first, entries, { from, notBefore });
      if (backdated !== null) this.state.set('backdated', Math.min(this.backdated() ?? backdated, backdated));
      // What came with a fault is believed in no part.
      if (findings.length > 0) this.#cut(log, from);
      return findings;
    });
    return { size: this.log.size, finding };
  }

  /** Place of the first entry whose time cannot be and which no alarm was raised about yet; kept, because reading may end before that. */
  backdated(): number | null {
    return this.state.get<number>('backdated');
  }

  /**
   * Believes a checkpoint, or says why not; what was read for it is forgotten then.
   * @param seenAt what is newer than this checkpoint is not older than this moment
   * @param key of the computer that a colleague's checkpoint comes from; null where it is not known, and for the server's
   * @param visitedAt by this computer's clock, which may be ahead of what can be held against the server
   */
  accept(note: string, consistency: readonly Uint8Array[], seenAt: number, source: string, key: NoteKey | null = null, visitedAt = seenAt): Finding | null {
    const before = this.#checkpoints.verified()?.size ?? 0;
    const opened = source === ownSource ? this.#opened(note) : this.#openedForeign(note, key);
    const finding = typeof opened === 'string' ? { index: before, fault: opened } : this.#judge(opened, consistency, source);
    if (typeof opened !== 'string' && finding === null) {
      this.#checkpoints.put(opened, seenAt, source);
      if (source !== ownSource) {
        const [cosignature] = opened.cosignedBy;
        if (cosignature !== undefined) this.state.set('cosigned', remember(this.#cosigned(), { key: formatKey(cosignature.key), source, size: opened.size, note, at: cosignature.at * 1000 }));
        return null;
      }
      if (visitedAt === seenAt) this.state.remove('visited');
      else this.state.set('visited', { size: opened.size, at: Math.round(visitedAt) });
      return this.#checkpoints.splitView(before, opened.size, this.log);
    } else if (source === ownSource) {
      this.#write((log) => { this.#cut(log, this.#checkpoints.verified()?.size ?? 0); return []; });
    }
    return finding;
  }

  entry(index: number): AuditEntryDetail | null {
    const row = this.log.row(index);
    const canonical = this.log.canonical(index);
    if (row === null || canonical === null) return null;
    const verified = this.#covered();
    return {
      row, canonical, leafHash: toHex(this.log.leaf(index)),
      proof: verified === undefined || index >= verified.size ? null : { size: verified.size, seenAt: verified.seen_at, root: toHex(verified.root), hashes: this.log.proof(index, verified.size).map(toHex) },
    };
  }

  canonicals(filter: AuditFilter, offset: number, limit: number): { entries: { index: number; canonical: string }[]; total: number } {
    const indexes = this.log.indexes(filter);
    return { entries: [...indexes.subarray(offset, offset + limit)].map((index) => ({ index, canonical: this.log.canonical(index) ?? '' })), total: indexes.length };
  }

  /** Goes on with the check of every entry; at its end every remembered checkpoint is held against the result. */
  verify(restart: boolean, tiles: number, now: number): { next: number; of: number; finding: Finding | null } {
    const stored = restart ? null : this.state.get<Progress>('complete');
    const progress = stored === null || stored.next >= stored.of ? { next: 0, peaks: [], of: this.log.size, at: now } : stored;
    const range = new CompactRange(progress.next, progress.peaks.map((text) => fromBase64(text) ?? new Uint8Array(0)));
    const [finding = null] = this.log.verifyTiles(progress.next / tileWidth, tiles, range);
    // A tile that was partial is read again next time: progress stands on whole tiles until the end.
    const isEnd = range.size >= progress.of;
    const concluded = finding ?? (isEnd ? this.#checkpoints.disagreeing(range, this.log) : null);
    if (concluded === null) this.state.set('complete', { ...progress, next: isEnd ? progress.of : range.size, peaks: isEnd ? [] : range.peaks.map(toBase64), at: now });
    return { next: Math.min(range.size, progress.of), of: progress.of, finding: concluded };
  }

  /** See {@link evidenceViews}; null while no checkpoint covers what is in the cache. */
  evidence(filter: AuditFilter | null, places: readonly number[], limit: number): EvidenceViews & { origin: string; key: string } | null {
    const [identity, verified] = [this.#identity(), this.#covered()];
    if (identity === null || verified === undefined) return null;
    const views = evidenceViews({ log: this.log, first: this.#checkpoints.first(), verified, cosigned: this.#cosigned(), sections: listSections(this.#reader) }, filter, places, limit);
    return { origin: identity.origin, key: identity.key, ...views };
  }

  /** @param growth proof that the checkpoint goes on with the one that {@link growthFrom} has named */
  raise(fault: Fault, firstBad: number | null, note: string | null, now: number, growth: readonly Uint8Array[] = []): { id: number; isNew: boolean } {
    return this.#writer.transaction(() => {
      if (fault === 'time') this.state.remove('backdated');
      return raiseAlarm(this.#writer, { fault, firstBad, note, growth, now, section: currentSection(this.#writer), verifiedSize: this.#checkpoints.verified()?.size ?? 0 });
    });
  }

  /** See alarms.ts. */
  growthFrom(fault: Fault, firstBad: number | null, note: string | null): number | null {
    return growthFrom(this.#reader, { fault, firstBad, note, section: currentSection(this.#reader) });
  }

  /**
   * Seals what was read so far and begins another section. The log keeps its name and key, unless these are what stands in the way.
   * @throws AppFailure input.invalid while no alarm stands
   */
  seal(reason: string, by: string, now: number): void {
    const { kind, origin, key, verified, alarms, sections } = this.status();
    const standing = [...standingAlarms({ alarms, sections, verified }), ...alarms.filter(({ acknowledged }) => acknowledged === null)];
    if (standing.length === 0) throw failure('input.invalid', { params: { path: 'section' } });
    const newest = this.#checkpoints.verified();
    this.#writer.transaction(() => {
      sealSection(this.#writer, { kind, origin, key, size: newest?.size ?? 0, root: newest?.root ?? this.log.tree.rootAt(0), cosigned: this.#cosigned(), reason, by, now });
      for (const name of ['complete', 'visited', 'backdated', 'cosigned', 'oldest']) this.state.remove(name);
      if (standing.some(({ fault }) => renaming.has(fault))) this.state.remove('identity');
    });
    this.#log = null;
    this.#journal = null;
  }

  /** @throws AppFailure input.invalid when there is no such open alarm. */
  acknowledge(id: number, reason: string, by: string, now: number): void {
    acknowledgeAlarm(this.#writer, { id, reason, by, now });
  }

  alarms(): AuditAlarm[] {
    return listAlarms(this.#reader);
  }

  /** What a witness signs on a server that signs nothing. */
  root(): { size: number; root: string } {
    return { size: this.log.size, root: toBase64(this.log.tree.rootAt(this.log.size)) };
  }

  /** The newest checkpoint of the server that held, to hand it to somebody else. */
  checkpoint(): { note: string } | null {
    const verified = this.#checkpoints.verified();
    return verified === undefined ? null : { note: verified.note };
  }

  #judge(opened: OpenedCheckpoint, consistency: readonly Uint8Array[], source: string): Finding | null {
    const verified = this.#checkpoints.verified();
    if (source !== ownSource) return this.#checkpoints.compareForeign(opened, this.log);
    // Witnesses of several people count what each was given to read; a signed log is one for all.
    if (this.#identity()?.kind === 'signed' && this.#checkpoints.isBehind(opened.size, this.#foreignBefore)) return { index: opened.size, fault: 'rollback' };
    if (verified !== undefined) {
      if (opened.size < verified.size) return { index: opened.size, fault: 'rollback' };
      if (!verifyConsistency(verified.size, opened.size, consistency, verified.root, opened.root)) return { index: null, fault: 'inconsistent' };
    }
    if (this.log.size < opened.size) return { index: this.log.size, fault: 'missing' };
    return equalBytes(this.log.tree.rootAt(opened.size), opened.root) ? null : { index: verified?.size ?? 0, fault: 'entry' };
  }

  #cut(log: AuditLog, size: number): void {
    log.truncate(size);
    if ((this.backdated() ?? -1) >= size) this.state.remove('backdated');
  }

  #write(work: (log: AuditLog) => Finding[]): Finding[] {
    const { log } = this;
    try {
      return this.#writer.transaction(() => work(log));
    } catch (error) {
      // What is in memory may be ahead of what is stored: it is read again.
      this.#log = null;
      throw error;
    }
  }

  #opened(note: string): OpenedCheckpoint | CheckpointRefusal {
    const identity = this.#identity();
    const key: NoteKey | null = identity === null ? null : parseKey(identity.key);
    if (identity === null || key === null) return 'key';
    return openCheckpoint(note, { origin: identity.origin, keys: [key] }, verifyEd25519);
  }

  #openedForeign(note: string, key: NoteKey | null): OpenedCheckpoint | CheckpointRefusal {
    const identity = this.#identity();
    return identity === null ? 'key' : openForeign(note, identity, key, verifyEd25519);
  }

  #cosigned(): Cosigned[] {
    return this.state.get<Cosigned[]>('cosigned') ?? [];
  }

  /** The newest checkpoint, if the entries up to it are in the cache: after a rescue they come again later. */
  #covered(): StoredCheckpoint | undefined {
    const verified = this.#checkpoints.verified();
    return verified !== undefined && verified.size <= this.log.size ? verified : undefined;
  }

  #visitedAt({ size, seen_at: seenAt }: StoredCheckpoint): number {
    const visited = this.state.get<{ size: number; at: number }>('visited');
    return visited?.size === size ? visited.at : seenAt;
  }

  #identity(): Identity | null {
    return this.state.get<Identity>('identity');
  }
}

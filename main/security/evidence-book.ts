import { evidenceId, evidenceSchema, type Evidence } from '../../shared/security/evidence.ts';
import { Emitter } from '../emitter.ts';
import { Records, type RecordsPorts } from './records.ts';

/** Names a piece of evidence. */
type Name = Pick<Evidence, 'point' | 'origin'>;

/**
 * All evidence about the security of this server and its organisation. The areas write what they have seen; the score reads
 * it. Only the newest of each origin is kept here, the history of the score keeps what moved it.
 */
export class EvidenceBook {
  /** Told after something was written. */
  readonly changed = new Emitter<readonly Evidence[]>();
  readonly #records: Records<Evidence>;
  readonly #now: () => number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: Pick<RecordsPorts<Evidence>, 'host' | 'now'>) {
    this.#now = ports.now;
    this.#records = new Records({ ...ports, kind: 'evidence', schema: evidenceSchema, idOf: evidenceId });
  }

  list(): Promise<Evidence[]> {
    return this.#records.list();
  }

  /** Writes down what was seen. What was seen later stays, whenever this is written: an old file does not undo a new one. */
  write(...evidence: readonly Evidence[]): Promise<void> {
    return this.#inTurn(async () => {
      const now = this.#now();
      // What a wrong clock has dated ahead would stand against everything until then.
      const newest = new Map((await this.list()).filter(({ at }) => at <= now).map((one) => [evidenceId(one), one]));
      const taken = new Map<string, Evidence>();
      for (const one of evidence.map((given) => notAhead(given, now))) {
        const id = evidenceId(one);
        const known = newest.get(id);
        if (known !== undefined && known.at > one.at) continue;
        newest.set(id, one);
        taken.set(id, one);
      }
      if (taken.size === 0) return;
      await this.#records.put(...taken.values());
      this.changed.emit([...taken.values()]);
    });
  }

  /**
   * Says anew what an area has worked out from all that it keeps: that takes the place of what it said before, also where it is
   * about an earlier time, because something newer was taken back. @param silent what it says nothing about any more
   */
  settle(said: readonly Evidence[], silent: readonly Name[] = []): Promise<void> {
    return this.#inTurn(async () => {
      const now = this.#now();
      const present = new Set((await this.list()).map(evidenceId));
      const gone = silent.map(evidenceId).filter((id) => present.has(id));
      if (said.length > 0) await this.#records.put(...said.map((one) => notAhead(one, now)));
      if (gone.length > 0) await this.#records.remove(...gone);
      if (said.length + gone.length > 0) this.changed.emit(said);
    });
  }

  /** Takes evidence back, for example when what it came from was removed. */
  withdraw(evidence: readonly Name[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#records.remove(...evidence.map(evidenceId));
      this.changed.emit([]);
    });
  }

  /** One after the other: each looks at what the others have left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** Nothing is seen before it happens: a date of a file or a server that lies ahead becomes now, and counts no longer for it. */
function notAhead(one: Evidence, now: number): Evidence {
  const ahead = one.at - now;
  return ahead <= 0 ? one : { ...one, at: now, expiresAt: one.expiresAt === null ? null : one.expiresAt - ahead };
}

import { evidenceId, evidenceSchema, type Evidence } from '../../shared/security/evidence.ts';
import { Emitter } from '../emitter.ts';
import { Records, type RecordsPorts } from './records.ts';

/**
 * All evidence about the security of this server and its organisation. The areas write what they have seen; the score reads
 * it. Only the newest of each origin is kept here, the history of the score keeps what moved it.
 */
export class EvidenceBook {
  /** Told after something was written. */
  readonly changed = new Emitter<readonly Evidence[]>();
  readonly #records: Records<Evidence>;

  constructor(ports: Pick<RecordsPorts<Evidence>, 'host' | 'now'>) {
    this.#records = new Records({ ...ports, kind: 'evidence', schema: evidenceSchema, idOf: evidenceId });
  }

  list(): Promise<Evidence[]> {
    return this.#records.list();
  }

  async write(...evidence: readonly Evidence[]): Promise<void> {
    await this.#records.put(...evidence);
    this.changed.emit(evidence);
  }

  /** Takes evidence back, for example when what it came from was removed. */
  async withdraw(evidence: readonly Pick<Evidence, 'point' | 'origin'>[]): Promise<void> {
    await this.#records.remove(...evidence.map(evidenceId));
    this.changed.emit([]);
  }
}

import { z } from 'zod';
import type { DocumentType } from '../../shared/domain/document-types.ts';
import { documentNumberSchema } from '../../shared/domain/document.ts';
import type { DataHost } from '../host/client.ts';
import { workFactPrefix } from '../host/facts.ts';
import type { Log } from '../log/log.ts';

export type OfferedNumbersPorts = { host: { facts: Pick<DataHost['facts'], 'get' | 'put'>; drafts: Pick<DataHost['drafts'], 'list'>; documents: Pick<DataHost['documents'], 'get'> }; now: () => number; log: Log };

const numbersFact = `${workFactPrefix}numbers`;
const offeredSchema = z.record(z.string(), z.array(z.object({ number: documentNumberSchema, at: z.number() })));
type Offered = z.infer<typeof offeredSchema>;

/** Milliseconds for which an unused number is offered again: as long as a discarded draft can come back with it. */
const offeredFor = 30 * 86_400_000;

/**
 * Numbers that the server has given and that no document bears: the form was left untouched, or its draft was discarded before
 * it was ever sent. The server takes none back, so they are offered again, or the range would have a gap for every look at an
 * empty form. They are remembered with the person's own work; which of them an open form shows is known to this run alone.
 */
export class OfferedNumbers {
  readonly #ports: OfferedNumbersPorts;
  /** Shown by a form that has no draft yet, as `type/number`. */
  readonly #shown = new Set<string>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ports: OfferedNumbersPorts) {
    this.#ports = ports;
  }

  /** The oldest number that nothing bears and no form shows; from then on a form shows it. Null when there is none. */
  again(type: DocumentType): Promise<string | null> {
    return this.#inTurn(null, async () => {
      const offered = await this.#read();
      const before = offered[type] ?? [];
      if (before.length === 0) return null;
      const { host } = this.#ports;
      const borne = new Set((await host.drafts.list()).filter((draft) => draft.type === type).map(({ number }) => number));
      const left: typeof before = [];
      let found: string | null = null;
      for (const one of before) {
        const { number } = one;
        if (!this.#isFresh(one.at) || (await host.documents.get({ type, number })) !== null) continue;
        left.push(one);
        if (found === null && !borne.has(number) && !this.#shown.has(nameOf(type, number))) found = number;
      }
      if (left.length < before.length) await this.#write({ ...offered, [type]: left });
      if (found !== null) this.#shown.add(nameOf(type, found));
      return found;
    });
  }

  /** The server has given this number, and a form shows it. What cannot be remembered costs a gap. */
  given(type: DocumentType, number: string): Promise<void> {
    this.#shown.add(nameOf(type, number));
    return this.#inTurn(undefined, async () => {
      const offered = await this.#read();
      await this.#write({ ...offered, [type]: [...(offered[type] ?? []), { number, at: this.#ports.now() }] });
    });
  }

  /** No form shows it any more, or its draft bears it by now. */
  release(type: DocumentType, number: string): void {
    this.#shown.delete(nameOf(type, number));
  }

  /** It was sent: whatever becomes of that, it is never offered again. */
  sent(type: DocumentType, number: string): Promise<void> {
    return this.#inTurn(undefined, async () => {
      const offered = await this.#read();
      const before = offered[type] ?? [];
      const left = before.filter((one) => one.number !== number);
      if (left.length < before.length) await this.#write({ ...offered, [type]: left });
    });
  }

  /** Whether something else bears or shows the number of a draft that comes back. */
  isTaken({ id, type, number }: { id: string; type: DocumentType; number: string }): Promise<boolean> {
    return this.#inTurn(false, async () => {
      if (this.#shown.has(nameOf(type, number))) return true;
      const { host } = this.#ports;
      if ((await host.drafts.list()).some((draft) => draft.id !== id && draft.type === type && draft.number === number)) return true;
      return documentNumberSchema.safeParse(number).success && (await host.documents.get({ type, number })) !== null;
    });
  }

  /** A number bears its year, and one from long ago would stand out of its order. */
  #isFresh(at: number): boolean {
    const now = this.#ports.now();
    return now - at < offeredFor && new Date(at).getFullYear() === new Date(now).getFullYear();
  }

  async #read(): Promise<Offered> {
    return offeredSchema.safeParse((await this.#ports.host.facts.get(numbersFact))?.value).data ?? {};
  }

  #write(offered: Offered): Promise<void> {
    return this.#ports.host.facts.put(numbersFact, offered, this.#ports.now());
  }

  /** One after the other, or two forms would get the same. A number must never keep work from going on. */
  #inTurn<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work).catch((error: unknown) => {
      this.#ports.log.info('the numbers offered before are not known', { err: error });
      return otherwise;
    });
    this.#queue = turn;
    return turn;
  }
}

const nameOf = (type: DocumentType, number: string): string => `${type}/${number}`;

import { auditViewSchema, type AuditView } from '../../shared/domain/audit.ts';
import type { DataHost } from '../host/client.ts';
import { Records } from '../security/records.ts';

/** Filters of the log that people gave a name. They may hold names of people, so they lie in the encrypted cache. */
export class AuditViews {
  readonly #records: Records<AuditView>;

  constructor({ host, now }: { host: Pick<DataHost, 'records'>; now: () => number }) {
    this.#records = new Records({ host, kind: 'audit.view', schema: auditViewSchema, idOf: ({ name }) => name.toLocaleLowerCase(), now });
  }

  /** By name. */
  async list(): Promise<AuditView[]> {
    return (await this.#records.list()).toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** One of the same name is replaced. @returns all views */
  async save(view: AuditView): Promise<AuditView[]> {
    await this.#records.put(view);
    return this.list();
  }

  /** @returns all that are left */
  async remove(name: string): Promise<AuditView[]> {
    await this.#records.remove(name.toLocaleLowerCase());
    return this.list();
  }
}

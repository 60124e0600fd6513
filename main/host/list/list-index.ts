import type { ListQuery } from '../../../shared/domain/document-list.ts';
import type { Reader } from '../db/connection.ts';
import type { RowChange } from '../db/repos/documents-write.ts';
import { pageBySql } from '../db/repos/list-sql.ts';

export class ListIndex {
  readonly #reader: Reader;
  readonly loaded: Promise<void> = Promise.resolve();
  constructor(reader: Reader) { this.#reader = reader; }
  page(query: ListQuery): { ids: Iterable<number>; total: number } { return pageBySql(this.#reader, query); }
  apply(_changes: readonly RowChange[], _removed: readonly number[]): void { /* replaced next */ }
  clear(): void { /* replaced next */ }
  dispose(): void { /* replaced next */ }
}

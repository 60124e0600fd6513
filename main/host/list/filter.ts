import type { ListQuery } from '../../../shared/domain/document-list.ts';
import { normaliseStatus } from '../../../shared/domain/document-types.ts';
import { dateToCode, typeCodes, workflowCodes } from '../db/codes.ts';
import { queryWords } from '../text.ts';
import { emptyBits, intersect, type Bits } from './bits.ts';
import type { Columns } from './columns.ts';
import type { WordSets } from './word-sets.ts';

/** @returns the rows that a query asks for, or null when it asks for all. */
export function matchingRows(query: ListQuery, columns: Columns, wordSets: WordSets): Bits | null {
  const tests = columnTests(query, columns);
  const words = query.text === undefined ? [] : queryWords(query.text);
  if (tests.length === 0 && words.length === 0) return null;
  const rows = emptyBits(columns.capacity);
  rows.set(columns.live);
  for (const word of words) intersect(rows, wordSets.rowsWith(word, columns.capacity));
  for (const test of tests) keepWhere(rows, test);
  return rows;
}

type Test = { values: Uint8Array | Uint16Array | Uint32Array; accepts: Uint8Array } | { values: Uint32Array; from: number; to: number };

function columnTests(query: ListQuery, columns: Columns): Test[] {
  const tests: Test[] = [];
  const oneOf = (values: Uint8Array | Uint16Array, codes: readonly (number | undefined)[], size: number): void => {
    const accepts = new Uint8Array(size);
    for (const code of codes) if (code !== undefined) accepts[code] = 1;
    tests.push({ values, accepts });
  };
  if (query.types !== undefined) oneOf(columns.type, query.types.map((type) => typeCodes[type]), 256);
  if (query.workflow !== undefined) oneOf(columns.workflow, query.workflow.map((state) => workflowCodes[state]), 256);
  if (query.statuses !== undefined) {
    oneOf(columns.status, query.statuses.map((status) => columns.statuses.find(normaliseStatus(status))), columns.statuses.texts.length);
  }
  if (query.dateFrom !== undefined || query.dateTo !== undefined) {
    // From 1 on, because 0 stands for no date and no date is in no period.
    tests.push({ values: columns.date, from: dateToCode(query.dateFrom ?? null) ?? 1, to: dateToCode(query.dateTo ?? null) ?? 0xffffffff });
  }
  if (query.partnerId !== undefined) {
    const code = columns.partnerIds.find(query.partnerId);
    tests.push({ values: columns.partnerId, from: code ?? 1, to: code ?? 0 });
  }
  return tests;
}

/** Takes out the rows that fail; words of the set that are empty already cost nothing. */
function keepWhere(rows: Bits, test: Test): void {
  const { values } = test;
  const accepts = 'accepts' in test ? test.accepts : null;
  const from = 'accepts' in test ? 0 : test.from;
  const to = 'accepts' in test ? 0 : test.to;
  for (let word = 0; word < rows.length; word++) {
    let left = rows[word] ?? 0;
    let kept = 0;
    while (left !== 0) {
      const bit = 31 - Math.clz32(left);
      const mask = 1 << bit;
      left &= ~mask;
      const value = values[word * 32 + bit] ?? 0;
      if (accepts === null ? value >= from && value <= to : accepts[value] === 1) kept |= mask;
    }
    rows[word] = kept;
  }
}

import path from 'node:path';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { putDocument } from '../../main/host/db/repos/documents-write.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import { documentTypes } from '../../shared/domain/document-types.ts';
import { sortColumns, type ListQuery } from '../../shared/domain/document-list.ts';
import { workflowStates } from '../../shared/domain/workflow.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { randomFrom, sampleRecords } from '../fixtures/documents.ts';
import { percentile, timed, type Report } from './report.ts';

const log = { info: () => undefined, warn: () => undefined, error: (message: string) => { throw new Error(message); } };
const limit = 50;
const repeats = 120;
const newest: ListQuery = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 100 };

/** Lists at a million documents through the real host process, message port included; then a large write. */
export async function run(report: Report): Promise<void> {
  const scratch = scratchDatabase();
  const count = Math.round(1_000_000 * report.scale);
  fill(scratch, count, report);
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
  try {
    await lists(host, scratch, count, report);
    await writes(host, count, report);
  } finally {
    await host.dispose();
    scratch.remove();
  }
}

function fill(scratch: Scratch, count: number, report: Report): void {
  report.note(`filling a database with ${count} documents`);
  const { writer, close } = scratch.open();
  writer.begin();
  let done = 0;
  for (const record of sampleRecords(count)) {
    putDocument(writer, record);
    if (++done % 2000 !== 0) continue;
    writer.commit();
    writer.begin();
    if (done % 100_000 === 0) report.note(`${done}`);
  }
  writer.commit();
  close();
}

async function lists(host: DataHost, scratch: Scratch, count: number, report: Report): Promise<void> {
  const opening = performance.now();
  await host.open({ path: scratch.file, key: testKey() });
  await host.documents.list(newest);
  report.add({ name: 'open and first page, index not loaded', value: performance.now() - opening, unit: 'ms', limit: null });
  await host.ready();
  report.add({ name: 'list index and word sets loaded', value: (performance.now() - opening) / 1000, unit: 's', limit: null });

  const random = randomFrom(5);
  const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
  const some = <T>(values: readonly T[]): T[] => [pick(values), ...values.filter(() => random(3) === 0)];
  const direction = (): 'asc' | 'desc' => pick(['asc', 'desc']);
  const filters = (): Partial<ListQuery> => ({
    ...(random(2) === 0 && { types: some(documentTypes) }), ...(random(2) === 0 && { workflow: some(workflowStates) }),
    ...(random(2) === 0 && { statuses: some(['ENTWURF', 'VERSENDET', 'OFFEN', 'ANGENOMMEN', 'BESTAETIGT']) }),
    ...(random(2) === 0 && { dateFrom: `202${4 + random(3)}-0${1 + random(9)}-15` }), ...(random(4) === 0 && { partnerId: `K${10_000 + random(5000)}` }),
  });
  const kinds: Record<string, () => ListQuery> = {
    'first page': () => newest,
    'first page, any filters and sort': () => ({ ...newest, ...filters(), sort: { by: pick(sortColumns), direction: direction() } }),
    'any sort, any depth': () => ({ ...newest, sort: { by: pick(sortColumns), direction: direction() }, offset: random(count) }),
    'search': () => ({ ...newest, text: searchText(random) }),
    'search with filters and sort': () => ({ ...newest, ...filters(), text: searchText(random), sort: { by: pick(sortColumns), direction: direction() } }),
  };
  for (const [name, query] of Object.entries(kinds)) {
    const times: number[] = [];
    for (let round = 0; round < repeats; round++) {
      const asked = query();
      times.push(await timed(() => host.documents.list(asked)));
    }
    report.add({ name: `list of ${count} documents: ${name}, p95`, value: percentile(times, 0.95), unit: 'ms', limit });
  }
  await host.documents.put(chains(100));
  const walks: number[] = [];
  for (let round = 0; round < repeats; round++) walks.push(await timed(() => host.documents.flow({ type: round % 2 === 0 ? 'sales_offer' : 'payment_received', number: `FLOW-${random(100)}` })));
  report.add({ name: `document flow of 7 among ${count} documents, p95`, value: percentile(walks, 0.95), unit: 'ms', limit });
  const times: number[] = [];
  for (let round = 0; round < repeats; round++) {
    await host.documents.put([...sampleRecords(1, 77 + round, random(count))]);
    const asked = { ...newest, ...filters(), ...(random(2) === 0 && { text: searchText(random) }) };
    times.push(await timed(() => host.documents.list(asked)));
  }
  report.add({ name: `list of ${count} documents: just after a change, p95`, value: percentile(times, 0.95), unit: 'ms', limit });
}

/** Whole chains: an offer, its order, two deliveries, two invoices and a payment each, all with the number of their chain. */
function chains(count: number): DocumentRecord[] {
  const [sample] = [...sampleRecords(1)];
  if (sample === undefined) return [];
  return Array.from({ length: count }, (_unused, index) => `FLOW-${index}`).flatMap((number) => ([
    ['sales_offer', number, {}], ['sales_order', number, { salesOfferId: number }], ['sales_delivery', number, { sourceOrder: number }], ['sales_delivery', `${number}-2`, { sourceOrder: number }],
    ['sales_invoice', number, { sourceOrder: number, sourceDelivery: number }], ['sales_invoice', `${number}-2`, { sourceDelivery: `${number}-2` }], ['payment_received', number, { salesInvoiceId: number }],
  ] as const).map(([type, own, fields]) => ({ ...sample, document: { ...sample.document, type, number: own, fields } })));
}

const typed = ['müller', 'Mueller GmbH', 'raiffeisen', 'winterweizen', 'Lieferung frei Hof', 'kalkammonsalpeter', 'SO-2025', 'schäfer landhandel', 'Groß & Söhne', 'tor', 'diesel', 'K1'];

/** What people type: some common words, cut anywhere, with a number now and then. */
function searchText(random: (below: number) => number): string {
  const text = typed[random(typed.length)] ?? '';
  const cut = text.slice(0, 1 + random(text.length));
  return random(3) === 0 ? `${cut} ${random(500)}` : random(6) === 0 ? `${random(9000)}` : cut;
}

async function writes(host: DataHost, count: number, report: Report): Promise<void> {
  const size = Math.max(1000, Math.round(100_000 * report.scale));
  report.note(`storing ${size} more documents`);
  const records = [...sampleRecords(size, 3, count)];
  let isWriting = true;
  const waits: number[] = [];
  const writing = timed(() => host.documents.put(records)).finally(() => { isWriting = false; });
  while (isWriting) {
    waits.push(await timed(() => host.documents.list(newest)));
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  report.add({ name: `put ${size} documents in one transaction, rate`, value: size / ((await writing) / 1000), unit: 'per second', limit: null });
  report.add({ name: 'first page during that write, p95', value: percentile(waits, 0.95), unit: 'ms', limit });
}

import { createHash, hash } from 'node:crypto';
import { createEveryday } from '../backend/audit/everyday.ts';
import { canonical } from '../backend/audit/entry.ts';
import { CompactRange } from '../../shared/audit/merkle.ts';
import { everything, type AuditFilter } from '../../shared/domain/audit.ts';
import { AuditLog } from '../../main/host/audit/log.ts';
import { scratchDatabase } from '../fixtures/database.ts';
import { median, percentile, timed, type Report } from './report.ts';

const history = 730 * 86_400_000;
/** Tiles in one slice, as the service asks for them. */
const slice = 64;

/** The audit log at a million entries: verified whole and by what is new, filtered and searched, all from the encrypted cache. */
export async function run(report: Report): Promise<void> {
  const count = Math.round(1_000_000 * report.scale);
  const fresh = Math.round(10_000 * report.scale);
  const make = createEveryday(7);
  const start = Date.now() - history;
  const texts = Array.from({ length: count + fresh }, (_, at) => canonical(at + 1, make(start + Math.floor((history * at) / (count + fresh)))));
  const scratch = scratchDatabase();
  try {
    const { writer, reader } = scratch.open();
    const log = new AuditLog(writer, reader);
    report.note(`reading ${count} entries into the cache`);
    const append = (from: number, to: number): void => {
      for (let at = from; at < to; at += 5000) {
        const faults = writer.transaction(() => log.append(at, texts.slice(at, Math.min(to, at + 5000)).map((text) => ({ canonical: text, hash: null })), { from: 0, notBefore: '' })).findings;
        if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
      }
    };
    append(0, count);
    await verification(log, texts.slice(0, count), report);
    report.add({ name: `audit: ${fresh} new entries checked and stored`, value: await timed(() => { append(count, count + fresh); }), unit: 'ms', limit: null });
    await searches(log, report);
    report.add({ name: 'audit: filters loaded at the first use', value: await timed(() => { if (new AuditLog(writer, reader).size !== count + fresh) throw new Error('entries are missing'); }), unit: 'ms', limit: null });
  } finally {
    scratch.remove();
  }
}

/** In turns, so that a busy machine is busy for both. */
async function verification(log: AuditLog, texts: readonly string[], report: Report): Promise<void> {
  const entries = texts.map((text) => Buffer.from(`\0${text}`, 'utf8'));
  const [whole, oneShot, usual]: number[][] = [[], [], []];
  for (let round = 0; round < 3; round++) {
    report.note(`verifying, round ${round + 1}`);
    usual?.push(await timed(() => { for (const entry of entries) createHash('sha256').update(entry).digest(); }));
    oneShot?.push(await timed(() => { for (const entry of entries) hash('sha256', entry, 'buffer'); }));
    whole?.push(await timed(() => {
      const range = new CompactRange();
      for (let tile = 0; range.size < log.size; tile += slice) if (log.verifyTiles(tile, slice, range).length > 0) throw new Error('not what was read');
      if (String(range.root()) !== String(log.tree.rootAt(log.size))) throw new Error('another root');
    }));
  }
  const [verified, hashed, hashedUsually] = [median(whole ?? []), median(oneShot ?? []), median(usual ?? [])];
  report.add({ name: `audit: ${texts.length} entries verified from the encrypted cache`, value: verified / 1000, unit: 's', limit: null });
  report.add({ name: 'audit: hashing the same bytes, one call an entry', value: hashed / 1000, unit: 's', limit: null });
  report.add({ name: 'audit: verification against hashing alone', value: verified / hashed, unit: 'ratio', limit: 1.5 });
  report.add({ name: 'audit: verification against createHash alone', value: verified / hashedUsually, unit: 'ratio', limit: null });
}

async function searches(log: AuditLog, report: Report): Promise<void> {
  const filters: Partial<AuditFilter>[] = [
    {}, { actor: 'sales' }, { action: 'export', outcome: 'refused' }, { from: Date.now() - history / 2, to: Date.now() - history / 4 }, { resource: 'backup/B77' },
    { text: 'policy' }, { text: 'refused' }, { text: 'windows sales' }, { text: 'B123' }, { text: 'da11e000-0000-4000-8000-000000000100' }, { correlationId: 'da11e000-0000-4000-8000-0000000000ff' }, { text: 'kommt nicht vor' },
  ];
  const times: number[] = [];
  for (let round = 0; round < 10; round++) {
    for (const [at, filter] of filters.entries()) {
      // Another offset makes no difference to the work; another text does: nothing is found because it was found before.
      times.push(await timed(() => log.page({ ...everything, ...filter, to: filter.to ?? Date.now() + round * 100 + at }, 0, 100)));
    }
  }
  report.add({ name: 'audit: first page of a filter or search, p95', value: percentile(times, 0.95), unit: 'ms', limit: 50 });
  report.add({ name: 'audit: timeline of everything', value: median([await timed(() => log.timeline(everything, 120)), await timed(() => log.timeline({ ...everything, actor: 'admin' }, 120))]), unit: 'ms', limit: null });
}

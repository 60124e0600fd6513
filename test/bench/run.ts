import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BenchModule, Figure } from './report.ts';

/**
 * `npm run bench [-- AREA…]`: runs every `*.bench.ts` of this folder, or the named ones, prints a table and writes
 * out/bench.json. Exits with 1 when a figure misses its limit. BENCH_SCALE=0.01 shrinks the sizes for a quick look.
 */
const folder = import.meta.dirname;
const suffix = '.bench.ts';
const wanted = process.argv.slice(2);
const areas = readdirSync(folder).filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)).toSorted();
const scale = Number(process.env['BENCH_SCALE'] ?? '1');
if (!(scale > 0 && scale <= 1)) throw new Error('BENCH_SCALE is a number above 0 and up to 1');
const unknown = wanted.filter((area) => !areas.includes(area));
if (unknown.length > 0) throw new Error(`no such benchmark: ${unknown.join(', ')} (there are ${areas.join(', ')})`);

const figures: Figure[] = [];
for (const area of areas.filter((each) => wanted.length === 0 || wanted.includes(each))) {
  const module = (await import(path.join(folder, area + suffix))) as BenchModule;
  await module.run({
    scale,
    add: (figure) => { figures.push({ ...figure, value: Number(figure.value.toPrecision(4)) }); },
    note: (text) => { process.stderr.write(`${area}: ${text}\n`); },
  });
}

const isMissed = ({ value, unit, limit }: Figure): boolean => limit !== null && (unit === 'per second' ? value < limit : value > limit);
const out = path.join(folder, '../../out');
mkdirSync(out, { recursive: true });
writeFileSync(path.join(out, 'bench.json'), `${JSON.stringify(figures, null, 2)}\n`);
const width = Math.max(4, ...figures.map(({ name }) => name.length));
for (const figure of figures) {
  const limit = figure.limit === null ? '' : `  limit ${figure.limit}${isMissed(figure) ? '  MISSED' : ''}`;
  process.stdout.write(`${figure.name.padEnd(width)}  ${String(figure.value).padStart(10)} ${figure.unit}${limit}\n`);
}
process.exitCode = figures.some(isMissed) ? 1 : 0;

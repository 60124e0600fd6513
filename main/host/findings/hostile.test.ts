import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { noon, reportFile, reportFiles } from '../../../test/fixtures/findings.ts';
import type { Writer } from '../db/connection.ts';
import { readReport } from './parse/read-report.ts';
import { Prescan } from './prescan.ts';
import { Reports } from './reports.ts';
import { Taker } from './take.ts';

let scratch: Scratch;
let writer: Writer;
beforeEach(() => {
  scratch = scratchDatabase();
  ({ writer } = scratch.open());
});
afterEach(() => scratch.remove());

/** How many mangled reports a run looks at. */
const runs = Number(process.env['VALEO_HOSTILE_FILES'] ?? 300);
const seed = Number(process.env['VALEO_SEED'] ?? Date.now() % 2 ** 31);

describe('reports that mean harm', () => {
  const scan = (text: string): string | null => {
    const prescan = new Prescan();
    return prescan.add(new TextEncoder().encode(text)) ?? prescan.end();
  };

  it('are refused before they are parsed', () => {
    expect(scan('['.repeat(200_000))).toBe('tooDeep');
    expect(scan(`{"a":"${'['.repeat(500)}\\"["}`)).toBeNull();
    expect(scan(`[${'0,'.repeat(4_100_000)}0]`)).toBe('tooMany');
    expect(scan('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')).toBe('entities');
    expect(scan('<a>'.repeat(200))).toBe('tooDeep');
    expect(scan(`<a b=">/<"><!-- <x><y> --><![CDATA[<z><z>]]>${'<b c="d"/>'.repeat(500)}</a>`)).toBeNull();
    expect([scan('PK\u0003\u0004'), scan(''), scan('   ')]).toEqual(['notText', 'notText', 'notText']);
  });

  it('of every kind end with an answer in the worker, or before it without being read to their end', async () => {
    const reports = new Reports();
    const send = async (bytes: Uint8Array) => {
      const id = randomUUID();
      reports.begin(id, bytes.length);
      for (let from = 0; from < bytes.length; from += 262_144) if (reports.part(id, bytes.slice(from, from + 262_144)) !== null) break;
      const answer = await reports.read(id);
      reports.drop(id);
      return answer;
    };
    for (const bomb of ['['.repeat(3_000_000), `[${'0,'.repeat(4_500_000)}0]`]) {
      const bytes = new TextEncoder().encode(bomb);
      const started = performance.now();
      expect(await send(bytes)).toMatchObject({ refused: expect.stringMatching(/^too(Deep|Many)$/) });
      expect(performance.now() - started).toBeLessThan(10_000);
    }
    expect(await send(reportFile('trivy/0.57-image.json'))).toMatchObject({ refused: null, rows: 5, format: 'trivy' });
    expect(await send(new TextEncoder().encode(`{"runs":[],"version":"2.1.0","x":"${'\\u0000'.repeat(100_000)}"}`))).toMatchObject({ format: 'sarif', refused: 'nothingLookedAt', rows: 0 });
    reports.begin('id', 2 ** 40);
    expect(await reports.read('id')).toMatchObject({ refused: 'tooLarge' });
    const folder = new URL('../../../test/fixtures/', import.meta.url).pathname;
    for (const worker of ['endless-worker.mjs', 'greedy-worker.mjs']) {
      const hard = new Reports({ timeMs: worker.startsWith('endless') ? 300 : 20_000, memoryMb: 32 }, `${folder}${worker}`);
      hard.begin('id', 2);
      hard.part('id', new TextEncoder().encode('[]'));
      expect(await hard.read('id')).toMatchObject({ refused: 'tooHard' });
    }
  }, 60_000);

  it('that were begun and left behind are not in the way of others', async () => {
    const reports = new Reports();
    for (let at = 0; at < 9; at++) reports.begin(`id-${at}`, 10);
    expect(() => reports.part('id-0', new Uint8Array(1))).toThrow('input.invalid');
    expect(reports.part('id-8', new TextEncoder().encode('[]'))).toBeNull();
    expect(await reports.read('id-8')).toMatchObject({ refused: 'unknownFormat' });
    reports.dropAll();
  });

  it(`never do more than be refused, ${runs} mangled ones (seed ${seed})`, () => {
    const files = reportFiles();
    let state = seed % 2_147_483_647 || 1;
    const random = (below: number): number => { state = (state * 48_271) % 2_147_483_647; return state % below; };
    const pieces = ['null', '[]', '{}', '"', '1e999', '-1', '""', '[[[[', '<x>', '</', '\\u202e', '__proto__', 'true', '[null]', '{"a":[]}'];
    const counts = { taken: 0, refused: 0 };
    let slowest = 0;
    for (let run = 0; run < runs; run++) {
      const { bytes, name } = files[random(files.length)] as (typeof files)[number];
      let text = new TextDecoder().decode(bytes);
      for (let change = 1 + random(4); change > 0; change--) {
        const [from, how] = [random(text.length), random(16)];
        if (how === 0) text = text.slice(0, from) + String.fromCharCode(random(256)) + text.slice(from + 1);
        else if (how === 1) text = text.slice(0, from) + text.slice(from + random(200));
        // A value becomes another kind of value: the text stays well-formed, the shape does not.
        else if (how > 2) text = replaceValue(text, from, pieces[random(pieces.length)] ?? '');
        else text = text.slice(0, from) + text.slice(from, from + random(300)) + text.slice(from);
      }
      const mangled = new TextEncoder().encode(text);
      const started = performance.now();
      const prescan = new Prescan();
      if ((prescan.add(mangled) ?? prescan.end()) !== null) {
        counts.refused++;
        continue;
      }
      // In this process: a crash would end the run, and an exception is a defect.
      const read = readReport(mangled);
      slowest = Math.max(slowest, performance.now() - started);
      if (!read.ok) counts.refused++;
      else {
        counts.taken++;
        // What was read must be fit for the database too.
        if (run % 10 === 0) {
          writer.transaction(() => {
            const work = new Taker(writer, { id: randomUUID(), file: name, target: 't', by: 'x', now: noon + run, continues: false, claimed: false }).work({ mayBegin: () => true, run: (part) => part(writer) }, read.reading, { done: 0, total: 0, isStopped: false });
            while (work.next().done !== true) { /* one part after the other */ }
          });
        }
      }
    }
    process.stdout.write(`findings: ${runs} mangled reports, ${counts.taken} taken, ${counts.refused} refused, slowest ${slowest.toFixed(1)} ms\n`);
    expect(counts.taken + counts.refused).toBe(runs);
    expect(counts.taken).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(10_000);
  }, 600_000);
});

/** Puts something else in place of the JSON value that begins after the next colon. */
function replaceValue(text: string, from: number, value: string): string {
  const colon = text.indexOf(': ', from);
  if (colon < 0) return text;
  const end = /^: ("(?:[^"\\]|\\.)*"|[-\d.eE+]+|true|false|null)/.exec(text.slice(colon, colon + 3000));
  return end === null ? text : `${text.slice(0, colon)}: ${value}${text.slice(colon + end[0].length)}`;
}

import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { greyPng, qrPng } from '../../../test/backend/paper/qr-png.ts';
import { renderLetter } from '../../../test/backend/paper/pdf.ts';
import { inspectFile, kindOf } from './inspect-file.ts';
import { workerFile } from '../worker.ts';
import { inspect } from './inspector.ts';
import { decodePng } from './png.ts';

const code = 'https://erp.example.de/verify/sales/SO-2026-0001/0123456789abcdef';
/** How many mangled files a run looks at; each costs some milliseconds. */
const runs = Number(process.env['VALEO_HOSTILE_FILES'] ?? 300);
const seed = Number(process.env['VALEO_SEED'] ?? Date.now() % 2 ** 31);

let pdf: Buffer;
const png = qrPng(code);
beforeAll(async () => {
  pdf = await renderLetter({
    document: { type: 'sales_order', number: 'SO-2026-0001', status: 'X', version: 1, updatedAt: 0, deleted: false, body: { number: 'SO-2026-0001', status: 'X', date: '2026-11-22', lines: [{ article: 'A', qty: 1, price: 2, vatRate: 7 }] } },
    partnerName: 'Meyer', code, note: 'note', printedAt: 0, user: 'sales',
  });
});

/** Rewrites the size in the header of a PNG; its checksum is not looked at. */
function claims(file: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt32BE(width, 16);
  copy.writeUInt32BE(height, 20);
  return copy;
}

describe('looking into files', () => {
  it('knows them by their first bytes', () => {
    expect([kindOf(pdf), kindOf(png), kindOf(Buffer.from([0xff, 0xd8, 0xff, 0xe0])), kindOf(Buffer.from('MZ')), kindOf(Buffer.alloc(0))]).toEqual(['pdf', 'png', 'jpeg', null, null]);
  });

  it('reads the code of a PDF and of a picture, in a worker', async () => {
    expect(await inspect(Uint8Array.from(pdf))).toMatchObject({ ok: true, findings: { kind: 'pdf', pages: 1, codes: [code], addresses: [code] } });
    expect(await inspect(Uint8Array.from(png))).toMatchObject({ ok: true, findings: { kind: 'png', codes: [code], addresses: [] } });
  });

  it('reads what was encoded, at any size of its modules', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 120 }), fc.integer({ min: 2, max: 9 }), (text, scale) => {
      const { width, height } = decodePng(qrPng(text, scale));
      expect(width).toBe(height);
    }), { numRuns: 30 });
  });

  it('finds its worker beside the source, and beside the bundle outside of an archive', () => {
    expect(workerFile('/app/main/host/files/inspector.ts')).toMatch(/main.host.files.index\.ts$/);
    expect(workerFile('/x/app.asar/out/host/index.cjs')).toBe('/x/app.asar.unpacked/out/files/index.mjs');
  });
});

describe('files that mean harm', () => {
  const unreadable = { ok: false, reason: 'unreadable' };

  it('end with a sentence, each in its own worker', async () => {
    const bomb = claims(greyPng(8, 8, () => 0), 60_000, 1000);
    const endless = Buffer.concat([png.subarray(0, 33), (() => {
      const data = deflateSync(Buffer.alloc(200 * 1024 * 1024));
      const frame = Buffer.alloc(8);
      frame.writeUInt32BE(data.length, 0);
      frame.write('IDAT', 4, 'latin1');
      return Buffer.concat([frame, data, Buffer.alloc(4)]);
    })()]);
    for (const file of [claims(png, 60_000, 60_000), bomb, endless, pdf.subarray(0, 400), png.subarray(0, 60), Buffer.from('%PDF-1.7'), Buffer.from('hello')]) {
      expect(await inspect(Uint8Array.from(file))).toEqual(unreadable);
    }
  });

  it('are given up when they take too long or too much memory, and the next file is read as ever', async () => {
    const folder = fileURLToPath(new URL('../../../test/fixtures/', import.meta.url));
    expect(await inspect(Uint8Array.from(pdf), { timeMs: 300, memoryMb: 256 }, `${folder}endless-worker.mjs`)).toEqual({ ok: false, reason: 'tooHard' });
    expect(await inspect(Uint8Array.from(pdf), { timeMs: 20_000, memoryMb: 32 }, `${folder}greedy-worker.mjs`)).toEqual({ ok: false, reason: 'tooHard' });
    expect(await inspect(Uint8Array.from(png))).toMatchObject({ ok: true });
  }, 60_000);

  it(`never do more than fail, ${runs} mangled ones (seed ${seed})`, async () => {
    const sources = [pdf, png, readFileSync(new URL('../../../resources/icons/icon.png', import.meta.url)).subarray(0, 4000)];
    await fc.assert(fc.asyncProperty(
      fc.nat(sources.length - 1), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }), fc.option(fc.nat()),
      async (which, changes, cut) => {
        const file = Uint8Array.from(sources[which] as Buffer);
        for (const [at, byte] of changes) file[at % file.length] = byte;
        const bytes = cut === null ? file : file.slice(0, 1 + (cut % file.length));
        // In this process: a crash would end the run. Only an answer or an ordinary error is allowed.
        const outcome = await inspectFile(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) return;
        expect(outcome).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      },
    ), { numRuns: runs, seed, endOnFailure: true });
  }, 600_000);
});

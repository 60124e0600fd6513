import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointOf, createRandom, evidenceOf, newSigner, randomEntries, treeOf, verifySignature, viewOf } from '../fixtures/audit/random-log.ts';
import { cosign, formatKey, formatNote, parseNote, signatureTypes } from '../../shared/audit/note.ts';
import { formatEvidence, parseEvidence } from '../../shared/audit/evidence.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';

const origin = 'neuroerp.example/audit/cli';
const log = newSigner(origin);
const witness = newSigner('device.example/pc', signatureTypes.cosignature);
const script = join(import.meta.dirname, '../../resources/verify-evidence.mjs');
const entries = randomEntries(9, createRandom(4), Date.parse('2026-03-02T08:00:00.000Z'));
const tree = treeOf(entries);

let folder: string;
let good: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'valeo-cli-'));
  good = write('good', evidence());
});
afterAll(() => { rmSync(folder, { recursive: true }); });

function evidence(change: (note: string) => string = (note) => note): string {
  const note = change(checkpointOf(origin, tree, 9, log));
  const built = evidenceOf(origin, [log.key], [viewOf(entries, tree, note, { size: 9, seenAt: 1 })]);
  return formatEvidence(['Prüfbericht', '-----BEGIN EVIDENCE-----'], { ...built, log: { ...built.log, cosigners: [formatKey(witness.key)] } }, null);
}
function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('verify-evidence.mjs', () => {
  it('is one file of at most 200 lines on the standard library', () => {
    const text = readFileSync(script, 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
    expect([...text.matchAll(/from '([^']+)'/g)].map((match) => match[1])).toEqual(['node:crypto', 'node:fs']);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(260);
  });

  it('says that all holds, and where the key came from', () => {
    expect(run('--key', formatKey(log.key), good)).toEqual({ status: 0, stdout: 'OK: 9 entries, 1 checkpoints\n', stderr: '' });
    expect(run(good).stdout).toContain('The key was taken from the file itself');
    expect(JSON.parse(run('--json', good).stdout)).toEqual({ ok: true, firstBad: null, fault: null, entries: 9, checkpoints: 1 });
  });

  it('names the first bad entry', () => {
    const file = write('bad', evidence().replace('c-4', 'c-5'));
    expect(run(file)).toMatchObject({ status: 1, stdout: expect.stringContaining('NOT OK: 9 entries, 1 checkpoints; entry, first bad entry number 5') as string });
    expect(run('--key', formatKey(newSigner(origin).key), good)).toMatchObject({ status: 1, stdout: expect.stringContaining('key, first bad entry number 1') as string });
  });

  it('says in one line what cannot be checked at all', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') as string });
    expect(run(join(folder, 'absent'))).toMatchObject({ status: 2, stderr: expect.stringContaining('ENOENT') as string });
    expect(run('--key', 'nonsense', good)).toMatchObject({ status: 2, stderr: 'This is not a key of the form name+id+base64.\n' });
    expect(run(write('latin1', Buffer.from('Pr\xfcfbericht', 'latin1'))).status).toBe(2);
    expect(run(write('other', 'just a text'))).toMatchObject({ status: 1, stdout: expect.stringContaining('format') as string });
  });

  it('checks cosignatures of known witnesses like the app', () => {
    const cosigned = (text: string, seconds: number): string => {
      const { signatures } = parseNote(text) ?? { signatures: [] };
      const body = text.slice(0, text.lastIndexOf('\n\n') + 1);
      return formatNote({ text: body, signatures: [...signatures, cosign(body, seconds, witness.key, witness.sign)] });
    };
    const file = evidence((note) => cosigned(note, 1_763_800_000));
    expect(run(write('cosigned', file)).status).toBe(0);
    expect(verifyEvidence([file], [log.key], verifySignature).ok).toBe(true);
    const forged = evidence((note) => cosigned(note, 1_763_800_000).replace(/— device\.example\/pc (.{10})./, (_all, head: string) => `— device.example/pc ${head}Z`));
    expect(run(write('forged', forged)).stdout).toContain('signature');
    expect(verifyEvidence([forged], [log.key], verifySignature)).toMatchObject({ fault: 'signature', firstBad: 0 });
  });
});

describe('evidence files', () => {
  it('keep report and proofs apart, whatever the report says', () => {
    const read = parseEvidence(evidence());
    expect(read?.report).toEqual(['Prüfbericht', ' -----BEGIN EVIDENCE-----']);
    expect(read?.evidence.views[0]?.entries).toHaveLength(9);
    expect(parseEvidence(`${evidence()}x`)?.statement).toBe('x');
  });
});

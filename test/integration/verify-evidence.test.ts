import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeries, known, makeForged, type ForgedCase, type Forgery } from '../fixtures/audit/forged-files.ts';
import { checkpointOf, createRandom, evidenceOf, newSigner, randomEntries, treeOf, verifySignature, viewOf } from '../fixtures/audit/random-log.ts';
import { cosign, formatKey, formatNote, parseNote, signatureTypes } from '../../shared/audit/note.ts';
import { openQuestions } from '../../shared/audit/evidence-facts.ts';
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

  it('says what holds and, however good the file, what it does not prove', () => {
    expect(run('--key', formatKey(log.key), good)).toEqual({
      status: 0, stderr: '',
      stdout: [
        'OK: 9 entries, 1 checkpoints', `Log ${origin}: 9 entries when it was seen, 1970-01-01T00:00:00.001Z`, '  entries here: 1-9', '  report: NOT signed', '  cosigned by nobody',
        `  NOT proven: ${openQuestions.report}`, `  NOT proven: ${openQuestions.cosigned}`, '  NOT proven: that what the entries say is true, or that the log has stayed like this since', '',
      ].join('\n'),
    });
    expect(run(good).stdout).toContain(`NOT proven: ${openQuestions.key}`);
    expect(JSON.parse(run('--json', good).stdout)).toMatchObject({ ok: true, firstBad: null, fault: null, entries: 9, checkpoints: 1, files: [{ size: 9, device: null }] });
  });

  const random = createRandom(11);
  const forged = (kind: Forgery | 'honest'): ForgedCase => {
    for (;;) {
      const made = makeForged(kind, random);
      if (made.devices !== null && made.keys !== null) return made;
    }
  };
  const asked = ({ texts, keys }: ForgedCase, ...more: string[]): string[] => ['--key', keys?.[0] ?? '', ...more, write('forged', texts[0] ?? '')];
  it.each(forgeries)('sees through a file that is %s for whoever names the computer it comes from', (kind) => {
    const made = forged(kind);
    const devices = known.flatMap((key) => ['--device', key]);
    expect(run(...asked(made, ...devices))).toMatchObject({ status: 1, stdout: expect.stringContaining('; statement') as string });
    expect(run(...asked(forged('honest'), ...devices))).toMatchObject({ status: 0, stdout: expect.stringMatching(/^OK: .*\n(?!.*signer's key)/) as string });
  });

  it('never calls a file without entries plainly good', () => {
    const { status, stdout } = run(...asked(forged('emptied')));
    expect([status, stdout.split('\n')[0]]).toEqual([3, 'NO ENTRY PROVEN: 0 entries, 2 checkpoints']);
    expect(stdout).toContain(`NOT proven: ${openQuestions.rest}`);
    expect(stdout).toContain('entries here: none');
  });

  it('names who has signed and cosigned with their whole keys, and a review with the fingerprint of its report', () => {
    for (;;) {
      const made = forged('honest');
      const { stdout } = run(...asked(made));
      if (!stdout.includes('review of')) continue;
      expect(stdout).toContain(`report: signed by ${known[0]}`);
      expect(stdout).toContain(`cosigned by ${known[1]} at`);
      expect(stdout).toContain('by eva, 2026-04-01T08:00:00.000Z: 3 findings, 1 raised, 0 not judged');
      expect(stdout).toContain(`SHA-256 of its report: ${'ab'.repeat(32)}`);
      break;
    }
  });

  it('prints nothing of a file that could pass for its own words', () => {
    const built = evidenceOf(`x\u001b[2K\nOK: 9 entries`, [log.key], [], null);
    const { stdout } = run(write('letters', formatEvidence([], built, null)));
    expect(stdout).toContain('Log x?[2K?OK: 9 entries');
    expect(stdout.split('\n').filter((line) => line.startsWith('OK'))).toEqual([]);
  });

  it('is told apart from the second verifier by nothing that they say', ({ skip }) => {
    for (const kind of [...forgeries, 'honest'] as const) {
      const made = forged(kind);
      for (const args of [asked(made), asked(made, '--device', known[0] ?? ''), asked({ ...made, keys: null }).slice(2)]) {
        const python = spawnSync('python3', [join(import.meta.dirname, '../fixtures/audit/verify_evidence.py'), ...args], { encoding: 'utf8' });
        if (python.error !== undefined) skip('python3 is not there');
        const { status, stdout } = run(...args);
        expect({ status: python.status, stdout: python.stdout }, `${kind} ${python.stderr}`).toEqual({ status, stdout });
      }
    }
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
    const spoilt = evidence((note) => cosigned(note, 1_763_800_000).replace(/— device\.example\/pc (.{10})./, (_all, head: string) => `— device.example/pc ${head}Z`));
    expect(run(write('spoilt', spoilt)).stdout).toContain('signature');
    expect(verifyEvidence([spoilt], [log.key], verifySignature)).toMatchObject({ fault: 'signature', firstBad: 0 });
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

import { createPublicKey, generateKeyPairSync, sign, verify as nodeVerify, createPrivateKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatKey, noteKey, openNote, signatureTypes, type VerifySignature } from '../../audit/note.ts';
import type { DrillEvidence } from './backup.ts';
import { checkDrill, drillText, formatProof, largestProof, openProof } from './proof.ts';

const spki = Buffer.from('302a300506032b6570032100', 'hex');
const verify: VerifySignature = (key, message, signature) => nodeVerify(null, message, createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' }), signature);
const pair = (): KeyObject => createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const keyOf = (secret: KeyObject, name: string, type: number = signatureTypes.ed25519) => noteKey(name, type, Uint8Array.from(createPublicKey(secret).export({ type: 'spki', format: 'der' }).subarray(-32)));
const server = pair();
const key = keyOf(server, 'erp.example/evidence');
const known = formatKey(key);
const at = Date.UTC(2026, 10, 27, 12);
const evidence = (more: Partial<DrillEvidence> = {}, secret = server): DrillEvidence => {
  const said = { backup: 'daily-1', startedAt: new Date(at).toISOString(), finishedAt: new Date(at + 3000).toISOString(), rowsCompared: 48_112, mismatches: 0, rpoSeconds: 60, rtoSeconds: 3, sha256: 'a'.repeat(64), problems: [], ...more };
  return { ...said, signature: sign(null, Buffer.from(drillText(said)), secret).toString('base64') };
};
const asked = { backup: 'daily-1', sha256: 'a'.repeat(64), askedAt: at };

describe('evidence of a drill', () => {
  it('is believed when the known key has signed it about what was asked for', () => {
    expect(checkDrill(evidence(), known, known, asked, verify)).toBeNull();
  });

  it('is not believed with any field changed', () => {
    const good = evidence();
    const changes: Partial<DrillEvidence>[] = [{ backup: 'daily-2' }, { startedAt: new Date(at - 1).toISOString() }, { finishedAt: new Date(at + 3001).toISOString() }, { rowsCompared: 48_113 }, { mismatches: 1 }, { rpoSeconds: 61 }, { rtoSeconds: 2 }, { sha256: 'b'.repeat(64) }, { problems: ['checksum'] }, { signature: '' }, { signature: good.signature.slice(4) }];
    for (const change of changes) expect(checkDrill({ ...good, ...change }, known, known, asked, verify)).toBe('signature');
  });

  it('is not believed from another key, about another backup, from earlier, or with times that do not fit', () => {
    const other = pair();
    const otherKey = formatKey(keyOf(other, 'erp.example/evidence'));
    expect(checkDrill(evidence({}, other), otherKey, known, asked, verify)).toBe('key');
    expect(checkDrill(evidence({}, other), known, known, asked, verify)).toBe('signature');
    expect(checkDrill(evidence({ backup: 'daily-2' }), known, known, asked, verify)).toBe('otherBackup');
    expect(checkDrill(evidence({ sha256: 'b'.repeat(64) }), known, known, asked, verify), 'other bytes than the list names').toBe('otherBackup');
    expect(checkDrill(evidence({ sha256: 'b'.repeat(64), problems: ['checksum'], mismatches: 1 }), known, known, asked, verify), 'which is what the drill reports').toBeNull();
    for (const sha256 of [null, `sha256:${'A'.repeat(64)}`]) expect(checkDrill(evidence(), known, known, { ...asked, sha256 }, verify)).toBeNull();
    expect(checkDrill(evidence(), known, known, { ...asked, askedAt: at + 600_000 }, verify)).toBe('replayed');
    expect(checkDrill(evidence({ rtoSeconds: 9 }), known, known, asked, verify)).toBe('times');
    expect(checkDrill(evidence({ finishedAt: new Date(at - 5000).toISOString() }), known, known, asked, verify)).toBe('times');
  });

  it('goes through a file that any reader of signed notes checks', () => {
    const device = pair();
    const cosigner = keyOf(device, 'device/1', signatureTypes.cosignature);
    const file = formatProof(evidence({ problems: ['table:documents'], mismatches: 1 }), key, at, { cosigner, sign: (message) => Uint8Array.from(sign(null, message, device)) });
    expect(openNote(file, [key], verify, [cosigner])).toMatchObject({ signedBy: [key], cosignedBy: [{ at: at / 1000 }] });
    expect(openProof(file, known, verify)).toEqual({ evidence: evidence({ problems: ['table:documents'], mismatches: 1 }), fault: null });
    expect(openProof(file.replace('"daily-1"', '"daily-2"'), known, verify).fault).toBe('signature');
    expect(openProof(file, formatKey(keyOf(pair(), 'erp.example/evidence')), verify).fault).toBe('key');
    expect(openProof(file, '', verify).fault).toBe('key');
    for (const text of ['', 'a letter', file.replace('drill/1', 'drill/2'), `${file}x`, 'x'.repeat(largestProof + 1)]) expect(openProof(text, known, verify).fault).toBe('format');
  });

  it('is no proof when what was signed is spelled in another way', () => {
    const text = drillText(evidence()).replace('[', '[ ');
    const signature = sign(null, Buffer.from(text), server);
    const file = `${text}\n— ${key.name} ${Buffer.concat([Buffer.from(key.id, 'hex'), signature]).toString('base64')}\n`;
    expect(openProof(file, known, verify).fault).toBe('format');
  });
});

import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behindTheSofa, brokenKeys, peterNeumann, poem, publishedKeys, specificationNote, tileFacts } from '../../test/fixtures/audit/note-vectors.ts';
import { toBase64 } from './bytes.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { cosign, formatKey, formatNote, noteKey, openNote, parseKey, parseNote, signatureTypes, signText, type MakeSignature, type NoteKey, type VerifySignature } from './note.ts';
import { tileIndexPath, tilePath, widthOfTile } from './tiles.ts';

const verifySignature: VerifySignature = (publicKey, message, signature) =>
  verify(null, message, createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]), format: 'der', type: 'spki' }), signature);

/** A key from a 32-byte seed (RFC 8032), as PKCS #8. */
function keyFrom(name: string, seed: Uint8Array, type: number = signatureTypes.ed25519): { key: NoteKey; sign: MakeSignature } {
  const secret = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: noteKey(name, type, Uint8Array.from(publicKey)), sign: (message) => Uint8Array.from(sign(null, message, secret)) };
}
const known = (text: string): NoteKey => parseKey(text) as NoteKey;
const log = keyFrom('example.com/log', new Uint8Array(32).fill(1));
const other = keyFrom('example.com/other', new Uint8Array(32).fill(2));
const witness = keyFrom('device.example/w', new Uint8Array(32).fill(3), signatureTypes.cosignature);
const body = formatCheckpoint({ origin: 'example.com/log', size: 5, root: new Uint8Array(32).fill(7), extensions: [] });
const signed = (text: string, ...by: { key: NoteKey; sign: MakeSignature }[]): string => formatNote({ text, signatures: by.map(({ key, sign: make }) => signText(text, key, make)) });

describe('published notes', () => {
  it('opens them', () => {
    expect(openNote(specificationNote.note, [known(specificationNote.key)], verifySignature)).toMatchObject({ text: 'This is an example message.\n' });
    const note = `${peterNeumann.text}\n— PeterNeumann ${peterNeumann.signature}\n`;
    expect(openNote(note, [known(peterNeumann.key)], verifySignature)).toMatchObject({ text: peterNeumann.text });
    expect(openNote(note.replace('cryptography', 'cryptographY'), [known(peterNeumann.key)], verifySignature)).toBe('signature');
  });

  it('signs byte for byte like the reference implementation', () => {
    const seed = Buffer.from(peterNeumann.secret.split('+').slice(4).join('+'), 'base64').subarray(1);
    const { key, sign: make } = keyFrom('PeterNeumann', seed);
    expect(formatKey(key)).toBe(peterNeumann.key);
    expect(formatNote({ text: peterNeumann.text, signatures: [signText(peterNeumann.text, key, make)] })).toBe(`${peterNeumann.text}\n— PeterNeumann ${peterNeumann.signature}\n`);
  });

  it('parses them and writes them back as they were', () => {
    for (const note of [poem, specificationNote.note, behindTheSofa.note]) expect(formatNote(parseNote(note) ?? { text: '', signatures: [] })).toBe(note);
    expect(parseNote(poem)?.text, 'an empty line inside belongs to the text').toBe('Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n');
    expect(parseCheckpoint(parseNote(behindTheSofa.note)?.text ?? '')).toMatchObject({ origin: behindTheSofa.origin, size: behindTheSofa.size });
    const [, cosignature] = parseNote(behindTheSofa.note)?.signatures ?? [];
    expect(cosignature?.signature.length).toBe(72);
    expect(Buffer.from(cosignature?.signature ?? []).readBigUInt64BE(0)).toBe(BigInt(behindTheSofa.witnessTime));
  });

  it('reads the published keys and refuses the broken ones', () => {
    for (const text of [peterNeumann.key, specificationNote.key, ...publishedKeys]) expect(formatKey(known(text))).toBe(text);
    for (const text of [...brokenKeys, '', '+', 'a+b', peterNeumann.key.replace('PeterNeumann', ''), `${peterNeumann.key}=`]) expect(parseKey(text), text).toBeNull();
  });
});

describe('opening', () => {
  it('ignores strangers, and is spoiled by one wrong signature of a trusted key', () => {
    expect(openNote(signed(body, log, other), [log.key], verifySignature)).toMatchObject({ signedBy: [log.key] });
    expect(openNote(signed(body, other), [log.key], verifySignature)).toBe('key');
    const forged = { key: log.key, sign: other.sign };
    expect(openNote(signed(body, forged), [log.key], verifySignature)).toBe('signature');
    expect(openNote(signed(body, other, forged), [log.key, other.key], verifySignature)).toBe('signature');
    expect(openNote(signed(body, { key: { ...log.key, name: 'example.com/log2' }, sign: log.sign }), [log.key], verifySignature), 'name and id both have to fit').toBe('key');
    expect(openNote(signed(body, { key: { ...log.key, id: other.key.id }, sign: log.sign }), [log.key], verifySignature)).toBe('key');
    expect(openNote(formatNote({ text: body, signatures: [{ name: log.key.name, id: log.key.id, signature: new Uint8Array(63) }] }), [log.key], verifySignature)).toBe('signature');
  });

  it('checks cosignatures, which alone do not make a note trusted', () => {
    const at = 1_763_805_000;
    const both = formatNote({ text: body, signatures: [signText(body, log.key, log.sign), cosign(body, at, witness.key, witness.sign)] });
    expect(openNote(both, [log.key], verifySignature, [witness.key])).toMatchObject({ cosignedBy: [{ key: witness.key, at }] });
    expect(openNote(both, [log.key], verifySignature)).toMatchObject({ cosignedBy: [] });
    expect(openNote(formatNote({ text: body, signatures: [cosign(body, at, witness.key, witness.sign)] }), [log.key], verifySignature, [witness.key])).toBe('key');
    const later = cosign(body, at, witness.key, witness.sign);
    later.signature[7] = (later.signature[7] ?? 0) ^ 1;
    expect(openNote(formatNote({ text: body, signatures: [signText(body, log.key, log.sign), later] }), [log.key], verifySignature, [witness.key]), 'the time is signed').toBe('signature');
    const far = cosign(body, at, witness.key, witness.sign);
    far.signature[0] = 255;
    expect(openNote(formatNote({ text: body, signatures: [signText(body, log.key, log.sign), far] }), [log.key], verifySignature, [witness.key])).toBe('signature');
  });

  it('takes nothing for a note that is none', () => {
    const good = signed(body, log);
    const line = good.slice(body.length + 1);
    const broken = ['', '\n', body, good.slice(0, -1), good.replace('—', '-'), good.replace('— ', '—  '), `${body}\n`, `${body}\n${line}x\n`, good.replace('\n5\n', '\n5\r\n'), good.replace('example.com/log\n', 'example.com/log\ud800\n'), `${body}\n${line.repeat(65)}`, `${body}\n— a+b QUJDREVG\n`, `${body}\n— a QUJDRA==\n`, `${body}\n— a QUJDREVH=\n`];
    for (const text of broken) expect(openNote(text, [log.key], verifySignature), JSON.stringify(text)).toBe('format');
    expect(() => signText('no newline', log.key, log.sign)).toThrow(RangeError);
    expect(() => signText('\ud800\n', log.key, log.sign)).toThrow(RangeError);
  });

  it('takes notes up to the limits of the format, and none beyond', () => {
    const line = signed(body, log).slice(body.length + 1);
    expect(typeof openNote(`${body}\n${line.repeat(64)}`, [log.key], verifySignature), '64 signatures').toBe('object');
    expect(parseNote('\n\n— a QUJDREU=\n'), 'an empty text, and a signature of one byte').toMatchObject({ text: '\n', signatures: [{ name: 'a', id: '41424344', signature: Uint8Array.of(0x45) }] });
    expect(parseNote('x— a QUJDREU=\n'), 'no empty line').toBeNull();
    expect(parseNote('x\n— a QUJDREU=\n')).toBeNull();
  });

  it('refuses signatures of another length and impossible times, whatever the platform says to them', () => {
    const believesAll: VerifySignature = () => true;
    const made = (key: NoteKey, signature: Uint8Array): string => formatNote({ text: body, signatures: [signText(body, log.key, log.sign), { name: key.name, id: key.id, signature }] });
    for (const length of [63, 65, 72]) expect(openNote(formatNote({ text: body, signatures: [{ name: log.key.name, id: log.key.id, signature: new Uint8Array(length) }] }), [log.key], believesAll), String(length)).toBe('signature');
    for (const length of [64, 71, 73]) expect(openNote(made(witness.key, new Uint8Array(length)), [log.key], believesAll, [witness.key]), String(length)).toBe('signature');
    expect(openNote(made(witness.key, new Uint8Array(72)), [log.key], believesAll, [witness.key])).toMatchObject({ cosignedBy: [{ at: 0 }] });
    const beyond = new Uint8Array(72);
    beyond[0] = 1;
    expect(openNote(made(witness.key, beyond), [log.key], believesAll, [witness.key])).toBe('signature');
  });

  it('takes only keys whose every part is right, even with an id that fits', () => {
    const made = (name: string, type: number, length: number): string => formatKey(noteKey(name, type, new Uint8Array(length).fill(9)));
    expect(parseKey(made('example.com/log', 1, 32))).not.toBeNull();
    expect(parseKey(made('example.com/log', 4, 32))).not.toBeNull();
    for (const [name, type, length] of [['example.com/log', 1, 31], ['example.com/log', 1, 33], ['example.com/log', 1, 0], ['example.com/log', 2, 32], ['example.com/log', 0, 32], ['a b', 1, 32], ['', 1, 32], ['x'.repeat(256), 1, 32]] as const) expect(parseKey(made(name, type, length)), `${name} ${type} ${length}`).toBeNull();
    expect(parseKey('example.com/log+00000000+')).toBeNull();
    expect(parseKey('example.com/log+00000000+?')).toBeNull();
  });

  it('survives any change of any byte only as a refusal', () => {
    const good = signed(body, log);
    fc.assert(fc.property(fc.nat({ max: good.length - 1 }), fc.constantFrom('', 'x', '\n', ' ', '=', '—'), (at, instead) => {
      const bad = good.slice(0, at) + instead + good.slice(at + 1);
      if (bad !== good) expect(typeof openCheckpoint(bad, { origin: 'example.com/log', keys: [log.key] }, verifySignature)).toBe('string');
    }), { numRuns: 1000 });
  });
});

describe('checkpoints', () => {
  const open = (text: string) => openCheckpoint(signed(text, log), { origin: 'example.com/log', keys: [log.key] }, verifySignature);

  it('are read as they are written', () => {
    expect(open(body)).toMatchObject({ origin: 'example.com/log', size: 5, extensions: [] });
    expect(open(`${body}more\n`)).toMatchObject({ extensions: ['more'] });
    expect(formatCheckpoint({ origin: 'a', size: 0, root: new Uint8Array(32), extensions: ['x', 'y'] })).toBe(`a\n0\n${toBase64(new Uint8Array(32))}\nx\ny\n`);
  });

  it('say who has cosigned them', () => {
    const note = formatNote({ text: body, signatures: [signText(body, log.key, log.sign), cosign(body, 7, witness.key, witness.sign)] });
    expect(openCheckpoint(note, { origin: 'example.com/log', keys: [log.key], cosigners: [witness.key] }, verifySignature)).toMatchObject({ size: 5, cosignedBy: [{ key: witness.key, at: 7 }] });
    expect(openCheckpoint(note, { origin: 'example.com/log', keys: [log.key] }, verifySignature)).toMatchObject({ cosignedBy: [] });
  });

  it('are refused for another log, and in any other form', () => {
    expect(open(body.replace('example.com/log', 'example.com/loc'))).toBe('origin');
    const root = toBase64(new Uint8Array(32));
    for (const text of ['a\n', 'a\n5\n', `a\n05\n${root}\n`, `a\n-1\n${root}\n`, `a\n1e3\n${root}\n`, `a\n9007199254740993\n${root}\n`, `a\n5\n${root.slice(4)}\n`, `a\n5\n${root}\n\nx\n`, `\n5\n${root}\n`, 'a\n5\nnot base64\n']) expect(open(text), text).toBe('format');
    expect(parseCheckpoint('a')).toBeNull();
    expect(parseCheckpoint(`a\n5\n${root}x`), 'the end is a newline and nothing else').toBeNull();
    expect(parseCheckpoint(`a\n5\n${root}\n`)).toMatchObject({ size: 5 });
  });
});

describe('tiles', () => {
  it('lie where the specification puts them', () => {
    expect(tileIndexPath(tileFacts.index)).toBe(tileFacts.path);
    expect([tilePath(0, 0), tilePath(2, 67, 17), tilePath(1, 1000)]).toEqual(['tile/0/000', 'tile/2/067.p/17', 'tile/1/x001/000']);
    const widths = (level: number, index: number): number => widthOfTile(tileFacts.size, level, index);
    expect([widths(0, tileFacts.level0.full - 1), widths(0, tileFacts.level0.full), widths(0, tileFacts.level0.full + 1)]).toEqual([256, tileFacts.level0.partial, 0]);
    expect([widths(1, 0), widths(1, tileFacts.level1.full), widths(2, 0), widths(3, 0)]).toEqual([256, tileFacts.level1.partial, tileFacts.level2.partial, 0]);
    expect([widthOfTile(256, 0, 0), widthOfTile(256, 1, 0)]).toEqual([256, 1]);
  });
});

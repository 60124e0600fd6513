import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anyRule, anyRules, randomFrom } from '../../test/fixtures/policy-random.ts';
import { formatNote, noteKey, parseNote, signatureTypes, signText, type MakeSignature, type VerifySignature } from '../audit/note.ts';
import { changeFormat, fingerprintOf, formatChangeFile, largestChangeFile, openChangeFile, type ChangeFile } from './change-file.ts';
import { changesBetween, withChanges } from './edit.ts';
import { inOrder, ruleSchema } from './rule.ts';

const pair = generateKeyPairSync('ed25519');
const key = noteKey('device/test', signatureTypes.ed25519, Uint8Array.from(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
const makeSignature: MakeSignature = (message) => Uint8Array.from(sign(null, message, pair.privateKey));
const verifySignature: VerifySignature = (_key, message, signature) => verify(null, message, pair.publicKey, signature);

const wheat = ruleSchema.parse({ id: 'weizen', when: { kpiId: 'stock.wheat', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 40 } });
const change: ChangeFile = {
  author: 'manager', at: Date.UTC(2026, 10, 22), reason: 'Ernte – „neu“\n\nzweiter Absatz', server: 'erp.example', tenant: null, base: fingerprintOf([wheat]),
  changes: [{ op: 'upsert', rule: { ...wheat, params: { tonnes: 400 } }, base: { rule: wheat, version: null } }],
};
const written = formatChangeFile(change, key, makeSignature);
/** Signed as it should be, with another content. */
const signedWith = (content: unknown): string => {
  const text = `${(parseNote(written)?.text ?? '').split('\n').slice(0, 2).join('\n')}\n${JSON.stringify(content)}\n`;
  return formatNote({ text, signatures: [signText(text, key, makeSignature)] });
};

describe('a change file', () => {
  it('is read back as it was written, with the key that signed it', () => {
    expect(openChangeFile(written, verifySignature)).toEqual({ change, key });
  });

  it('carries any change there can be', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const before = anyRules(random);
      const after = [...before.filter(() => random.chance(0.6)), { ...anyRule(random), id: 'neu' }];
      const changes = changesBetween(before.map((rule) => ({ rule, version: random.chance(0.5) ? '3' : null })), after);
      const opened = openChangeFile(formatChangeFile({ ...change, changes }, key, makeSignature), verifySignature);
      expect(opened, `seed ${seed}`).toMatchObject({ change: { changes } });
      expect(withChanges(before, changes), `seed ${seed}`).toEqual(inOrder(after));
    }
  });

  it('is refused as soon as one character is another', () => {
    const end = written.lastIndexOf('\n\n');
    for (let at = 0; at < written.length; at++) {
      const other = written[at] === 'x' ? 'y' : 'x';
      const opened = openChangeFile(`${written.slice(0, at)}${other}${written.slice(at + 1)}`, verifySignature);
      expect(typeof opened, `character ${at} of ${end}`).toBe('string');
    }
    expect(openChangeFile(written.replace('"tonnes": 400', '"tonnes": 900'), verifySignature)).toBe('signature');
    expect(openChangeFile(written.replace('"author": "manager"', '"author": "admin"'), verifySignature)).toBe('signature');
  });

  it('is refused cut off, with other line ends, and without a signature', () => {
    for (let at = changeFormat.length + 1; at < written.length; at += 7) expect(typeof openChangeFile(written.slice(0, at), verifySignature), `up to ${at}`).toBe('string');
    expect(openChangeFile(written.replaceAll('\n', '\r\n'), verifySignature)).toBe('damaged');
    expect(openChangeFile(`${parseNote(written)?.text ?? ''}\n`, verifySignature)).toBe('damaged');
  });

  it('is told apart from other files, newer ones and too large ones', () => {
    expect(['', '{}', JSON.stringify({ rules: [wheat] }), 'valeo-evidence/1\nx\n'].map((text) => openChangeFile(text, verifySignature))).toEqual(['foreign', 'foreign', 'foreign', 'foreign']);
    expect(openChangeFile(written.replace(changeFormat, 'valeo-policy-change/2'), verifySignature)).toBe('newer');
    expect(openChangeFile(`${changeFormat}\n${' '.repeat(largestChangeFile)}`, verifySignature)).toBe('tooLarge');
  });

  it.each([
    ['no changes', { ...change, changes: [] }], ['no author', { ...change, author: '' }], ['no reason', { ...change, reason: ' ' }], ['another fingerprint', { ...change, base: 'x' }],
    ['a rule that is none', { ...change, changes: [{ op: 'upsert', rule: { id: 'x' }, base: null }] }],
    ['a change of another rule\'s base', { ...change, changes: [{ op: 'upsert', rule: { ...wheat, id: 'raps' }, base: { rule: wheat, version: null } }] }],
    ['two changes of one rule', { ...change, changes: [...change.changes, ...change.changes] }],
    ['a rule nested too deep', { ...change, changes: [{ op: 'upsert', rule: { ...wheat, params: JSON.parse(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`) as object }, base: null }] }],
  ])('is refused although signed, with %s', (_what, content) => {
    expect(openChangeFile(signedWith(content), verifySignature)).toBe('damaged');
  });
});

describe('the fingerprint of a rule set', () => {
  it('does not depend on the order, and does on every rule', () => {
    const other = { ...wheat, id: 'raps' };
    expect(fingerprintOf([wheat, other])).toBe(fingerprintOf([other, wheat]));
    expect(fingerprintOf([wheat, other])).not.toBe(fingerprintOf([wheat]));
    expect(fingerprintOf([wheat])).not.toBe(fingerprintOf([{ ...wheat, autoExecute: true }]));
  });
});

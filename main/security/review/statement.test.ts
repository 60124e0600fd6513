import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatKey, formatNote, noteKey, signText, signatureTypes, type MakeSignature } from '../../../shared/audit/note.ts';
import { formatStatement, openStatement, statementFormat } from '../../../shared/security/review/statement.ts';
import { verifyEd25519 } from '../../ed25519.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = noteKey('device/x', signatureTypes.ed25519, Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
const make: MakeSignature = (message) => Uint8Array.from(sign(null, message, privateKey));
const statement = { review: 'r', from: '', to: '', log: '', size: 1, root: '', findings: 2, cut: 0, raised: 0, at: '', by: 'eva', sha256: 'ab' };

describe('the statement about a review', () => {
  it('is read back as it was signed', () => {
    expect(openStatement(formatStatement(statement, key, make), verifyEd25519)?.statement).toEqual(statement);
  });
  it('is still read when it was signed before statements said what was cut', () => {
    const { cut: _cut, ...older } = statement;
    const text = `${statementFormat}\n${formatKey(key)}\n${JSON.stringify(older, null, 2)}\n`;
    expect(openStatement(formatNote({ text, signatures: [signText(text, key, make)] }), verifyEd25519)?.statement).toEqual(statement);
  });
  it('is none when somebody has signed anything else under its first line', () => {
    for (const body of ['no JSON', '{}', JSON.stringify({ ...statement, raised: 'none' })]) {
      const text = `${statementFormat}\n${formatKey(key)}\n${body}\n`;
      expect(openStatement(formatNote({ text, signatures: [signText(text, key, make)] }), verifyEd25519)).toBeNull();
    }
  });
});

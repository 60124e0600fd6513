import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './file-name.ts';

describe('names of files', () => {
  it.each([
    ['Rechnung INV-2026-0001', 'Rechnung INV-2026-0001.pdf'],
    ['../../etc/passwd', '-..-etc-passwd.pdf'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j.pdf'],
    ['CON', '_CON.pdf'],
    ['  . ', '_.pdf'],
    ['Beleg\u202Efdp.exe', 'Belegfdp.exe.pdf'],
  ])('%j becomes %j', (text, name) => expect(safeFileName(text, '.pdf')).toBe(name));

  it('holds no path and no control character, whatever it is made from', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const name = safeFileName(text, '.csv');
      expect(name).not.toMatch(/[/\\<>:"|?*\p{Cc}]/u);
      expect(name).toMatch(/^[^. ].*\.csv$/su);
      expect(Array.from(name).length).toBeLessThanOrEqual(125);
    }));
  });
});

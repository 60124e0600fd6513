import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecoveryKey, parseRecoveryKey, recoveryGroups } from './key-slots.ts';

const anyKey = fc.uint8Array({ minLength: 20, maxLength: 20 });
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('the recovery key on paper', () => {
  it('comes back from its text, however it is typed', () => {
    fc.assert(fc.property(anyKey, fc.integer({ min: 0, max: 5 }), (bytes, style) => {
      const text = formatRecoveryKey(bytes);
      expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
      const typed = [
        text, text.toLowerCase(), text.replaceAll('-', ' '), text.replaceAll('-', ''), text.replaceAll('0', 'o').replaceAll('1', 'l'),
        `  ${text.replaceAll('-', ' – ').replaceAll('1', 'I')}\n`,
      ][style] ?? text;
      expect(parseRecoveryKey(typed)).toEqual({ ok: true, bytes });
    }), { numRuns: 500 });
  });

  it('has 160 bits: no two keys share a text', () => {
    fc.assert(fc.property(anyKey, fc.nat(159), (bytes, bit) => {
      const other = Uint8Array.from(bytes);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(formatRecoveryKey(other)).not.toBe(formatRecoveryKey(bytes));
    }));
  });

  it('notices every single wrong character and names its group', () => {
    const text = formatRecoveryKey(Uint8Array.from({ length: 20 }, (_, index) => index * 13));
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '-') continue;
      for (const char of alphabet) {
        if (char === text[at]) continue;
        expect(parseRecoveryKey(text.slice(0, at) + char + text.slice(at + 1))).toEqual({ ok: false, mistake: 'group', group: Math.floor(at / 6) + 1 });
      }
    }
  });

  it('notices every swap of two neighbours in a group and of two groups', () => {
    fc.assert(fc.property(anyKey, fc.nat(7), fc.nat(7), fc.nat(3), (bytes, first, second, at) => {
      const groups = formatRecoveryKey(bytes).split('-');
      const group = groups[first] ?? '';
      const swapped = group.slice(0, at) + group.charAt(at + 1) + group.charAt(at) + group.slice(at + 2);
      if (swapped !== group) expect(parseRecoveryKey(groups.with(first, swapped).join('-'))).toMatchObject({ mistake: 'group', group: first + 1 });
      if (groups[first] !== groups[second]) expect(parseRecoveryKey(groups.with(first, groups[second] ?? '').with(second, group).join('-')).ok).toBe(false);
    }), { numRuns: 1000 });
  });

  it.each(['', 'ABCDE', 'A'.repeat(41), '€'.repeat(40)])('refuses %j', (text) => {
    expect(parseRecoveryKey(text).ok).toBe(false);
  });

  it('says that something is missing before it looks for typing errors', () => {
    const text = formatRecoveryKey(new Uint8Array(20));
    expect(parseRecoveryKey(text.slice(0, -1))).toEqual({ ok: false, mistake: 'length' });
    expect(parseRecoveryKey(text.replace('0', 'U'))).toEqual({ ok: false, mistake: 'group', group: 1 });
    expect(text.split('-')).toHaveLength(recoveryGroups);
  });
});

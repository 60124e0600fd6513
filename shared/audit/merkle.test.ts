import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyProofs, emptyTree, happyPath, inclusionProofs, leaves, roots, someHash } from '../../test/fixtures/audit/merkle-vectors.ts';
import { fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes.ts';
import {
  compactRange, CompactRange, consistencyProof, emptyRoot, hashLeaf, hashNode, inclusionProof, rangeRoot, rootFromInclusion, verifyConsistency, verifyInclusion, type Hash, type NodeSource,
} from './merkle.ts';
import { hashNodeInto, sha256 } from './sha256.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array(0);
const hashes = (list: readonly string[]): Hash[] => list.map(hex);
const published = hashes(leaves).map(hashLeaf);

/** MTH as RFC 6962 section 2.1 defines it, and nothing cleverer. */
function mth(list: readonly Hash[]): Hash {
  if (list.length === 0) return sha256(new Uint8Array(0));
  if (list.length === 1) return list[0] as Hash;
  let k = 1;
  while (k * 2 < list.length) k *= 2;
  return hashNode(mth(list.slice(0, k)), mth(list.slice(k)));
}
const nodes = (list: readonly Hash[]): NodeSource => (level, index) => mth(list.slice(index * 2 ** level, (index + 1) * 2 ** level));
const someLeaves = (count: number): Hash[] => Array.from({ length: count }, (_, at) => hashLeaf(Uint8Array.of(at, at >> 8)));

describe('sha256', () => {
  it('is what the platform says, for every length', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      expect(toHex(sha256(data))).toBe(createHash('sha256').update(data).digest('hex'));
    }), { numRuns: 300 });
    for (let length = 0; length < 200; length++) expect(toHex(sha256(new Uint8Array(length)))).toBe(createHash('sha256').update(new Uint8Array(length)).digest('hex'));
  });

  it('hashes nodes as RFC 6962 says', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (left, right) => {
      expect(toHex(hashNode(left, right))).toBe(createHash('sha256').update('\x01').update(left).update(right).digest('hex'));
    }));
  });
});

describe('hashing into a buffer', () => {
  it('takes its halves from where they lie and touches nothing beside the result', () => {
    const source = Uint8Array.from({ length: 120 }, (_, at) => (at * 37 + 11) % 256);
    const expected = createHash('sha256').update('\x01').update(source.subarray(5, 37)).update(source.subarray(70, 102)).digest();
    for (const at of [0, 3, 40]) {
      const target = new Uint8Array(96).fill(0xee);
      hashNodeInto(source, 5, 70, target, at);
      expect([...target]).toEqual([...new Uint8Array(at).fill(0xee), ...expected, ...new Uint8Array(64 - at).fill(0xee)]);
    }
    expect(source[0]).toBe(11);
  });

  it('hashes every last byte, which has a block of its own', () => {
    for (let last = 0; last < 256; last++) {
      const right = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? last : at));
      expect(toHex(hashNode(emptyRoot, right))).toBe(createHash('sha256').update('\x01').update(emptyRoot).update(right).digest('hex'));
    }
  });
});

describe('bytes', () => {
  it('writes UTF-8, and refuses what has none', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => { expect([...(utf8(text) ?? [])]).toEqual([...Buffer.from(text, 'utf8')]); }));
    expect(utf8('a\ud800b')).toBeNull();
    expect(utf8('\udc00')).toBeNull();
    expect(utf8('\u{1f33e}')).toEqual(Uint8Array.of(0xf0, 0x9f, 0x8c, 0xbe));
  });

  it('changes the length of the letters exactly where UTF-8 does', () => {
    for (const code of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff]) {
      const text = String.fromCodePoint(code);
      expect([...(utf8(text) ?? [])], code.toString(16)).toEqual([...Buffer.from(text, 'utf8')]);
    }
    for (const half of [0xd800, 0xdbff, 0xdc00, 0xdfff]) expect(utf8(String.fromCharCode(half)), half.toString(16)).toBeNull();
  });

  it('reads base64 in one spelling only', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }));
    for (const wrong of ['QQ', 'QQ=', 'QR==', 'QUJ=', 'QQ==\n', 'Q Q=', '-_==', '====', 'QQ==QQ==', 'A', 'AA', 'AAA', '=', '==', '===', 'A===', '=QQQ', 'QQ==QUJD', 'QUJDA', 'QUJD\u00e9QQ=', '\u{1f33e}']) expect(fromBase64(wrong), wrong).toBeNull();
    for (const wrong of ['A', 'AA', '0g', 'aB']) expect(fromHex(wrong), wrong).toBeNull();
  });
});

describe('the published tree', () => {
  it('has the published roots', () => {
    expect(toHex(emptyRoot)).toBe(emptyTree);
    const range = new CompactRange();
    published.forEach((leaf, at) => {
      range.append(leaf);
      expect(toHex(range.root())).toBe(roots[at]);
      expect(toHex(rangeRoot(nodes(published), 0, at + 1))).toBe(roots[at]);
    });
  });

  it.each(inclusionProofs)('includes leaf $index in $size by the published proof', ({ index, size, proof }) => {
    expect(inclusionProof(nodes(published), index, size).map(toHex)).toEqual(proof);
    const [leaf, root] = [published[index] as Hash, hex(roots[size - 1] ?? '')];
    expect(verifyInclusion(index, size, leaf, hashes(proof), root)).toBe(true);
    // The corruptions of the source's own tests.
    const some = hex(someHash);
    const wrong: [string, number, number, Hash, Hash[], Hash][] = [
      ['index - 1', index - 1, size, leaf, hashes(proof), root], ['index + 1', index + 1, size, leaf, hashes(proof), root], ['index ^ 2', index ^ 2, size, leaf, hashes(proof), root],
      ['size * 2', index, size * 2, leaf, hashes(proof), root], ['size / 2', index, Math.floor(size / 2), leaf, hashes(proof), root],
      ['wrong leaf', index, size, some, hashes(proof), root], ['short leaf', index, size, leaf.subarray(1), hashes(proof), root], ['empty root', index, size, leaf, hashes(proof), emptyRoot], ['random root', index, size, leaf, hashes(proof), some],
      ['trailing garbage', index, size, leaf, [...hashes(proof), new Uint8Array(0)], root], ['trailing root', index, size, leaf, [...hashes(proof), root], root],
      ['preceding garbage', index, size, leaf, [new Uint8Array(0), ...hashes(proof)], root], ['preceding root', index, size, leaf, [root, ...hashes(proof)], root],
      ...proof.map((_, at): [string, number, number, Hash, Hash[], Hash] => [`bit of ${at}`, index, size, leaf, hashes(proof).map((hash, here) => (here === at ? hash.map((byte, n) => (n === 0 ? byte ^ 8 : byte)) : hash)), root]),
      ...(proof.length > 0 ? [['removed', index, size, leaf, hashes(proof).slice(0, -1), root] as [string, number, number, Hash, Hash[], Hash]] : []),
    ];
    for (const [what, ...probe] of wrong) expect(verifyInclusion(...probe), what).toBe(false);
  });

  it.each(consistencyProofs)('grows from $from to $to by the published proof', ({ from, to, proof }) => {
    expect(consistencyProof(nodes(published), from, to).map(toHex)).toEqual(proof);
    const [first, second, good] = [hex(roots[from - 1] ?? ''), hex(roots[to - 1] ?? ''), hashes(proof)];
    expect(verifyConsistency(from, to, good, first, second)).toBe(true);
    if (proof.length === 0) return;
    const probes: [string, number, number, Hash[], Hash, Hash][] = [
      ['from - 1', from - 1, to, good, first, second], ['from + 1', from + 1, to, good, first, second], ['from ^ 2', from ^ 2, to, good, first, second],
      ['to * 2', from, to * 2, good, first, second], ['to / 2', from, Math.floor(to / 2), good, first, second],
      ['wrong first', from, to, good, hex(someHash), second], ['wrong second', from, to, good, first, hex(someHash)], ['swapped', from, to, good, second, first], ['short root', from, to, good, first.subarray(1), second],
      ['empty', from, to, [], first, second], ['trailing garbage', from, to, [...good, new Uint8Array(0)], first, second], ['trailing root', from, to, [...good, first], first, second],
      ['preceding garbage', from, to, [new Uint8Array(0), ...good], first, second], ['preceding root', from, to, [first, ...good], first, second], ['doubled', from, to, [good[0] as Hash, ...good], first, second],
      ['truncated', from, to, good.slice(0, -1), first, second],
      ...good.map((_, at): [string, number, number, Hash[], Hash, Hash] => [`bit of ${at}`, from, to, good.map((hash, here) => (here === at ? hash.map((byte, n) => (n === 0 ? byte ^ 16 : byte)) : hash)), first, second]),
    ];
    for (const [what, ...probe] of probes) expect(verifyConsistency(...probe), what).toBe(false);
  });

  it('reads the published test case in its own encoding', () => {
    const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array(0);
    expect(verifyConsistency(happyPath.size1, happyPath.size2, happyPath.proof.map(bytes), bytes(happyPath.root1), bytes(happyPath.root2))).toBe(true);
  });

  it('has no proof where the source says there is none', () => {
    const some = hex(someHash);
    for (const [index, size] of [[0, 0], [0, 1], [1, 0], [2, 1], [-1, 1], [0.5, 1]] as const) {
      expect(verifyInclusion(index, size, some, [], new Uint8Array(0))).toBe(false);
      expect(verifyInclusion(index, size, new Uint8Array(0), [], emptyRoot)).toBe(false);
      expect(verifyInclusion(index, size, some, [], emptyRoot)).toBe(false);
    }
    expect(verifyConsistency(0, 0, [], emptyRoot, emptyRoot)).toBe(true);
    expect(verifyConsistency(0, 0, [], emptyRoot, some)).toBe(false);
    expect(verifyConsistency(0, 1, [], emptyRoot, some)).toBe(true);
    expect(verifyConsistency(0, 1, [], some, some), 'nothing has only one root').toBe(false);
    expect(verifyConsistency(0, 1, [some], emptyRoot, some)).toBe(false);
    expect(verifyConsistency(1, 1, [some], some, some)).toBe(false);
    expect(verifyConsistency(1, 0, [], some, some)).toBe(false);
    expect(verifyConsistency(1, 2, [], some, some)).toBe(false);
    expect(verifyConsistency(-1, 2, [], some, some)).toBe(false);
    expect(rootFromInclusion(0, 1, some, [some])).toBeNull();
  });
});

describe('what only looks like a proof', () => {
  const list = someLeaves(7);
  const longer = (hash: Hash): Hash => Uint8Array.of(...hash, 0);
  const shorter = (hash: Hash): Hash => hash.subarray(0, 31);

  it('is refused where a hash is longer or shorter, even if what counts of it is right', () => {
    const root = mth(list);
    const proof = inclusionProof(nodes(list), 2, 7);
    expect(verifyInclusion(2, 7, list[2] as Hash, proof, root)).toBe(true);
    expect(verifyInclusion(2, 7, longer(list[2] as Hash), proof, root)).toBe(false);
    proof.forEach((_, at) => { expect(verifyInclusion(2, 7, list[2] as Hash, proof.map((hash, here) => (here === at ? longer(hash) : hash)), root)).toBe(false); });
    expect(verifyInclusion(2, 7, list[2] as Hash, proof, longer(root))).toBe(false);
    const [first, growth] = [mth(list.slice(0, 3)), consistencyProof(nodes(list), 3, 7)];
    expect(verifyConsistency(3, 7, growth, first, root)).toBe(true);
    growth.forEach((_, at) => { expect(verifyConsistency(3, 7, growth.map((hash, here) => (here === at ? longer(hash) : hash)), first, root)).toBe(false); });
    for (const change of [longer, shorter]) {
      expect(verifyConsistency(7, 7, [], change(root), change(root))).toBe(false);
      expect(verifyConsistency(0, 7, [], emptyRoot, change(root))).toBe(false);
    }
    // The root before goes into the path where the size before is a power of two.
    const power = consistencyProof(nodes(list), 4, 7);
    expect(verifyConsistency(4, 7, power, longer(mth(list.slice(0, 4))), root)).toBe(false);
  });

  it('is refused for sizes that are none, and for a log that shrinks', () => {
    const root = mth(list);
    for (const size of [0.5, -1, Number.NaN, 2 ** 53]) {
      expect(verifyConsistency(size, size, [], root, root), String(size)).toBe(false);
      expect(verifyConsistency(0, size, [], emptyRoot, root), String(size)).toBe(false);
    }
    expect(verifyConsistency(2, 1, [], root, root)).toBe(false);
    expect(verifyConsistency(7, 3, [], root, root)).toBe(false);
    expect(verifyConsistency(3, 4, [], root, root)).toBe(false);
  });

  it('is another thing than the root of nothing', () => {
    expect(toHex(rangeRoot(nodes(list), 0, 0))).toBe(emptyTree);
    expect(toHex(rangeRoot(nodes(list), 4, 4))).toBe(emptyTree);
    expect(toHex(compactRange(nodes(list), 0).root())).toBe(emptyTree);
  });

  it('carries subtrees over when they complete a larger one', () => {
    const many = someLeaves(16);
    const range = new CompactRange();
    for (let start = 0; start < 16; start += 4) {
      range.appendSubtree(2, mth(many.slice(start, start + 4)));
      expect([range.size, toHex(range.root())]).toEqual([start + 4, toHex(mth(many.slice(0, start + 4)))]);
    }
    expect(range.peaks).toHaveLength(1);
  });
});

describe('any tree', () => {
  const list = someLeaves(70);

  it('proves every leaf at every size, and no leaf at another place', () => {
    for (let size = 1; size <= list.length; size++) {
      const root = mth(list.slice(0, size));
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(nodes(list), index, size);
        expect(verifyInclusion(index, size, list[index] as Hash, proof, root)).toBe(true);
        expect(verifyInclusion((index + 1) % size, size, list[index] as Hash, proof, root)).toBe(size === 1);
      }
    }
    expect(() => inclusionProof(nodes(list), 3, 3)).toThrow(RangeError);
    expect(() => inclusionProof(nodes(list), -1, 3)).toThrow(RangeError);
  });

  it('proves every growth, and none of another history', () => {
    for (let to = 0; to <= list.length; to++) {
      for (let from = 0; from <= to; from++) {
        const proof = consistencyProof(nodes(list), from, to);
        const [first, second] = [mth(list.slice(0, from)), mth(list.slice(0, to))];
        expect(verifyConsistency(from, to, proof, first, second)).toBe(true);
        if (from > 0) expect(verifyConsistency(from, to, proof, mth([hashLeaf(Uint8Array.of(1, 2, 3)), ...list.slice(1, from)]), second), `${from} to ${to}`).toBe(false);
      }
    }
    expect(() => consistencyProof(nodes(list), 4, 3)).toThrow(RangeError);
  });

  it('goes on from its compact range, leaf by leaf or by subtrees', () => {
    fc.assert(fc.property(fc.nat({ max: 70 }), fc.nat({ max: 70 }), (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const range = compactRange(nodes(list), from);
      const kept = new CompactRange(from, range.peaks);
      for (const leaf of list.slice(from, to)) kept.append(leaf);
      expect(toHex(kept.root())).toBe(toHex(mth(list.slice(0, to))));
      expect(toHex(range.root()), 'the first one is untouched').toBe(toHex(mth(list.slice(0, from))));
      expect(kept.copy().size).toBe(to);
    }));
    const range = compactRange(nodes(list), 64);
    range.appendSubtree(2, mth(list.slice(64, 68)));
    expect(toHex(range.root())).toBe(toHex(mth(list.slice(0, 68))));
    range.append(list[68] as Hash);
    expect(() => range.appendSubtree(1, list[0] as Hash)).toThrow(RangeError);
    expect(() => new CompactRange(3, [])).toThrow(RangeError);
  });
});

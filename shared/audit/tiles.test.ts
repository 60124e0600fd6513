import { describe, expect, it } from 'vitest';
import { toHex } from './bytes.ts';
import { CompactRange, hashLeaf, hashNode, rangeRoot, type Hash, type NodeSource } from './merkle.ts';
import { appendTile, hashOfTile, nodesOfTiles, subtreeOfTile, tileHeight, tilePath, tileWidth, widthOfTile } from './tiles.ts';

/** More than two levels of tiles: 600 leaves fill two tiles and a part of a third. */
const leaves: Hash[] = Array.from({ length: 600 }, (_, at) => hashLeaf(Uint8Array.of(at, at >> 8)));

function mth(list: readonly Hash[]): Hash {
  if (list.length === 1) return list[0] as Hash;
  const half = 2 ** Math.ceil(Math.log2(list.length) - 1);
  return hashNode(mth(list.slice(0, half)), mth(list.slice(half)));
}
const plain: NodeSource = (level, index) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const pack = (hashes: readonly Hash[]): Uint8Array => Uint8Array.from(hashes.flatMap((hash) => [...hash]));
/** The tile of a level at a place, built without any of the code under test. */
const tile = (level: number, index: number): Uint8Array =>
  pack(Array.from({ length: Math.min(256, Math.floor(600 / 256 ** level) - index * 256) }, (_, at) => plain(8 * level, index * 256 + at)));

describe('tiles', () => {
  it('are 256 wide and eight levels high', () => {
    expect([tileWidth, tileHeight]).toEqual([256, 8]);
    expect(tilePath(0, 0, 256)).toBe('tile/0/000');
    expect(tilePath(0, 1_234_067, 255)).toBe('tile/0/x001/x234/067.p/255');
    expect([widthOfTile(600, 0, 1), widthOfTile(600, 0, 2), widthOfTile(600, 0, 3), widthOfTile(600, 1, 0), widthOfTile(600, 2, 0)]).toEqual([256, 88, 0, 2, 0]);
  });

  it('give each hash by its number', () => {
    for (const at of [0, 1, 7, 87]) expect(toHex(hashOfTile(tile(0, 2), at))).toBe(toHex(leaves[512 + at] as Hash));
    expect(hashOfTile(tile(0, 0), 255)).toHaveLength(32);
  });

  it('give the root of every complete subtree', () => {
    for (let level = 0; level <= 8; level++) {
      for (const from of [0, 2 ** level, 256 - 2 ** level].filter((at) => at + 2 ** level <= 256)) {
        expect(toHex(subtreeOfTile(tile(0, 1), level, from)), `${level} from ${from}`).toBe(toHex(mth(leaves.slice(256 + from, 256 + from + 2 ** level))));
      }
    }
    const kept = subtreeOfTile(tile(0, 0), 3, 0);
    subtreeOfTile(tile(0, 1), 3, 8);
    expect(toHex(kept), 'what was given out stays what it was').toBe(toHex(mth(leaves.slice(0, 8))));
    expect(kept).toHaveLength(32);
  });

  it('give every node of the tree, at any height', () => {
    const nodes = nodesOfTiles(tile);
    for (let level = 0; level <= 9; level++) for (const index of [0, 1, 2, 17, 74, 255, 256, 299, 511, 599].filter((at) => (at + 1) * 2 ** level <= 600)) expect(toHex(nodes(level, index)), `${level}/${index}`).toBe(toHex(plain(level, index)));
    expect(toHex(rangeRoot(nodes, 0, 600))).toBe(toHex(mth(leaves)));
  });

  it('are appended whole or leaf by leaf, to the same root', () => {
    const range = new CompactRange();
    appendTile(range, tile(0, 0));
    expect([range.size, range.peaks.length, toHex(range.root())]).toEqual([256, 1, toHex(mth(leaves.slice(0, 256)))]);
    appendTile(range, tile(0, 1));
    expect([range.size, toHex(range.root())]).toEqual([512, toHex(mth(leaves.slice(0, 512)))]);
    appendTile(range, tile(0, 2));
    expect([range.size, toHex(range.root())]).toEqual([600, toHex(mth(leaves))]);

    // From a size that is not at the border of a tile: the rest of one, and a whole one.
    const odd = new CompactRange();
    for (const leaf of leaves.slice(0, 3)) odd.append(leaf);
    appendTile(odd, tile(0, 0), 3);
    expect([odd.size, toHex(odd.root())]).toEqual([256, toHex(mth(leaves.slice(0, 256)))]);
    const shifted = new CompactRange();
    shifted.append(leaves[0] as Hash);
    appendTile(shifted, pack(leaves.slice(1, 257)));
    expect([shifted.size, toHex(shifted.root())]).toEqual([257, toHex(mth(leaves.slice(0, 257)))]);
    const rest = new CompactRange();
    appendTile(rest, tile(0, 2), 80);
    expect([rest.size, toHex(rest.root())]).toEqual([8, toHex(mth(leaves.slice(592)))]);
    const buffer = tile(0, 2);
    const own = new CompactRange();
    appendTile(own, buffer);
    buffer.fill(0);
    expect(toHex(own.root()), 'keeps its own copy').toBe(toHex(mth(leaves.slice(512))));
  });
});

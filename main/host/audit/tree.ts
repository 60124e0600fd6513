import { CompactRange, compactRange, hashNode, type Hash, type NodeSource } from '../../../shared/audit/merkle.ts';
import { hashOfTile, subtreeOfTile, tileHeight, tileWidth } from '../../../shared/audit/tiles.ts';

/** The tree over the cached entries: roots of full tiles in memory, leaf hashes from the database where one is asked for. */
export class TileTree {
  readonly #leavesOf: (tile: number) => Uint8Array;
  readonly #roots: Hash[];
  /** Nodes above the tiles, as they were asked for; full subtrees never change. */
  readonly #above = new Map<string, Hash>();
  #size: number;

  constructor(size: number, roots: readonly Hash[], leavesOf: (tile: number) => Uint8Array) {
    this.#size = size;
    this.#roots = [...roots];
    this.#leavesOf = leavesOf;
  }

  get size(): number {
    return this.#size;
  }

  /** The tree has grown; `roots` are those of the tiles that became full. */
  grow(size: number, roots: readonly Hash[]): void {
    this.#size = size;
    this.#roots.push(...roots);
  }

  readonly node: NodeSource = (level, index) => {
    if (level === 0) return hashOfTile(this.#leavesOf(Math.floor(index / tileWidth)), index % tileWidth).slice();
    if (level < tileHeight) {
      const first = index * 2 ** level;
      return subtreeOfTile(this.#leavesOf(Math.floor(first / tileWidth)), level, first % tileWidth);
    }
    if (level === tileHeight) {
      const root = this.#roots[index];
      if (root === undefined) throw new RangeError(`no tile ${index}`);
      return root;
    }
    const name = `${level}/${index}`;
    const known = this.#above.get(name) ?? hashNode(this.node(level - 1, 2 * index), this.node(level - 1, 2 * index + 1));
    this.#above.set(name, known);
    return known;
  };

  range(size: number): CompactRange {
    return size === 0 ? new CompactRange() : compactRange(this.node, size);
  }

  rootAt(size: number): Hash {
    return this.range(size).root();
  }
}

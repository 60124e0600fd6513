import { hashLength, type CompactRange, type Hash, type NodeSource } from './merkle.ts';
import { hashNodeInto } from './sha256.ts';

/** C2SP tlog-tiles: 256 consecutive hashes of one level, so that a tree is fetched and kept in pieces. */
export const tileWidth = 256;
export const tileHeight = 8;

/** `x001/x234/067` for 1234067. */
export function tileIndexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Path of a tile below the log's prefix. @param width 1 to 256; less than 256 asks for a partial tile */
export const tilePath = (level: number, index: number, width: number = tileWidth): string =>
  `tile/${level}/${tileIndexPath(index)}${width === tileWidth ? '' : `.p/${width}`}`;

/** Hashes in the tile at this place of a tree of `size` leaves; 0 when there is none. */
export const widthOfTile = (size: number, level: number, index: number): number =>
  Math.min(tileWidth, Math.max(0, Math.floor(size / tileWidth ** level) - index * tileWidth));

/** The hash number `at` of a tile. */
export const hashOfTile = (tile: Uint8Array, at: number): Hash => tile.subarray(at * hashLength, (at + 1) * hashLength);

const scratch = new Uint8Array(tileWidth * hashLength);

/** Root of a complete subtree inside a tile: 2^level hashes from number `from` on. */
export function subtreeOfTile(tile: Uint8Array, level: number, from: number): Hash {
  let count = 2 ** level;
  scratch.set(tile.subarray(from * hashLength, (from + count) * hashLength));
  for (; count > 1; count /= 2) {
    for (let at = 0; at < count / 2; at++) hashNodeInto(scratch, 2 * at * hashLength, (2 * at + 1) * hashLength, scratch, at * hashLength);
  }
  return scratch.slice(0, hashLength);
}

/** Nodes of a tree that is kept as tiles. @param tile gives the tile at this place, at least as wide as the tree makes it */
export const nodesOfTiles = (tile: (level: number, index: number) => Uint8Array): NodeSource => (level, index) => {
  const tileLevel = Math.floor(level / tileHeight);
  const within = level % tileHeight;
  const first = index * 2 ** within;
  return subtreeOfTile(tile(tileLevel, Math.floor(first / tileWidth)), within, first % tileWidth);
};

/** Appends all hashes of a leaf tile. */
export function appendTile(range: CompactRange, tile: Uint8Array, from = 0): void {
  const width = tile.length / hashLength;
  if (from === 0 && width === tileWidth && range.size % tileWidth === 0) range.appendSubtree(tileHeight, subtreeOfTile(tile, tileHeight, 0));
  else for (let at = from; at < width; at++) range.append(hashOfTile(tile, at).slice());
}

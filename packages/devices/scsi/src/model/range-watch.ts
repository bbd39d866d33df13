/** A range of blocks that somebody watches. */
export interface Watched<T> {
  readonly owner: T;
  readonly lba: number;
  readonly blocks: number;
}

/**
 * Who must be told before blocks change. Ranges may overlap. Adding and removing take constant time; asking takes time by
 * the number of sizes in use, and of the ranges found.
 */
export interface RangeWatch<T> {
  readonly count: number;
  add(owner: T, lba: number, blocks: number): Watched<T>;
  remove(watched: Watched<T>): void;
  /** Calls `found` for each watched range that overlaps. `found` may remove ranges. */
  overlapping(lba: number, blocks: number, found: (watched: Watched<T>) => void): void;
}

/** Ranges of one size class: at most 2^class blocks, so that each lies in two cells of that size at most. */
interface Level<T> {
  readonly cellBlocks: number;
  readonly cells: Map<number, Set<Watched<T>>>;
  count: number;
}

function lastCell<T>(level: Level<T>, lba: number, blocks: number): number {
  return Math.floor((lba + blocks - 1) / level.cellBlocks);
}

export function rangeWatch<T>(): RangeWatch<T> {
  const levels = new Map<number, Level<T>>();
  let count = 0;

  function levelOf(blocks: number): Level<T> {
    const size = Math.ceil(Math.log2(blocks));
    let level = levels.get(size);
    if (level === undefined) {
      level = { cellBlocks: 2 ** size, cells: new Map(), count: 0 };
      levels.set(size, level);
    }
    return level;
  }

  function collect(level: Level<T>, lba: number, blocks: number, into: Set<Watched<T>>): void {
    const first = Math.floor(lba / level.cellBlocks);
    const last = lastCell(level, lba, blocks);
    // Few cells in use and a long range: look at those in use.
    const isSparse = level.cells.size < last - first + 1;
    const cells = isSparse ? level.cells.keys() : cellsBetween(first, last);
    for (const cell of cells) {
      if (cell < first || cell > last) continue;
      for (const one of level.cells.get(cell) ?? []) {
        if (one.lba < lba + blocks && lba < one.lba + one.blocks) into.add(one);
      }
    }
  }

  return {
    get count() {
      return count;
    },
    add(owner, lba, blocks) {
      const watched = { owner, lba, blocks };
      const level = levelOf(blocks);
      for (const cell of cellsBetween(
        Math.floor(lba / level.cellBlocks),
        lastCell(level, lba, blocks),
      )) {
        const found = level.cells.get(cell);
        if (found === undefined) level.cells.set(cell, new Set([watched]));
        else found.add(watched);
      }
      level.count += 1;
      count += 1;
      return watched;
    },
    remove(watched) {
      const { lba, blocks } = watched;
      const level = levelOf(blocks);
      let isThere = false;
      for (const cell of cellsBetween(
        Math.floor(lba / level.cellBlocks),
        lastCell(level, lba, blocks),
      )) {
        const found = level.cells.get(cell);
        if (found?.delete(watched) !== true) continue;
        isThere = true;
        if (found.size === 0) level.cells.delete(cell);
      }
      if (!isThere) return;
      level.count -= 1;
      count -= 1;
      if (level.count === 0) levels.delete(Math.log2(level.cellBlocks));
    },
    overlapping(lba, blocks, found) {
      if (count === 0 || blocks === 0) return;
      const all = new Set<Watched<T>>();
      for (const level of levels.values()) collect(level, lba, blocks, all);
      for (const one of all) found(one);
    },
  };
}

function* cellsBetween(first: number, last: number): Generator<number> {
  for (let cell = first; cell <= last; cell += 1) yield cell;
}

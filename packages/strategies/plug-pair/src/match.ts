import { operation, type StrategyEngine } from "@blockferry/core";
import { state } from "./half-request-table.ts";
import type { HalfRequests } from "./half-requests.ts";
import type { PlugPairSettings } from "./options.ts";

/** Finds the half-request that a half attaches to, -1 for none. */
export function matcher(
  engine: StrategyEngine,
  halves: HalfRequests,
  { first, at, match, third }: PlugPairSettings,
): (bio: number) => number {
  const { rows } = halves;
  const columns = rows.columns;
  const bios = engine.bios.columns;
  const firstKind = operation[first];
  const bySize = match === "size";
  const asMerge = at === "plug";
  const attaches = third === "attached";

  /** As posted: the operation of a request is that of its first bio, its length that of all its bios. */
  const isAsLong = (row: number, bio: number): boolean => {
    const { first: firsts, second, third: thirds } = columns;
    if (bios.operation[firsts[row]] !== firstKind || bios.operation[bio] === firstKind)
      return false;
    let blocks = bios.blocks[firsts[row]];
    if (second[row] >= 0) {
      if (!attaches || thirds[row] >= 0) return false;
      blocks += bios.blocks[second[row]];
    }
    return blocks === bios.blocks[bio];
  };

  const isOwn = (row: number, bio: number): boolean => {
    const other = columns.first[row];
    return (
      columns.second[row] < 0 &&
      bios.chunk[other] === bios.chunk[bio] &&
      bios.operation[other] !== bios.operation[bio] &&
      bios.offset[other] === bios.offset[bio] &&
      bios.blocks[other] === bios.blocks[bio]
    );
  };

  /** Looks through a list from its newest row on. A merge looks at the newest row of a queue in a plug alone. */
  const search = (newest: number, bio: number, onlyNewest: boolean): number => {
    const device = bios.device[bio];
    for (let row = newest; row >= 0; row = rows.next[row]) {
      if (columns.device[row] !== device || columns.state[row] !== state.waiting) continue;
      if (bySize ? isAsLong(row, bio) : isOwn(row, bio)) return row;
      if (bySize && onlyNewest) return -1;
    }
    return -1;
  };

  return (bio) => {
    const device = bios.device[bio];
    if (asMerge && !engine.merges(device)) return -1;
    const lane = engine.plugOf(bio);
    const row = lane < 0 ? -1 : search(halves.newestInPlug(lane), bio, true);
    // An elevator's own merging knows nothing of halves.
    if (row >= 0 || !asMerge || engine.hasElevator(device)) return row;
    return search(halves.newestInQueue(device), bio, false);
  };
}

import {
  type CommandBounds,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  RANGE_BLOCKS,
  RANGE_DEVICE,
  RANGE_WORDS,
} from "@blockferry/core/plan";

/**
 * Which logical units the next command names, and under which CSCD descriptor IDs: sources in the order in which they
 * come, then the destination.
 */
export interface NamedUnits {
  /** Device number by CSCD descriptor ID. */
  readonly order: Int32Array;
  /** How many. */
  count: number;
  /** ID by device number; only those of `order` are valid. */
  readonly ids: Int32Array;
  destinationId: number;
  /** Ranges of the window up to the first that would need one unit too many. */
  end: number;
}

export function namedUnits(devicesMax: number): NamedUnits {
  return {
    order: new Int32Array(devicesMax + 1),
    count: 0,
    ids: new Int32Array(devicesMax),
    destinationId: 0,
    end: 0,
  };
}

/** The device that stands for this one: the first that is bound to the same logical unit. */
export type UnitOf = Int32Array;

function idOf(named: NamedUnits, device: number): number {
  for (let id = 0; id < named.count; id++) if (named.order[id] === device) return id;
  return -1;
}

/**
 * Numbers the units of the command that is planned next from the cursor on. At most `unitsMax`, the destination included.
 */
export function nameUnits(
  named: NamedUnits,
  window: Int32Array,
  base: number,
  count: number,
  cursor: Int32Array,
  cursorAt: number,
  bounds: CommandBounds,
  destination: number,
  unitOf: UnitOf,
  unitsMax: number,
): void {
  const target = unitOf[destination];
  let left = bounds.blocksMax;
  let ranges = bounds.rangesMax;
  let skipped = cursor[cursorAt + CURSOR_OFFSET];
  let range = cursor[cursorAt + CURSOR_RANGE];
  named.count = 0;
  let isTargetNamed = false;
  for (; range < count && ranges > 0 && left > 0; range++) {
    const from = base + range * RANGE_WORDS;
    const device = window[from + RANGE_DEVICE];
    const unit = unitOf[device];
    let id = idOf(named, unit);
    if (id < 0) {
      const needed = named.count + 1 + (isTargetNamed || unit === target ? 0 : 1);
      if (needed > unitsMax) break;
      id = named.count;
      named.order[named.count++] = unit;
      isTargetNamed = isTargetNamed || unit === target;
    }
    named.ids[device] = id;
    const blocks = window[from + RANGE_BLOCKS] - skipped;
    skipped = 0;
    left -= blocks;
    ranges -= Math.ceil(blocks / bounds.rangeBlocksMax);
  }
  named.end = range;
  named.destinationId = isTargetNamed ? idOf(named, target) : named.count;
  if (!isTargetNamed) named.order[named.count++] = target;
}

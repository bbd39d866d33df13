import type { BlockDevice, DevicePart } from "./device.ts";

/** Result words of `DeviceMap.map`: address on the lower device, blocks that lie there without a gap. */
export const MAP_LBA = 0;
export const MAP_BLOCKS = 1;

/**
 * How a stacked device lies on its lower devices, compiled for the hot path. `map` returns the number of the lower
 * device, -1 where nothing is mapped, and leaves address and length in `out`.
 */
export interface DeviceMap {
  map(lba: number, out: Float64Array): number;
}

function linearMap(
  parts: readonly DevicePart[],
  numberOf: (lower: BlockDevice) => number,
): DeviceMap {
  const ends = new Float64Array(parts.length);
  const starts = Float64Array.from(parts, (part) => part.start);
  const lower = Int32Array.from(parts, (part) => numberOf(part.device));
  let end = 0;
  parts.forEach((part, i) => {
    end += part.blocks;
    ends[i] = end;
  });
  return {
    map(lba, out) {
      let first = 0;
      let last = ends.length - 1;
      if (lba >= ends[last]) return -1;
      while (first < last) {
        const middle = (first + last) >> 1;
        if (lba < ends[middle]) last = middle;
        else first = middle + 1;
      }
      const begin = first === 0 ? 0 : ends[first - 1];
      out[MAP_LBA] = starts[first] + (lba - begin);
      out[MAP_BLOCKS] = ends[first] - lba;
      return lower[first];
    },
  };
}

function stripedMap(
  device: Extract<BlockDevice, { kind: "striped" }>,
  numbers: readonly number[],
): DeviceMap {
  const { stripeBlocks, capacityBlocks } = device;
  const width = numbers.length;
  const lower = Int32Array.from(numbers);
  return {
    map(lba, out) {
      if (lba >= capacityBlocks) return -1;
      const stripe = Math.floor(lba / stripeBlocks);
      const inside = lba - stripe * stripeBlocks;
      const row = Math.floor(stripe / width);
      out[MAP_LBA] = row * stripeBlocks + inside;
      out[MAP_BLOCKS] = stripeBlocks - inside;
      return lower[stripe - row * width];
    },
  };
}

/** The map of a device that is the lower one as it is. */
function sameMap(device: BlockDevice, lower: number): DeviceMap {
  const { capacityBlocks } = device;
  return {
    map(lba, out) {
      if (lba >= capacityBlocks) return -1;
      out[MAP_LBA] = lba;
      out[MAP_BLOCKS] = capacityBlocks - lba;
      return lower;
    },
  };
}

/**
 * The map of a stacked device; `numberOf` gives the numbers of its lower devices, `tableOf` the table of a mapping that is
 * in force. `undefined` for a bottom device.
 */
export function deviceMap(
  device: BlockDevice,
  numberOf: (lower: BlockDevice) => number,
  tableOf: () => number,
): DeviceMap | undefined {
  switch (device.kind) {
    case "bottom":
      return undefined;
    case "striped":
      return stripedMap(device, device.lower.map(numberOf));
    case "asynchronous":
      return sameMap(device, numberOf(device.lower[0]));
    case "mapping": {
      const maps = device.tables.map((parts) => linearMap(parts, numberOf));
      return { map: (lba, out) => maps[tableOf()].map(lba, out) };
    }
    default:
      return linearMap(device.parts, numberOf);
  }
}

/** Boundaries that a chunk, or a transfer, crosses at most on each level of a stack. */
export const PIECES = 32;

/** The shortest run of blocks between two places where this stack may cut a bio; Infinity where it never does. */
export function boundaryBlocks(device: BlockDevice): number {
  return Math.min(ownBoundaryBlocks(device), ...device.lower.map(boundaryBlocks));
}

function ownBoundaryBlocks(device: BlockDevice): number {
  const shortest = (parts: readonly DevicePart[]): number =>
    parts.length === 1 ? Number.POSITIVE_INFINITY : Math.min(...parts.map((part) => part.blocks));
  if (device.kind === "striped") return device.stripeBlocks;
  if (device.kind === "linear") return shortest(device.parts);
  if (device.kind === "mapping") return Math.min(...device.tables.map(shortest));
  return Number.POSITIVE_INFINITY;
}

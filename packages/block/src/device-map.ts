import type { BlockDevice } from "./device.ts";

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
  device: Extract<BlockDevice, { kind: "linear" | "partition" }>,
  numbers: readonly number[],
): DeviceMap {
  const ends = new Float64Array(device.parts.length);
  const starts = Float64Array.from(device.parts, (part) => part.start);
  const lower = Int32Array.from(numbers);
  let end = 0;
  device.parts.forEach((part, i) => {
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

/** The map of a stacked device; `numberOf` gives the numbers of its lower devices. `undefined` for a bottom device. */
export function deviceMap(
  device: BlockDevice,
  numberOf: (lower: BlockDevice) => number,
): DeviceMap | undefined {
  if (device.kind === "bottom") return undefined;
  const numbers = device.lower.map(numberOf);
  return device.kind === "striped" ? stripedMap(device, numbers) : linearMap(device, numbers);
}

/** Boundaries that a chunk, or a transfer, crosses at most on each level of a stack. */
export const PIECES = 32;

/** The shortest run of blocks between two places where this stack may cut a bio; Infinity where it never does. */
export function boundaryBlocks(device: BlockDevice): number {
  const own =
    device.kind === "striped"
      ? device.stripeBlocks
      : device.kind === "linear"
        ? Math.min(...device.parts.map((part) => part.blocks))
        : Number.POSITIVE_INFINITY;
  return Math.min(own, ...device.lower.map(boundaryBlocks));
}

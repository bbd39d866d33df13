import type { BlockDevice, BottomDevice } from "./device.ts";
import { deviceMap, MAP_BLOCKS, MAP_LBA } from "./device-map.ts";

/** Blocks on one bottom device; `device` is its place in the list that was filled along. */
export interface BottomPiece {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** Walks a range down a stack to the bottom: appends its pieces to `into` in order, and new devices to `bottoms`. */
export function bottomPieces(
  device: BlockDevice,
  lba: number,
  blocks: number,
  bottoms: BottomDevice[],
  into: BottomPiece[],
): void {
  if (device.kind === "bottom") {
    let number = bottoms.indexOf(device);
    if (number < 0) number = bottoms.push(device) - 1;
    into.push({ device: number, lba, blocks });
    return;
  }
  const { lower } = device;
  const map = deviceMap(
    device,
    (each) => lower.indexOf(each),
    () => 0,
  );
  const out = new Float64Array(2);
  for (let done = 0; done < blocks; ) {
    const number = map?.map(lba + done, out) ?? -1;
    if (number < 0) throw new RangeError(`${device.name} maps nothing at ${lba + done}`);
    const length = Math.min(out[MAP_BLOCKS], blocks - done);
    bottomPieces(lower[number], out[MAP_LBA], length, bottoms, into);
    done += length;
  }
}

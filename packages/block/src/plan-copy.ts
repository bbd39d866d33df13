import {
  type CopyRequest,
  copyLimits,
  type CopySegment,
  isRangeList,
  rangesOf,
} from "@blockferry/core";
import { type CopyPlan, plan, segmentsOf } from "@blockferry/core/plan";
import type { BlockDevice, BottomDevice } from "./device.ts";
import { deviceMap, MAP_BLOCKS, MAP_LBA } from "./device-map.ts";

/** What one bottom device would be sent. */
export interface DevicePlan {
  readonly device: BottomDevice;
  readonly plan: CopyPlan;
  /** What the numbers of `SegmentEnd.device` in the plan stand for. */
  readonly devices: readonly BottomDevice[];
}

interface Piece {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** Walks a range down to the bottom; pieces that follow each other on one device are joined. */
function piecesOf(
  device: BlockDevice,
  lba: number,
  blocks: number,
  bottoms: BottomDevice[],
  into: Piece[],
): void {
  if (device.kind === "bottom") {
    let number = bottoms.indexOf(device);
    if (number < 0) number = bottoms.push(device) - 1;
    into.push({ device: number, lba, blocks });
    return;
  }
  const { lower } = device;
  const map = deviceMap(device, (each) => lower.indexOf(each));
  const out = new Float64Array(2);
  for (let done = 0; done < blocks; ) {
    const number = map?.map(lba + done, out) ?? -1;
    if (number < 0) throw new RangeError(`${device.name} maps nothing at ${lba + done}`);
    const length = Math.min(out[MAP_BLOCKS], blocks - done);
    piecesOf(lower[number], out[MAP_LBA], length, bottoms, into);
    done += length;
  }
}

/**
 * The commands that a copy would be carried by, without sending any: one entry for each bottom device that is a
 * destination, in the order of the copy.
 */
export function planCopy(device: BlockDevice, request: CopyRequest): DevicePlan[] {
  const bottoms: BottomDevice[] = [];
  const sources: Piece[] = [];
  const ranges = isRangeList(request.sources) ? rangesOf(request.sources) : request.sources;
  let blocks = 0;
  for (const range of ranges) {
    piecesOf(device, range.lba, range.blocks, bottoms, sources);
    blocks += range.blocks;
  }
  const destinations: Piece[] = [];
  piecesOf(device, request.destination, blocks, bottoms, destinations);
  const perDevice = new Map<number, CopySegment[]>();
  for (const segment of segmentsOf(sources, destinations)) {
    const list = perDevice.get(segment.destination.device);
    if (list === undefined) perDevice.set(segment.destination.device, [segment]);
    else list.push(segment);
  }
  return [...perDevice].map(([number, segments]) => {
    const bottom = bottoms[number];
    const within = (segment: CopySegment): boolean =>
      bottoms[segment.source.device].transport === bottom.transport;
    const planned = plan(segments.filter(within), copyLimits(bottom.limits));
    const residue = [...planned.residue, ...segments.filter((segment) => !within(segment))];
    return { device: bottom, plan: { commands: planned.commands, residue }, devices: bottoms };
  });
}

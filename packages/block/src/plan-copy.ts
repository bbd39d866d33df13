import { type CopySegment, copyLimits, isRangeList, rangesOf } from "@blockferry/core";
import { type CopyPlan, plan, segmentsOf } from "@blockferry/core/plan";
import { type BottomPiece, bottomPieces } from "./bottom-pieces.ts";
import type { DeviceCopyRequest } from "./copy-request.ts";
import type { BlockDevice, BottomDevice } from "./device.ts";

/** What one bottom device would be sent. */
export interface DevicePlan {
  readonly device: BottomDevice;
  readonly plan: CopyPlan;
  /** What the numbers of `SegmentEnd.device` in the plan stand for. */
  readonly devices: readonly BottomDevice[];
}

/**
 * The commands that a copy would be carried by, without sending any: one entry for each bottom device that is a
 * destination, in the order of the copy.
 */
export function planCopy(device: BlockDevice, request: DeviceCopyRequest): DevicePlan[] {
  const bottoms: BottomDevice[] = [];
  const sources: BottomPiece[] = [];
  const ranges = isRangeList(request.sources) ? rangesOf(request.sources) : request.sources;
  let blocks = 0;
  for (const range of ranges) {
    bottomPieces(device, range.lba, range.blocks, bottoms, sources);
    blocks += range.blocks;
  }
  const destinations: BottomPiece[] = [];
  bottomPieces(request.to ?? device, request.destination, blocks, bottoms, destinations);
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

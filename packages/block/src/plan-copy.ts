import { type CopySegment, copyLimits, joinWords, type RangeList } from "@blockferry/core";
import { type CopyPlan, type PlannedCommand, plan, segmentsOf } from "@blockferry/core/plan";
import { type BottomPiece, bottomPieces } from "./bottom-pieces.ts";
import {
  type CheckedRequest,
  checkRequest,
  type DeviceCopyRequest,
  orderFor,
} from "./copy-request.ts";
import { type BlockDevice, type BottomDevice, bottomsOf } from "./device.ts";
import { overlappingRange } from "./overlap.ts";
import { chunkBlocks, chunkRanges } from "./sizes.ts";

/** What one bottom device would be sent. */
export interface DevicePlan {
  readonly device: BottomDevice;
  readonly plan: CopyPlan;
  /** What the numbers of `SegmentEnd.device` in the plan stand for. */
  readonly devices: readonly BottomDevice[];
}

interface Growing {
  readonly commands: PlannedCommand[];
  readonly residue: CopySegment[];
}

interface PlannedChunk {
  /** Blocks from the start of the copy. */
  readonly offset: number;
  readonly blocks: number;
  readonly ranges: readonly { readonly lba: number; readonly blocks: number }[];
}

/** Cuts a list as the engine cuts it into chunks. */
function* chunksOf(list: RangeList, rangesMax: number, blocksMax: number): Generator<PlannedChunk> {
  let offset = 0;
  let row = 0;
  let used = 0;
  while (row < list.count) {
    const ranges: { lba: number; blocks: number }[] = [];
    let blocks = 0;
    while (row < list.count && ranges.length < rangesMax && blocks < blocksMax) {
      const piece = Math.min(list.blocks[row] - used, blocksMax - blocks);
      ranges.push({ lba: joinWords(list.low[row], list.high[row]) + used, blocks: piece });
      blocks += piece;
      used += piece;
      if (used === list.blocks[row]) {
        row++;
        used = 0;
      }
    }
    yield { offset, blocks, ranges };
    offset += blocks;
  }
}

/** Groups segments into requests: one ends where a piece of the destination does, and where it has no room for more ranges. */
function requestsOf(
  segments: readonly CopySegment[],
  destinations: readonly BottomPiece[],
  rangesMax: number,
): CopySegment[][] {
  const requests: CopySegment[][] = [];
  let next = 0;
  for (const { blocks } of destinations) {
    for (let left = blocks; left > 0; ) {
      const request: CopySegment[] = [];
      while (left > 0 && request.length < rangesMax) {
        left -= segments[next].blocks;
        request.push(segments[next++]);
      }
      requests.push(request);
    }
  }
  return requests;
}

function planRequest(
  segments: readonly CopySegment[],
  bottoms: readonly BottomDevice[],
  into: Growing,
): void {
  const target = bottoms[segments[0].destination.device];
  const isWithin = ({ source }: CopySegment): boolean =>
    bottoms[source.device].transport === target.transport;
  const planned = plan(segments.filter(isWithin), copyLimits(target.limits));
  into.commands.push(...planned.commands);
  into.residue.push(...planned.residue, ...segments.filter((segment) => !isWithin(segment)));
}

/** Plans chunk by chunk; by number of the bottom device. Fills `bottoms` along. */
function planChunks(
  device: BlockDevice,
  { list, to }: CheckedRequest,
  destination: number,
  bottoms: BottomDevice[],
): Map<number, Growing> {
  const rangesMax = chunkRanges(
    [...bottomsOf(device), ...bottomsOf(to)].map((bottom) => bottom.limits),
  );
  const plans = new Map<number, Growing>();
  for (const { offset, blocks, ranges } of chunksOf(
    list,
    rangesMax,
    Math.min(chunkBlocks(device), chunkBlocks(to)),
  )) {
    const sources: BottomPiece[] = [];
    for (const range of ranges) bottomPieces(device, range.lba, range.blocks, bottoms, sources);
    const destinations: BottomPiece[] = [];
    bottomPieces(to, destination + offset, blocks, bottoms, destinations);
    for (const request of requestsOf(segmentsOf(sources, destinations), destinations, rangesMax)) {
      const number = request[0].destination.device;
      const growing = plans.get(number) ?? { commands: [], residue: [] };
      plans.set(number, growing);
      planRequest(request, bottoms, growing);
    }
  }
  return plans;
}

/**
 * The commands that `copy` would send, without sending any: one entry for each bottom device that is a destination, in
 * the order of the copy. A device without a stack is sent exactly these, where the strategy gathers ranges into requests; one
 * that makes a request for each range, and one below a stack, may cut otherwise.
 *
 * Throws what `copy` would throw before anything is sent. With `emulate`, a copy whose ranges overlap is residue.
 */
export function planCopy(
  device: BlockDevice,
  request: DeviceCopyRequest,
  options: { readonly emulate?: boolean | undefined } = {},
): DevicePlan[] {
  const checked = checkRequest(device, request);
  const { list, to, blocks } = checked;
  const isOrdered =
    options.emulate === true &&
    to === device &&
    overlappingRange(list, request.destination, blocks) >= 0;
  if (!isOrdered) orderFor(device, checked, request, undefined);
  const devices: BottomDevice[] = [];
  const plans = planChunks(device, checked, request.destination, devices);
  return [...plans].map(([number, { commands, residue }]) => ({
    device: devices[number],
    plan: isOrdered
      ? { commands: [], residue: [...commands.flatMap(({ segments }) => segments), ...residue] }
      : { commands, residue },
    devices,
  }));
}

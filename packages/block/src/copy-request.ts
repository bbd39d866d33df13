import {
  type CopyRequest,
  FerryError,
  isRangeList,
  joinWords,
  RANGE_LIST_BLOCKS_MAX,
  type RangeList,
  rangeList,
} from "@blockferry/core";
import { type BottomPiece, bottomPieces } from "./bottom-pieces.ts";
import { type BlockDevice, type BottomDevice, bottomsOf } from "./device.ts";
import { boundaryBlocks, PIECES } from "./device-map.ts";
import { type OrderedPieces, orderPieces, overlappingRange } from "./overlap.ts";

/** A copy from ranges of one device to a place on it or on another one. */
export interface DeviceCopyRequest extends CopyRequest {
  /** Device of the destination. Default: the device of the sources. */
  readonly to?: BlockDevice | undefined;
}

export interface CheckedRequest {
  readonly list: RangeList;
  /** Index of the caller's range for each row of the list; `undefined` where they are the same. */
  readonly numbers: Int32Array | undefined;
  readonly blocks: number;
  /** Device of the destination. */
  readonly to: BlockDevice;
}

/** Checks the source ranges; returns their blocks. */
function checkSources(device: BlockDevice, list: RangeList): number {
  const capacity = device.capacityBlocks;
  let blocks = 0;
  for (let i = 0; i < list.count; i++) {
    const lba = joinWords(list.low[i], list.high[i]);
    const length = list.blocks[i];
    const details = { range: i, lba, blocks: length, capacityBlocks: capacity };
    if (length < 1 || length > RANGE_LIST_BLOCKS_MAX) {
      const message = `source range ${i} has ${length} blocks; a row holds 1..2^30`;
      throw new FerryError("FERRY_RANGE_EMPTY", message, { details });
    }
    if (lba + length > capacity) {
      throw new FerryError(
        "FERRY_COPY_OUT_OF_RANGE",
        `source range ${i} (${lba}+${length}) ends behind ${device.name}, which has ${capacity} blocks`,
        { details },
      );
    }
    blocks += length;
  }
  return blocks;
}

/** Throws what is wrong with a request before anything moves. */
export function checkRequest(device: BlockDevice, request: DeviceCopyRequest): CheckedRequest {
  const { destination, to = device } = request;
  if (to.bytesPerBlock !== device.bytesPerBlock) {
    throw new FerryError(
      "FERRY_COPY_BLOCK_SIZE",
      `${device.name} has blocks of ${device.bytesPerBlock} bytes, ${to.name} of ${to.bytesPerBlock}`,
    );
  }
  const list = isRangeList(request.sources) ? request.sources : rangeList(request.sources);
  if (list.count === 0) {
    throw new FerryError("FERRY_COPY_EMPTY", "the request has no source range; name at least one");
  }
  const blocks = checkSources(device, list);
  const details = { lba: destination, blocks, capacityBlocks: to.capacityBlocks };
  if (!Number.isSafeInteger(destination) || destination < 0) {
    const message = `destination ${destination} is not a whole number of 0..2^53-1`;
    throw new FerryError("FERRY_RANGE_ADDRESS", message, { details });
  }
  if (destination + blocks > to.capacityBlocks) {
    throw new FerryError(
      "FERRY_COPY_OUT_OF_RANGE",
      `the destination (${destination}+${blocks}) ends behind ${to.name}, which has ${to.capacityBlocks} blocks`,
      { details },
    );
  }
  return { list, numbers: rowNumbers(request, list), blocks, to };
}

function rowNumbers(request: CopyRequest, list: RangeList): Int32Array | undefined {
  if (isRangeList(request.sources) || request.sources.length === list.count) return undefined;
  const numbers = new Int32Array(list.count);
  let row = 0;
  request.sources.forEach((range, i) => {
    for (let left = range.blocks; left > 0; left -= RANGE_LIST_BLOCKS_MAX) numbers[row++] = i;
  });
  return numbers;
}

function overlapError(
  range: number,
  list: RangeList,
  request: DeviceCopyRequest,
  where: string,
): FerryError {
  const lba = joinWords(list.low[range], list.high[range]);
  return new FerryError(
    "FERRY_COPY_OVERLAP",
    `source range ${range} (${lba}+${list.blocks[range]}) overlaps the destination${where}; ` +
      "a device may copy such ranges in any order",
    {
      details: { range, lba, blocks: list.blocks[range], destination: request.destination },
      ...(where === ""
        ? { hint: "allow emulation to copy them through the host, in an order that is safe" }
        : {}),
    },
  );
}

/** The piece, of pieces sorted by device and address that do not overlap, that shares a block with `wanted`. */
function pieceMeeting(
  sorted: readonly BottomPiece[],
  wanted: BottomPiece,
): BottomPiece | undefined {
  let first = 0;
  let last = sorted.length;
  while (first < last) {
    const middle = (first + last) >> 1;
    const { device, lba, blocks } = sorted[middle];
    if (device < wanted.device || (device === wanted.device && lba + blocks <= wanted.lba))
      first = middle + 1;
    else last = middle;
  }
  const found = sorted[first];
  const meets = found?.device === wanted.device && found.lba < wanted.lba + wanted.blocks;
  return meets ? found : undefined;
}

/** True for a stack that may show a block of a lower device at two addresses. */
function mayShowTwice(device: BlockDevice): boolean {
  const bottoms = bottomsOf(device);
  return new Set(bottoms).size !== bottoms.length;
}

/** Devices that lie on the same lower device may overlap where their own addresses do not. */
function checkLowerOverlap(
  device: BlockDevice,
  checked: CheckedRequest,
  request: DeviceCopyRequest,
): void {
  const { list, to, blocks } = checked;
  const bottoms: BottomDevice[] = [];
  const destinations: BottomPiece[] = [];
  bottomPieces(to, request.destination, blocks, bottoms, destinations);
  destinations.sort((a, b) => a.device - b.device || a.lba - b.lba);
  for (let i = 0; i < list.count; i++) {
    const sources: BottomPiece[] = [];
    bottomPieces(device, joinWords(list.low[i], list.high[i]), list.blocks[i], bottoms, sources);
    for (const source of sources) {
      const met = pieceMeeting(destinations, source);
      if (met !== undefined)
        throw overlapError(i, list, request, ` on ${bottoms[met.device].name}`);
    }
  }
}

/**
 * The order for ranges that overlap their destination, where copying through the host is allowed; `undefined` where nothing
 * overlaps. Throws where it is not allowed, or where no order is safe.
 */
export function orderFor(
  device: BlockDevice,
  checked: CheckedRequest,
  request: DeviceCopyRequest,
  buffer: Uint8Array | undefined,
): OrderedPieces | undefined {
  const { list, blocks, to } = checked;
  const range = to === device ? overlappingRange(list, request.destination, blocks) : -1;
  if (range < 0) {
    if (to !== device || mayShowTwice(device)) checkLowerOverlap(device, checked, request);
    return undefined;
  }
  if (buffer === undefined) throw overlapError(range, list, request, "");
  const room = Math.floor(buffer.length / device.bytesPerBlock);
  const half = Math.floor(room / 2);
  const pieceBlocks = boundaryBlocks(device) * PIECES;
  const order =
    orderPieces(list, request.destination, Math.min(room, pieceBlocks), 0) ??
    (half > 0
      ? orderPieces(list, request.destination, Math.min(half, pieceBlocks), half)
      : undefined);
  if (order === undefined) {
    throw new FerryError(
      "FERRY_COPY_OVERLAP_CYCLE",
      `ranges overwrite each other in a circle that does not fit into a buffer of ${buffer.length} bytes`,
      {
        details: { range, destination: request.destination, blocks },
        hint: "give a larger buffer",
      },
    );
  }
  return order;
}

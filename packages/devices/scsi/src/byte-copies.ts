import { FerryError } from "@blockferry/core";
import type { SegmentDescriptorInput } from "./codec/copy/segment.ts";
import type { ExtendedCopyOptions } from "./command-options.ts";
import { type EncodedScsiCommand, extendedCopyCommand, unitNumbered } from "./encode-plan.ts";
import { namedCscds } from "./named-cscds.ts";
import type { EncodableUnit } from "./unit.ts";

/** Bytes from one place to another, wherever they begin; the units may have blocks of different sizes. */
export interface ByteCopy {
  readonly source: { readonly device: number; readonly offset: number };
  readonly destination: { readonly device: number; readonly offset: number };
  readonly bytes: number;
}

export interface EncodeByteCopiesOptions extends ExtendedCopyOptions {
  /** Units by device number. */
  readonly units: ReadonlyMap<number, EncodableUnit>;
  /** Bytes of one segment; default what its field holds, 2^32-1. */
  readonly segmentBytesMax?: number | undefined;
  /** Of the first command; the next ones count on. Default 1. */
  readonly listIdentifier?: number | undefined;
}

const SEGMENT_BYTES_MAX = 0xffff_ffff;

function checkEnd(
  what: string,
  { capacityBlocks, bytesPerBlock, lun }: EncodableUnit,
  offset: number,
  bytes: number,
): void {
  const isPlace = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(bytes);
  if (isPlace && bytes >= 1 && offset + bytes <= capacityBlocks * bytesPerBlock) return;
  throw new FerryError(
    "FERRY_COPY_OUT_OF_RANGE",
    `${what}: ${bytes} bytes at ${offset} are not within unit ${lun}, which has ${capacityBlocks * bytesPerBlock}`,
    { details: { lun, offset, bytes } },
  );
}

/** A place in bytes as a block and a place in it. */
function placeIn(unit: EncodableUnit, offset: number): { lba: number; rest: number } {
  const rest = offset % unit.bytesPerBlock;
  return { lba: (offset - rest) / unit.bytesPerBlock, rest };
}

/** Cuts copies to segments of at most `most` bytes. */
function* cut(copies: readonly ByteCopy[], most: number): Generator<ByteCopy> {
  for (const { source, destination, bytes } of copies) {
    for (let done = 0; done < bytes; done += most) {
      yield {
        source: { ...source, offset: source.offset + done },
        destination: { ...destination, offset: destination.offset + done },
        bytes: Math.min(most, bytes - done),
      };
    }
  }
}

/**
 * EXTENDED COPY commands with segments of type 0Ah, which copy bytes from any offset to any offset (SPC-4 6.4.6.12). As many
 * segments in a command as the destination's limits allow; a command's destinations are on one unit.
 *
 * @throws FerryError `FERRY_COPY_OUT_OF_RANGE`; RangeError for a device without a unit.
 */
export function encodeByteCopies(
  copies: readonly ByteCopy[],
  options: EncodeByteCopiesOptions,
): EncodedScsiCommand[] {
  const { units, segmentBytesMax = SEGMENT_BYTES_MAX, listIdentifier = 1, ...commands } = options;
  for (const { source, destination, bytes } of copies) {
    checkEnd("the source", unitNumbered(units, source.device), source.offset, bytes);
    checkEnd("the destination", unitNumbered(units, destination.device), destination.offset, bytes);
  }
  const most = Math.min(segmentBytesMax, SEGMENT_BYTES_MAX);
  const batches: ByteCopy[][] = [];
  for (const copy of cut(copies, most)) {
    const last = batches.at(-1);
    const { device } = copy.destination;
    const { copyRangesMax = 1 } = unitNumbered(units, device).limits;
    const joins = last?.[0].destination.device === device && last.length < copyRangesMax;
    if (joins) last.push(copy);
    else batches.push([copy]);
  }
  return batches.map((batch, i) => {
    const named = namedCscds(batch, units);
    const segments = batch.map(({ source, destination, bytes }): SegmentDescriptorInput => {
      const from = placeIn(unitNumbered(units, source.device), source.offset);
      const to = placeIn(unitNumbered(units, destination.device), destination.offset);
      return {
        type: 0x0a,
        sourceCscd: named.idOf(source.device),
        destinationCscd: named.idOf(destination.device),
        bytes,
        sourceLba: from.lba,
        destinationLba: to.lba,
        sourceByteOffset: from.rest,
        destinationByteOffset: to.rest,
      };
    });
    const { lun } = unitNumbered(units, batch[0].destination.device);
    return extendedCopyCommand(segments, named, lun, listIdentifier + i, commands);
  });
}

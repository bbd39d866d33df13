import { type DeviceStatus, joinWords, type RangeList, type StatusName } from "@blockferry/core";
import type { CommandRecord, CopyMeans, CopyRecord, CopySpan } from "./copy-record.ts";

/** What became of a source range, or of a part of it. */
export interface RangeOutcome {
  /** Index of the source range in the request. */
  readonly range: number;
  readonly source: number;
  readonly destination: number;
  readonly blocks: number;
  readonly means: CopyMeans;
  readonly status: StatusName;
  readonly command?: number;
  readonly deviceStatus?: DeviceStatus;
}

/** What the engine did from the start of a copy to its end; where several copies ran at once, for all of them. */
export interface CopyCost {
  readonly bios: number;
  readonly splits: number;
  readonly requests: number;
  readonly commands: number;
  /** Most commands in flight at one time. */
  readonly commandsPeak: number;
  /** Bytes of range lists that went to the device. */
  readonly listBytes: number;
}

export interface CopyTotals {
  readonly status: StatusName;
  readonly strategy: string;
  readonly blocks: number;
  readonly bytesPerBlock: number;
  readonly destination: number;
  readonly offloadedBlocks: number;
  readonly clonedBlocks: number;
  readonly kernelCopiedBlocks: number;
  readonly emulatedBlocks: number;
  readonly cost: CopyCost;
}

/** What a copy did, told range by range. */
export class CopyResult implements CopyTotals {
  /** `success`, or the first status that was none. */
  readonly status: StatusName;
  readonly strategy: string;
  /** Blocks that were asked for. */
  readonly blocks: number;
  readonly bytesPerBlock: number;
  readonly destination: number;
  /** Copied by commands of the device. */
  readonly offloadedBlocks: number;
  /** Shared by the file system: no data moved. */
  readonly clonedBlocks: number;
  /** Copied by the host's kernel, which does not tell whether through the host. */
  readonly kernelCopiedBlocks: number;
  /** Read into this process and written from it. */
  readonly emulatedBlocks: number;
  readonly cost: CopyCost;
  private readonly record: CopyRecord;
  private readonly list: RangeList;
  private readonly rangeNumbers: Int32Array | undefined;

  constructor(
    totals: CopyTotals,
    record: CopyRecord,
    list: RangeList,
    rangeNumbers: Int32Array | undefined,
  ) {
    this.status = totals.status;
    this.strategy = totals.strategy;
    this.blocks = totals.blocks;
    this.bytesPerBlock = totals.bytesPerBlock;
    this.destination = totals.destination;
    this.offloadedBlocks = totals.offloadedBlocks;
    this.clonedBlocks = totals.clonedBlocks;
    this.kernelCopiedBlocks = totals.kernelCopiedBlocks;
    this.emulatedBlocks = totals.emulatedBlocks;
    this.cost = totals.cost;
    this.record = record;
    this.list = list;
    this.rangeNumbers = rangeNumbers;
  }

  /** Blocks that are certainly at the destination now. */
  get copiedBlocks(): number {
    const { offloadedBlocks, clonedBlocks, kernelCopiedBlocks, emulatedBlocks } = this;
    return offloadedBlocks + clonedBlocks + kernelCopiedBlocks + emulatedBlocks;
  }

  /** Bytes that were read into this process and written from it: 0 for an offload. */
  get bytesThroughHost(): number {
    return this.emulatedBlocks * this.bytesPerBlock;
  }

  /** Spans in the order of the copy; they cover it exactly once. Made anew at each call. */
  get spans(): CopySpan[] {
    return [...this.record.spans()];
  }

  /** Commands in the order in which they were sent. Made anew at each call. */
  get commands(): CommandRecord[] {
    return [...this.record.commands()];
  }

  /** The source ranges in the order of the request; a range comes in parts where its blocks met different fates. */
  *ranges(): Generator<RangeOutcome> {
    const { list } = this;
    let row = 0;
    let begin = 0;
    for (const span of this.record.spans()) {
      for (let done = 0; done < span.blocks; ) {
        while (begin + list.blocks[row] <= span.offset + done) begin += list.blocks[row++];
        const inside = span.offset + done - begin;
        const blocks = Math.min(list.blocks[row] - inside, span.blocks - done);
        const { offset, means, ...fate } = span;
        yield {
          range: this.rangeNumbers === undefined ? row : this.rangeNumbers[row],
          source: joinWords(list.low[row], list.high[row]) + inside,
          destination: this.destination + offset + done,
          means,
          ...fate,
          blocks,
        };
        done += blocks;
      }
    }
  }
}

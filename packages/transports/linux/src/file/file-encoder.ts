import {
  COMMAND_BLOCKS_MAX,
  type CommandEncoder,
  type CommandTarget,
  type DeviceStatus,
  joinWords,
  type QueueMemory,
} from "@blockferry/core";
import {
  CURSOR_BLOCKS,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  planCommand,
  RANGE_BLOCKS,
  RANGE_DEVICE,
  RANGE_HIGH,
  RANGE_LOW,
  RANGE_WORDS,
  windowLayout,
} from "@blockferry/core/plan";
import { fileCommand, fileCompletion, fileOperation } from "./file-command.ts";
import { coreStatusOf, describeFile, isRetryable } from "./file-status.ts";
import { type FileTarget, isFileTarget } from "./file-target.ts";

const BYTES_AT = fileCompletion.offsetOf("bytes");
const EINPROGRESS = 115;
const ERRNO_AT = fileCompletion.offsetOf("errno");

/**
 * Blocks of the next command of a copy, so that what can be cloned is cloned by commands of its own: up to where the file
 * system's block ends, then whole blocks of it, then the rest.
 */
export function pieceBlocks(
  sourceOffset: number,
  offset: number,
  blocks: number,
  bytesPerBlock: number,
  unit: number,
): number {
  if ((sourceOffset - offset) % unit !== 0 || unit % bytesPerBlock !== 0) return blocks;
  const edge = (unit - (sourceOffset % unit)) % unit;
  if (edge > 0) return Math.min(blocks, edge / bytesPerBlock);
  const whole = Math.floor((blocks * bytesPerBlock) / unit) * (unit / bytesPerBlock);
  return whole === 0 ? blocks : whole;
}

/** Fills queue memory with calls on files: one source range and one destination each. */
export class FileEncoder implements CommandEncoder {
  readonly tellsMeans = true;
  private readonly memory: QueueMemory;
  private readonly targets: (FileTarget | undefined)[];
  private readonly names: Int32Array;
  private readonly planned: Int32Array = new Int32Array(RANGE_WORDS);

  constructor(memory: QueueMemory, devicesMax: number) {
    const { depth, commandBytes, completionBytes } = memory;
    if (depth < 1 || commandBytes[0].length !== fileCommand.size) {
      throw new RangeError(`queue memory has commands of ${commandBytes[0]?.length} bytes`);
    }
    if (completionBytes[0].length !== fileCompletion.size) {
      throw new RangeError(`queue memory has completions of ${completionBytes[0].length} bytes`);
    }
    this.memory = memory;
    this.targets = new Array(devicesMax).fill(undefined);
    this.names = Int32Array.from({ length: devicesMax }, (_, number) => number);
  }

  bind(device: number, target: CommandTarget): void {
    if (!isFileTarget(target)) throw new TypeError(`a ${target.family} target is no file`);
    if (!Number.isInteger(device) || device < 0 || device >= this.targets.length) {
      throw new RangeError(`device number ${device} is not within 0..${this.targets.length - 1}`);
    }
    this.targets[device] = target;
  }

  copy(
    slot: number,
    device: number,
    low: number,
    high: number,
    window: Int32Array,
    base: number,
    count: number,
    cursor: Int32Array,
    cursorAt: number,
  ): number {
    if (cursor[cursorAt + CURSOR_RANGE] >= count) {
      cursor[cursorAt + CURSOR_BLOCKS] = 0;
      return 0;
    }
    const target = this.targets[device] as FileTarget;
    const { bytesPerBlock, limits } = target;
    const offset = joinWords(low, high) * bytesPerBlock;
    const at = base + cursor[cursorAt + CURSOR_RANGE] * RANGE_WORDS;
    const skip = cursor[cursorAt + CURSOR_OFFSET];
    const source = this.targets[window[at + RANGE_DEVICE]] as FileTarget;
    const from = joinWords(window[at + RANGE_LOW], window[at + RANGE_HIGH]) + skip;
    const blocksMax = Math.min(limits.copyRangeBlocksMax ?? 1, COMMAND_BLOCKS_MAX);
    const blocks = pieceBlocks(
      from * bytesPerBlock,
      offset,
      Math.min(window[at + RANGE_BLOCKS] - skip, blocksMax),
      bytesPerBlock,
      target.bytesPerFileSystemBlock,
    );
    const bounds = { rangesMax: 1, rangeBlocksMax: blocks, blocksMax: blocks };
    const { planned, names } = this;
    planCommand(window, base, count, cursor, cursorAt, bounds, planned, 0, windowLayout, names);
    this.put(slot, {
      operation: fileOperation.copy,
      sourceFile: source.file,
      file: target.file,
      sourceOffset: from * bytesPerBlock,
      offset,
      bytes: blocks * bytesPerBlock,
    });
    return 1;
  }

  blocksDone(slot: number, device: number): number {
    const { bytesPerBlock } = this.targets[device] as FileTarget;
    return Math.floor(this.bytesDone(slot) / bytesPerBlock);
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.transfer(slot, fileOperation.read, device, low, high, blocks);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.transfer(slot, fileOperation.write, device, low, high, blocks);
  }

  flush(slot: number, device: number): void {
    const { file } = this.targets[device] as FileTarget;
    this.put(slot, { operation: fileOperation.flush, file });
  }

  listBytesOf(): number {
    return 0;
  }

  interpret(slot: number): number {
    return coreStatusOf(this.errnoOf(slot));
  }

  isRetryable(slot: number): boolean {
    return isRetryable(this.errnoOf(slot));
  }

  describe(slot: number): DeviceStatus {
    const [means] = this.memory.completionBytes[slot];
    return describeFile(means, this.errnoOf(slot), this.bytesDone(slot));
  }

  reaches(device: number, source: number): boolean {
    const target = this.targets[device];
    return target?.copyRefusal === undefined && this.targets[source]?.copyRefusal === undefined;
  }

  private transfer(
    slot: number,
    operation: number,
    device: number,
    low: number,
    high: number,
    blocks: number,
  ): void {
    const { file, bytesPerBlock } = this.targets[device] as FileTarget;
    const offset = joinWords(low, high) * bytesPerBlock;
    this.put(slot, { operation, file, offset, bytes: blocks * bytesPerBlock });
  }

  /** Writes a command, and unmakes the completion of the slot's earlier one. */
  private put(slot: number, command: Parameters<typeof fileCommand.encode>[0]): void {
    fileCommand.encode(command, this.memory.commandBytes[slot]);
    fileCompletion.encode({ errno: EINPROGRESS }, this.memory.completionBytes[slot]);
  }

  private viewOf(slot: number): DataView {
    const { buffer, byteOffset, length } = this.memory.completionBytes[slot];
    return new DataView(buffer, byteOffset, length);
  }

  private errnoOf(slot: number): number {
    return this.viewOf(slot).getUint32(ERRNO_AT, true);
  }

  private bytesDone(slot: number): number {
    return Number(this.viewOf(slot).getBigUint64(BYTES_AT, true));
  }
}

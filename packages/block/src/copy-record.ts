import {
  type DeviceStatus,
  type HostCopyMeans,
  type StatusName,
  status,
  statusName,
} from "@blockferry/core";

/** Rows of numbers that grow: results of copies of millions of commands stay small. */
class Columns {
  private doubles: Float64Array;
  private words: Int32Array;
  private readonly width: number;
  count = 0;

  constructor(width: number) {
    this.width = width;
    this.doubles = new Float64Array(64);
    this.words = new Int32Array(64 * width);
  }

  push(double: number, a: number, b: number, c: number, d: number): number {
    const row = this.count++;
    if (row === this.doubles.length) {
      const doubles = new Float64Array(row * 2);
      doubles.set(this.doubles);
      this.doubles = doubles;
      const words = new Int32Array(row * 2 * this.width);
      words.set(this.words);
      this.words = words;
    }
    this.doubles[row] = double;
    const at = row * this.width;
    this.words[at] = a;
    this.words[at + 1] = b;
    this.words[at + 2] = c;
    this.words[at + 3] = d;
    return row;
  }

  double(row: number): number {
    return this.doubles[row];
  }

  word(row: number, column: number): number {
    return this.words[row * this.width + column];
  }

  setWord(row: number, column: number, value: number): void {
    this.words[row * this.width + column] = value;
  }

  /** Row numbers in ascending order of their double. */
  order(): Int32Array {
    const order = Int32Array.from({ length: this.count }, (_, i) => i);
    for (let i = 1; i < this.count; i++) {
      if (this.doubles[i - 1] > this.doubles[i])
        return order.sort((a, b) => this.doubles[a] - this.doubles[b]);
    }
    return order;
  }
}

/**
 * How blocks got where they are: by a command of the device, by the host's kernel (as a shared extent, or in a way that it
 * does not tell), through the host, or not at all.
 */
export type CopyMeans = "offload" | HostCopyMeans | "emulated" | "none";

/** One command that a copy sent. */
export interface CommandRecord {
  readonly index: number;
  readonly device: string;
  /** First block of its destination, on that device. */
  readonly destination: number;
  readonly blocks: number;
  readonly ranges: number;
  readonly status: StatusName;
  readonly deviceStatus?: DeviceStatus;
}

/** Consecutive blocks of a copy that met the same fate at the same time. */
export interface CopySpan {
  /** Blocks from the start of the copy. */
  readonly offset: number;
  readonly blocks: number;
  readonly means: CopyMeans;
  readonly status: StatusName;
  /** Index of the command that carried the blocks, or refused to. */
  readonly command?: number;
  readonly deviceStatus?: DeviceStatus;
}

const SPAN_BLOCKS = 0;
const SPAN_MEANS = 1;
const SPAN_STATUS = 2;
const SPAN_COMMAND = 3;
const MEANS: readonly CopyMeans[] = ["offload", "emulated", "none"];

const COMMAND_DEVICE = 0;
const COMMAND_BLOCKS = 1;
const COMMAND_RANGES = 2;
const COMMAND_STATUS = 3;

/** Everything that became of one copy, in columns. */
export class CopyRecord {
  private readonly spanRows = new Columns(4);
  private readonly commandRows = new Columns(4);
  private readonly refusals = new Columns(4);
  private readonly deviceStatuses = new Map<number, DeviceStatus>();
  private readonly deviceNames: readonly string[];

  constructor(deviceNames: readonly string[]) {
    this.deviceNames = deviceNames;
  }

  issued(device: number, lba: number, blocks: number, ranges: number): number {
    return this.commandRows.push(lba, device, blocks, ranges, -1);
  }

  answered(command: number, value: number, deviceStatus: DeviceStatus | undefined): void {
    this.commandRows.setWord(command, COMMAND_STATUS, value);
    if (deviceStatus !== undefined) this.deviceStatuses.set(command, deviceStatus);
  }

  refused(offset: number, blocks: number, value: number, command: number): void {
    this.refusals.push(offset, blocks, 0, value, command);
  }

  outcome(offset: number, blocks: number, emulated: boolean, value: number, command: number): void {
    const means = value !== status.success ? 2 : emulated ? 1 : 0;
    this.spanRows.push(offset, blocks, means, value, command);
  }

  /** What a command that succeeded did: an offload, unless it told otherwise. */
  meansOf(command: number): "offload" | HostCopyMeans {
    return this.deviceStatuses.get(command)?.means ?? "offload";
  }

  get commandCount(): number {
    return this.commandRows.count;
  }

  *commands(): Generator<CommandRecord> {
    const rows = this.commandRows;
    for (let index = 0; index < rows.count; index++) {
      const deviceStatus = this.deviceStatuses.get(index);
      const value = rows.word(index, COMMAND_STATUS);
      yield {
        index,
        device: this.deviceNames[rows.word(index, COMMAND_DEVICE)],
        destination: rows.double(index),
        blocks: rows.word(index, COMMAND_BLOCKS),
        ranges: rows.word(index, COMMAND_RANGES),
        status: value < 0 ? "timeout" : statusName(value),
        ...(deviceStatus === undefined ? {} : { deviceStatus }),
      };
    }
  }

  /** Spans in the order of the copy. */
  *spans(): Generator<CopySpan> {
    const rows = this.spanRows;
    const commandAt = this.refusingCommands();
    for (const row of rows.order()) {
      const begin = rows.double(row);
      const end = begin + rows.word(row, SPAN_BLOCKS);
      const command = rows.word(row, SPAN_COMMAND);
      if (command >= 0) {
        yield this.span(row, begin, end, command);
        continue;
      }
      // What the host copied, or failed to, was refused before, perhaps by several commands.
      for (let offset = begin; offset < end; ) {
        const refused = commandAt(offset, end);
        yield this.span(row, offset, refused.end, refused.command);
        offset = refused.end;
      }
    }
  }

  /** Tells, for places of the copy in ascending order, which command refused the blocks from there on, and up to where. */
  private refusingCommands(): (offset: number, most: number) => { command: number; end: number } {
    const { refusals } = this;
    const order = refusals.order();
    let next = 0;
    return (offset, most) => {
      const endOf = (at: number): number => refusals.double(at) + refusals.word(at, SPAN_BLOCKS);
      while (next < order.length && endOf(order[next]) <= offset) next++;
      if (next === order.length) return { command: -1, end: most };
      const at = order[next];
      const begin = refusals.double(at);
      if (begin > offset) return { command: -1, end: Math.min(most, begin) };
      return { command: refusals.word(at, SPAN_COMMAND), end: Math.min(most, endOf(at)) };
    };
  }

  private span(row: number, offset: number, end: number, command: number): CopySpan {
    const rows = this.spanRows;
    const deviceStatus = this.deviceStatuses.get(command);
    const kind = MEANS[rows.word(row, SPAN_MEANS)];
    const isCarried = kind === "offload";
    const means = isCarried ? this.meansOf(command) : kind;
    return {
      offset,
      blocks: end - offset,
      means,
      status: statusName(rows.word(row, SPAN_STATUS)),
      ...(command < 0 ? {} : { command }),
      ...(deviceStatus === undefined || isCarried ? {} : { deviceStatus }),
    };
  }
}

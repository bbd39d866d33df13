import {
  type CommandEncoder,
  type CommandTarget,
  type DeviceStatus,
  type QueueMemory,
  status,
} from "@blockferry/core";
import {
  type CommandBounds,
  planCommand,
  plannedBlocks,
  RANGE_WORDS,
  windowLayout,
} from "@blockferry/core/plan";
import { answerOf, describeAnswer, meaningOfAnswer } from "./answer.ts";
import {
  type BlockCommands,
  blockCommands,
  checkMemory,
  checkWhole,
  expectAnswer,
  lunBytes,
  opcode,
} from "./block-commands.ts";
import { CSCD_BYTES, cscdDescriptor } from "./codec/copy/cscd.ts";
import { cscdOfDesignator } from "./codec/inquiry/designator.ts";
import type { ExtendedCopyOptions } from "./command-options.ts";
import { boundsFor } from "./copy-bounds.ts";
import type { CopyListHeader } from "./copy-list-header.ts";
import { type NamedUnits, namedUnits, nameUnits } from "./copy-units.ts";
import type { ListIdentifierSpace, ListIdentifiers } from "./list-identifiers.ts";
import { type SegmentForm, segmentForm, writeSegments } from "./segment-form.ts";
import { type EncodableUnit, isEncodable } from "./unit.ts";
import { swapped, wordsOf } from "./wire-words.ts";

/** Word of a command that begins with the operation code, behind the logical unit number. */
const CODE_WORD = 2;
/** PARAMETER LIST LENGTH is in bytes 18 to 21 of a command: the upper half of this word and the lower of the next. */
const LENGTH_WORD = 4;
/** Words behind a list that note what it is prepared for. */
export const COPY_TRAILER_WORDS = 16;
const CSCD_WORDS = CSCD_BYTES / 4;

/** A logical unit as the encoder knows it under a device number. */
interface BoundUnit {
  readonly unit: EncodableUnit;
  readonly lun: Uint8Array;
  readonly lunWords: Int32Array;
  /** `undefined`: the unit carries out no EXTENDED COPY. */
  readonly bounds: CommandBounds | undefined;
  readonly form: SegmentForm;
  readonly cscd: Int32Array | undefined;
  /** Logical units that one command can name. */
  readonly unitsMax: number;
}

function cscdOf(unit: EncodableUnit): Int32Array | undefined {
  const { extendedCopy, deviceType, bytesPerBlock } = unit;
  if (extendedCopy === undefined) return undefined;
  const options = { peripheralDeviceType: deviceType, blockLength: bytesPerBlock };
  return wordsOf(cscdDescriptor.encode(cscdOfDesignator(extendedCopy.designator, options)));
}

/**
 * Fills queue memory with EXTENDED COPY commands and their parameter lists: one segment descriptor for each range, one
 * CSCD descriptor for each logical unit that is involved. The command goes to the unit that is written.
 */
export class ExtendedCopyEncoder implements CommandEncoder {
  declare private readonly memory: QueueMemory;
  declare private readonly options: ExtendedCopyOptions;
  declare private readonly header: CopyListHeader;
  declare private readonly identifiers: ListIdentifiers | undefined;
  declare private readonly blocks: BlockCommands;
  declare private readonly units: (BoundUnit | undefined)[];
  /** The first device number that has the same logical unit. */
  declare private readonly unitOf: Int32Array;
  declare private readonly named: NamedUnits;
  /** CSCD descriptor IDs where all is one unit. */
  declare private readonly alone: Int32Array;
  declare private plan: Int32Array;
  declare private areSeveral: boolean;

  constructor(
    memory: QueueMemory,
    devicesMax: number,
    options: ExtendedCopyOptions,
    header: CopyListHeader,
    identifiers: ListIdentifierSpace | undefined,
  ) {
    checkMemory(memory);
    this.memory = memory;
    this.options = options;
    this.header = header;
    this.identifiers = identifiers?.forQueue(memory.depth);
    this.blocks = blockCommands(memory, options);
    this.units = Array.from({ length: devicesMax }, () => undefined);
    this.unitOf = new Int32Array(devicesMax);
    this.named = namedUnits(devicesMax);
    this.alone = new Int32Array(devicesMax);
    this.plan = new Int32Array(0);
    this.areSeveral = false;
  }

  bind(device: number, target: CommandTarget): void {
    if (!isEncodable(target)) throw new TypeError(`a ${target.family} target is no logical unit`);
    checkWhole("the device number", device, 0, this.units.length - 1);
    const bounds = boundsFor(target, "pairs");
    const form = segmentForm(target.extendedCopy?.segmentType ?? 0x02);
    const unitsMax = target.extendedCopy?.cscdsMax ?? 1;
    const lun = lunBytes(target.lun);
    this.units[device] = {
      unit: target,
      lun,
      lunWords: wordsOf(lun),
      bounds,
      form,
      cscd: cscdOf(target),
      unitsMax,
    };
    this.units.forEach((bound, number) => {
      if (bound === undefined) return;
      this.unitOf[number] = this.units.findIndex((one) => one?.unit.lun === bound.unit.lun);
    });
    const luns = new Set(this.units.flatMap((one) => (one === undefined ? [] : [one.unit.lun])));
    this.areSeveral = luns.size > 1;
    for (const one of this.units) if (one !== undefined) this.makeRoom(one, luns.size);
    this.forgetLists();
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
    const { plan, header, named } = this;
    const target = this.units[device] as BoundUnit;
    const bounds = target.bounds as CommandBounds;
    const { form } = target;
    let end = count;
    let ids = this.alone;
    let destinationId = 0;
    let cscds = 1;
    if (this.areSeveral) {
      const { unitOf } = this;
      const { unitsMax } = target;
      nameUnits(named, window, base, count, cursor, cursorAt, bounds, device, unitOf, unitsMax);
      ids = named.ids;
      end = named.end;
      destinationId = named.destinationId;
      cscds = named.count;
    } else {
      named.order[0] = this.unitOf[device];
    }
    this.prepareList(slot, cscds);
    const ranges = planCommand(
      window,
      base,
      end,
      cursor,
      cursorAt,
      bounds,
      plan,
      0,
      windowLayout,
      ids,
    );
    const { lists, listWords } = this.memory;
    const listAt = slot * listWords;
    const segmentsAt = listAt + header.words + cscds * CSCD_WORDS;
    const { bytesPerBlock } = target.unit;
    writeSegments(form, plan, ranges, destinationId, low, high, bytesPerBlock, lists, segmentsAt);
    const segmentBytes = ranges * form.bytes;
    const identifier = this.identifiers?.of(slot, this.memory.generation[slot]) ?? 0;
    header.fill(lists, listAt, identifier, cscds * CSCD_BYTES, segmentBytes);
    this.writeCommand(slot, target, header.words * 4 + cscds * CSCD_BYTES + segmentBytes);
    return ranges;
  }

  blocksDone(
    slot: number,
    device: number,
    window: Int32Array,
    base: number,
    count: number,
    firstRange: number,
    firstOffset: number,
  ): number {
    const { bounds } = this.units[device] as BoundUnit;
    const segments = this.segmentsDone(slot);
    if (segments === 0 || bounds === undefined) return 0;
    return plannedBlocks(window, base, count, firstRange, firstOffset, bounds, segments);
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.blocks.read(slot, (this.units[device] as BoundUnit).lun, low, high, blocks);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.blocks.write(slot, (this.units[device] as BoundUnit).lun, low, high, blocks);
  }

  flush(slot: number, device: number): void {
    this.blocks.flush(slot, (this.units[device] as BoundUnit).lun);
  }

  listBytesOf(slot: number): number {
    const { commands, commandWords } = this.memory;
    const at = slot * commandWords;
    if ((commands[at + CODE_WORD] & 0xff) !== opcode.thirdPartyCopyOut) return 0;
    return swapped((commands[at + LENGTH_WORD] >>> 16) | (commands[at + LENGTH_WORD + 1] << 16));
  }

  interpret(slot: number): number {
    const { completions, completionWords } = this.memory;
    if ((completions[slot * completionWords] & 0xff) === 0) return status.success;
    return this.meaningOf(slot).status;
  }

  isRetryable(slot: number): boolean {
    return this.meaningOf(slot).isRetryable;
  }

  describe(slot: number): DeviceStatus {
    return describeAnswer(answerOf(this.memory.completionBytes[slot]));
  }

  reaches(device: number, source: number): boolean {
    const target = this.units[device];
    const from = this.units[source];
    if (target?.bounds === undefined || from === undefined) return false;
    if (target.unit.lun === from.unit.lun) return true;
    if (from.cscd === undefined || target.unitsMax < 2) return false;
    const { copyCrossDevice } = target.unit.limits;
    return copyCrossDevice === true && target.unit.bytesPerBlock === from.unit.bytesPerBlock;
  }

  /** What lists are prepared for is noted by device number: it means nothing once a number means another unit. */
  private forgetLists(): void {
    const { lists, listWords, depth } = this.memory;
    for (let slot = 1; slot <= depth; slot++) lists[slot * listWords - 1] = 0;
  }

  /** Writes what does not change from command to command: head of the list and the units that it names. */
  private prepareList(slot: number, cscds: number): void {
    const { named, header } = this;
    const { lists, listWords } = this.memory;
    const key = this.keyOf(cscds);
    const listAt = slot * listWords;
    const noted = listAt + listWords - 1;
    if (key !== 0 && lists[noted] === key) return;
    header.prepare(lists, listAt);
    for (let id = 0; id < cscds; id++) {
      const { cscd } = this.units[named.order[id]] as BoundUnit;
      lists.set(cscd as Int32Array, listAt + header.words + id * CSCD_WORDS);
    }
    lists[noted] = key;
  }

  /** A number for the units that are named, 0 where there are more than two. */
  private keyOf(cscds: number): number {
    const { order } = this.named;
    const most = this.units.length + 1;
    if (cscds > 2) return 0;
    return order[0] + 1 + (cscds === 1 ? 0 : most * (order[1] + 1));
  }

  private writeCommand(slot: number, target: BoundUnit, listBytes: number): void {
    const { commands, commandWords } = this.memory;
    const at = slot * commandWords;
    const length = swapped(listBytes);
    commands[at] = target.lunWords[0];
    commands[at + 1] = target.lunWords[1];
    commands[at + CODE_WORD] = opcode.thirdPartyCopyOut | (this.header.serviceAction << 8);
    commands[at + 3] = 0;
    commands[at + LENGTH_WORD] = length << 16;
    commands[at + LENGTH_WORD + 1] = length >>> 16;
    expectAnswer(this.memory, slot);
  }

  private meaningOf(slot: number): { readonly status: number; readonly isRetryable: boolean } {
    const answer = answerOf(this.memory.completionBytes[slot]);
    return meaningOfAnswer(answer, this.options.senseMeanings);
  }

  /** How many segments the copy manager has certainly processed: those before the one that failed (SPC-4 6.4.6.1). */
  private segmentsDone(slot: number): number {
    if (this.options.trustSegmentsDone === false || this.listBytesOf(slot) === 0) return 0;
    const { sense } = answerOf(this.memory.completionBytes[slot]);
    if (sense === undefined || sense.deferred) return 0;
    return sense.copySegment ?? 0;
  }

  /** The plan of one command is kept beside queue memory: it is used up before `copy` returns. */
  private makeRoom({ unit, bounds, form, unitsMax }: BoundUnit, units: number): void {
    if (bounds === undefined) return;
    const { header } = this;
    const segmentBytes = bounds.rangesMax * form.bytes;
    const bytes = header.words * 4 + Math.min(unitsMax, units) * CSCD_BYTES + segmentBytes;
    const room = (this.memory.listWords - COPY_TRAILER_WORDS) * 4;
    if (bytes > room || segmentBytes > header.segmentBytesMax) {
      throw new RangeError(
        `unit ${unit.lun} takes lists of ${bytes} bytes, queue memory has room for ${Math.min(room, header.segmentBytesMax)}`,
      );
    }
    const words = bounds.rangesMax * RANGE_WORDS;
    if (this.plan.length < words) this.plan = new Int32Array(words);
  }
}

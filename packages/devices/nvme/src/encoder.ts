import type { CommandEncoder, CommandTarget, DeviceStatus, QueueMemory } from "@blockferry/core";
import { FerryError, status } from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  planCommand,
  plannedBlocks,
  RANGE_BLOCKS,
  RANGE_DEVICE,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import { formatsAgree } from "./block-format.ts";
import { completionQueueEntry } from "./codec/completion.ts";
import { copyCommand } from "./codec/copy-command.ts";
import type { NvmeCommandOptions } from "./command-options.ts";
import {
  type CommandTags,
  type CommandTemplates,
  commandTemplates,
  type EncodableNamespace,
  type ListForm,
  PSDT_SGL,
} from "./command-templates.ts";
import { CQE_BYTES, opcode, SQE_BYTES } from "./queue-entry.ts";
import { coreStatuses, describeCompletion, retryableStatuses } from "./status-map.ts";

// Dwords that are written by hand. Local constants, so that the compiler sees their values.
const SQE_WORDS = SQE_BYTES / 4;
const SQE_SLOT_SHIFT = Math.log2(SQE_WORDS);
const HEAD = copyCommand.field("opc").dword;
const NSID = copyCommand.field("nsid").dword;
/** Bytes 11:08 of the SGL descriptor in DPTR: its length. */
const DATA_LENGTH = copyCommand.field("dptr").dword + 2;
const ADDRESS_LOW = copyCommand.field("sdlba").dword;
const ADDRESS_HIGH = ADDRESS_LOW + 1;
const CDW12 = copyCommand.field("nr").dword;
const CQE_WORDS = CQE_BYTES / 4;
const CQE_SLOT_SHIFT = Math.log2(CQE_WORDS);
const CQE_RESULT = completionQueueEntry.field("dw0").dword;
const CQE_STATUS = completionQueueEntry.field("sc").dword;
const STATUS_SHIFT = completionQueueEntry.field("sc").shift as number;
/** SCT and SC. */
const STATUS_MASK = 0x7ff;
const OPCODE_COPY = opcode.copy;
const COPY_HEAD = OPCODE_COPY | PSDT_SGL;

/** Words behind the entries of a list; the last holds the number of the form that the list is prepared for. */
export const LIST_TRAILER_WORDS = 16;
const SHORT_ENTRY_WORDS = 8;
const CID_BITS = 16;
/** A queue may have at most so many slots that one bit of the command identifier is left to tell commands apart. */
const DEPTH_MAX = 2 ** (CID_BITS - 1) - 1;

/** True for what a queue of this command set can be put in front of. */
function isEncodable(target: CommandTarget): target is CommandTarget & EncodableNamespace {
  return target.family === "nvme" && "nsid" in target && "copyFormats" in target;
}

function checkMemory(memory: QueueMemory): void {
  const { depth, commandWords, completionWords } = memory;
  if (commandWords !== SQE_WORDS || completionWords !== CQE_WORDS) {
    throw new RangeError(
      `queue memory has commands of ${commandWords * 4} and completions of ${completionWords * 4} bytes; NVMe has 64 and 16`,
    );
  }
  if (!Number.isInteger(depth) || depth < 1 || depth > DEPTH_MAX) {
    throw new RangeError(`a queue has 1..${DEPTH_MAX} slots, not ${depth}`);
  }
}

/**
 * Fills queue memory with NVMe commands. All that it remembers of a slot stands in queue memory itself, so that
 * memory put back to an earlier state is still understood.
 */
export class NvmeEncoder implements CommandEncoder {
  private readonly commands: Int32Array;
  private readonly lists: Int32Array;
  private readonly listWords: number;
  private readonly completions: Int32Array;
  private readonly generation: Int32Array;
  /** Bits of the command identifier below the generation. Depth never fills them, so that no identifier is FFFFh. */
  private readonly generationShift: number;
  private readonly options: NvmeCommandOptions;
  private readonly rangesDoneTrusted: boolean;
  private readonly sourcesApart: boolean;
  private readonly namespaces: (EncodableNamespace | undefined)[] = [];
  private readonly targets: (CommandTemplates | undefined)[] = [];
  private readonly formNumbers: Map<string, number> = new Map();
  /** By device number: number of the form of its lists, inside a namespace and across. */
  private readonly sameForm: Int32Array;
  private readonly crossForm: Int32Array;
  private readonly names: Int32Array;

  constructor(memory: QueueMemory, devicesMax: number, options: NvmeCommandOptions) {
    checkMemory(memory);
    this.commands = memory.commands;
    this.lists = memory.lists;
    this.listWords = memory.listWords;
    this.completions = memory.completions;
    this.generation = memory.generation;
    this.generationShift = CID_BITS + (32 - Math.clz32(memory.depth));
    this.options = options;
    this.rangesDoneTrusted = options.trustRangesDone !== false;
    this.sourcesApart = options.separateSourceNamespaces === true;
    this.sameForm = new Int32Array(devicesMax);
    this.crossForm = new Int32Array(devicesMax);
    this.names = new Int32Array(devicesMax);
    for (let i = 0; i < devicesMax; i++) {
      this.namespaces.push(undefined);
      this.targets.push(undefined);
    }
  }

  bind(device: number, target: CommandTarget): void {
    if (!isEncodable(target)) {
      throw new TypeError(`a target of family ${target.family} is no namespace`);
    }
    if (!Number.isInteger(device) || device < 0 || device >= this.names.length) {
      throw new RangeError(`device number ${device} is not within 0..${this.names.length - 1}`);
    }
    const templates = commandTemplates(target, this.options);
    const { bounds, same, cross } = templates;
    for (const form of [same, cross]) {
      if (bounds === undefined || form === undefined) continue;
      const bytes = bounds.rangesMax * form.entryBytes;
      if (bytes > (this.listWords - LIST_TRAILER_WORDS) * 4) {
        throw new RangeError(
          `namespace ${target.nsid} takes lists of ${bytes} bytes, more than queue memory has room for`,
        );
      }
    }
    this.namespaces[device] = target;
    this.targets[device] = templates;
    this.names[device] = target.nsid;
    this.sameForm[device] = same === undefined ? -1 : this.formNumber(same);
    this.crossForm[device] = cross === undefined ? -1 : this.formNumber(cross);
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
    const target = this.targets[device] as CommandTemplates;
    let form = target.same as ListForm;
    let number = this.sameForm[device];
    let end = count;
    if (target.cross !== undefined) {
      if (this.sourcesApart)
        end = this.runEnd(window, base, count, cursor[cursorAt + CURSOR_RANGE]);
      if (this.hasForeign(device, window, base, end, cursor, cursorAt)) {
        form = target.cross;
        number = this.crossForm[device];
      }
    }
    const { lists, listWords, commands } = this;
    const listAt = Math.imul(slot, listWords);
    if (lists[listAt + listWords - 1] !== number) this.prepareList(listAt, form, number);
    const bounds = target.bounds as CommandBounds;
    const ranges = planCommand(
      window,
      base,
      end,
      cursor,
      cursorAt,
      bounds,
      lists,
      listAt,
      form.layout,
      this.names,
    );
    const at = slot << SQE_SLOT_SHIFT;
    this.prepare(slot, target.copy, COPY_HEAD, target.nsid);
    commands[at + DATA_LENGTH] = Math.imul(ranges, form.entryBytes);
    commands[at + ADDRESS_LOW] = low;
    commands[at + ADDRESS_HIGH] = high;
    commands[at + CDW12] = form.cdw12 | (ranges - 1);
    if (target.tags !== undefined) this.writeTags(at, listAt, ranges, form, target.tags);
    return ranges;
  }

  copiedBlocks(
    device: number,
    window: Int32Array,
    base: number,
    count: number,
    firstRange: number,
    firstOffset: number,
    ranges: number,
  ): number {
    const { bounds } = this.targets[device] as CommandTemplates;
    return plannedBlocks(
      window,
      base,
      count,
      firstRange,
      firstOffset,
      bounds as CommandBounds,
      ranges,
    );
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    const target = this.targets[device] as CommandTemplates;
    this.transfer(slot, target, target.read, low, high, blocks);
    if (target.tags !== undefined) {
      target.tags.source.writeCommand(this.commands, slot << SQE_SLOT_SHIFT, low, high);
    }
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    const target = this.targets[device] as CommandTemplates;
    this.transfer(slot, target, target.write, low, high, blocks);
    if (target.tags !== undefined) {
      target.tags.destination.writeCommand(this.commands, slot << SQE_SLOT_SHIFT, low, high);
    }
  }

  flush(slot: number, device: number): void {
    const target = this.targets[device] as CommandTemplates;
    this.prepare(slot, target.flush, opcode.flush, target.nsid);
  }

  listBytesOf(slot: number): number {
    const at = slot << SQE_SLOT_SHIFT;
    return (this.commands[at] & 0xff) === OPCODE_COPY ? this.commands[at + DATA_LENGTH] : 0;
  }

  interpret(slot: number): number {
    const word = this.completions[(slot << CQE_SLOT_SHIFT) + CQE_STATUS];
    // A completion of an earlier command in this slot says nothing of this one.
    if (((word ^ (this.commands[slot << SQE_SLOT_SHIFT] >>> CID_BITS)) & 0xffff) !== 0) {
      return status.deviceError;
    }
    return coreStatuses[(word >>> STATUS_SHIFT) & STATUS_MASK];
  }

  isRetryable(slot: number): boolean {
    if (this.isStale(slot)) return false;
    const word = this.completions[(slot << CQE_SLOT_SHIFT) + CQE_STATUS];
    return word >= 0 && retryableStatuses[(word >>> STATUS_SHIFT) & STATUS_MASK] !== 0;
  }

  rangesDone(slot: number): number {
    const at = slot << SQE_SLOT_SHIFT;
    if ((this.commands[at] & 0xff) !== OPCODE_COPY || this.isStale(slot)) return 0;
    const ranges = (this.commands[at + CDW12] & 0xff) + 1;
    const completion = slot << CQE_SLOT_SHIFT;
    if (((this.completions[completion + CQE_STATUS] >>> STATUS_SHIFT) & STATUS_MASK) === 0)
      return ranges;
    if (!this.rangesDoneTrusted) return 0;
    // DW0 names the first range that was not copied; one behind the last range names nothing.
    const done = this.completions[completion + CQE_RESULT] >>> 0;
    return done < ranges ? done : 0;
  }

  describe(slot: number): DeviceStatus {
    const completion = slot << CQE_SLOT_SHIFT;
    const expected = this.commands[slot << SQE_SLOT_SHIFT] >>> CID_BITS;
    return describeCompletion(
      this.completions[completion + CQE_RESULT],
      this.completions[completion + CQE_STATUS],
      expected,
    );
  }

  reaches(device: number, source: number): boolean {
    const target = this.targets[device];
    const destination = this.namespaces[device];
    const from = this.namespaces[source];
    if (target?.same === undefined || destination === undefined || from === undefined) return false;
    if (device === source || destination.nsid === from.nsid) return true;
    if (target.cross === undefined) return false;
    return formatsAgree(destination.format, from.format, this.options.protection);
  }

  /** Makes a slot's submission queue entry one of this kind, for this namespace, with a command identifier of its own. */
  private prepare(slot: number, template: Int32Array, head: number, nsid: number): void {
    const words = this.commands;
    const at = slot << SQE_SLOT_SHIFT;
    if ((words[at] & 0xffff) !== head || words[at + NSID] !== nsid) words.set(template, at);
    words[at] = head | (slot << CID_BITS) | (this.generation[slot] << this.generationShift);
  }

  /** Fills a slot's list with the words that no range changes, and notes what it is filled with. */
  private prepareList(listAt: number, form: ListForm, number: number): void {
    const { lists } = this;
    const last = listAt + this.listWords - 1;
    lists.fill(0, listAt, last);
    const end = last - form.entryWords;
    for (let i = 0; i < form.entryWords; i++) {
      if (form.entry[i] === 0) continue;
      for (let at = listAt; at <= end; at += form.entryWords) lists[at + i] = form.entry[i];
    }
    lists[last] = number;
  }

  private writeTags(
    at: number,
    listAt: number,
    ranges: number,
    form: ListForm,
    tags: CommandTags,
  ): void {
    const { commands, lists } = this;
    tags.destination.writeCommand(
      commands,
      at,
      commands[at + ADDRESS_LOW],
      commands[at + ADDRESS_HIGH],
    );
    const { shortReferenceTag, longReferenceTag } = tags.order;
    for (let i = 0; i < ranges; i++) {
      const entry = listAt + i * form.entryWords;
      if (form.entryWords === SHORT_ENTRY_WORDS) {
        tags.source.writeShortEntry(lists, entry, shortReferenceTag);
      } else {
        tags.source.writeLongEntry(lists, entry, longReferenceTag);
      }
    }
  }

  private transfer(
    slot: number,
    target: CommandTemplates,
    template: Int32Array,
    low: number,
    high: number,
    blocks: number,
  ): void {
    if (target.transferBytes === undefined) {
      throw new FerryError(
        "FERRY_NVME_METADATA",
        `reads and writes of namespace ${target.nsid} would lose its metadata`,
        {
          hint: "Copy inside the device only, or let the controller make and strip protection information.",
        },
      );
    }
    this.prepare(slot, template, template[HEAD], target.nsid);
    const words = this.commands;
    const at = slot << SQE_SLOT_SHIFT;
    words[at + DATA_LENGTH] = Math.imul(blocks, target.transferBytes);
    words[at + ADDRESS_LOW] = low;
    words[at + ADDRESS_HIGH] = high;
    words[at + CDW12] = template[CDW12] | (blocks - 1);
  }

  /** The number of a form: equal for forms that prepare a list in the same way. */
  private formNumber(form: ListForm): number {
    const key = form.entry.join();
    const number = this.formNumbers.get(key) ?? this.formNumbers.size + 1;
    this.formNumbers.set(key, number);
    return number;
  }

  private isStale(slot: number): boolean {
    const word = this.completions[(slot << CQE_SLOT_SHIFT) + CQE_STATUS];
    return ((word ^ (this.commands[slot << SQE_SLOT_SHIFT] >>> CID_BITS)) & 0xffff) !== 0;
  }

  /** Where the run of ranges ends that begins at `first` and lies on one namespace. */
  private runEnd(window: Int32Array, base: number, count: number, first: number): number {
    let end = first + 1;
    const name = this.names[window[base + first * RANGE_WORDS + RANGE_DEVICE]];
    while (end < count && this.names[window[base + end * RANGE_WORDS + RANGE_DEVICE]] === name)
      end++;
    return end;
  }

  /** True when the next command will have a source on another namespace. Counts ranges as the plan does. */
  private hasForeign(
    device: number,
    window: Int32Array,
    base: number,
    count: number,
    cursor: Int32Array,
    cursorAt: number,
  ): boolean {
    const { names } = this;
    const { rangesMax, rangeBlocksMax, blocksMax } = (this.targets[device] as CommandTemplates)
      .bounds as CommandBounds;
    let offset = cursor[cursorAt + CURSOR_OFFSET];
    let ranges = 0;
    let blocks = 0;
    for (let range = cursor[cursorAt + CURSOR_RANGE]; range < count; range++) {
      const from = base + range * RANGE_WORDS;
      if (names[window[from + RANGE_DEVICE]] !== names[device]) return true;
      const left = window[from + RANGE_BLOCKS] - offset;
      offset = 0;
      ranges += Math.ceil(left / rangeBlocksMax);
      blocks += left;
      if (ranges >= rangesMax || blocks >= blocksMax) return false;
    }
    return false;
  }
}

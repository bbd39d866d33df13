import type { CommandEncoder, CommandTarget, DeviceStatus, QueueMemory } from "@blockferry/core";
import { FerryError, status } from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_OFFSET,
  CURSOR_RANGE,
  planAdjacent,
  planCommand,
  plannedBlocks,
} from "@blockferry/core/plan";
import { formatsAgree } from "./block-format.ts";
import { type BoundNamespace, isEncodable } from "./bound-namespace.ts";
import { completionQueueEntry } from "./codec/completion.ts";
import { copyCommand } from "./codec/copy-command.ts";
import type { NvmeCommandOptions } from "./command-options.ts";
import {
  type CommandTags,
  type CommandTemplates,
  type CopyTemplates,
  commandTemplates,
  type EncodableNamespace,
  PSDT_SGL,
  STRIP,
} from "./command-templates.ts";
import { type ListForm, SHORT_ENTRY_WORDS } from "./list-form.ts";
import { CQE_BYTES, opcode, SQE_BYTES } from "./queue-entry.ts";
import { describeSlot, isRetryable, rangesDone } from "./slot-completion.ts";
import { endOfRun, namesForeignSource } from "./source-names.ts";
import { coreStatuses } from "./status-map.ts";

// Dwords that are written by hand. Local constants, so that the compiler sees their values.
const SQE_WORDS = SQE_BYTES / 4;
const SQE_SHIFT = Math.log2(SQE_WORDS);
const HEAD = copyCommand.field("opc").dword;
const NSID = copyCommand.field("nsid").dword;
/** Bytes 11:08 of the SGL descriptor in DPTR: its length. */
const DATA_LENGTH = copyCommand.field("dptr").dword + 2;
/** Starting address of all commands, two words, before CDW12. */
const ADDRESS = copyCommand.field("sdlba").dword;
const CDW12 = copyCommand.field("nr").dword;
const LENGTH_FROM_ADDRESS = DATA_LENGTH - ADDRESS;
const CQE_WORDS = CQE_BYTES / 4;
const CQE_SHIFT = Math.log2(CQE_WORDS);
const STATUS = completionQueueEntry.field("sc").dword;
const STATUS_SHIFT = completionQueueEntry.field("sc").shift as number;
/** SCT and SC. */
const STATUS_MASK = 0x7ff;
const CID_BITS = 16;
const CID_MASK = 0xffff;
const COPY_HEAD = opcode.copy | PSDT_SGL;

/** Words behind the entries of a list; the last holds the number of the form that the list is prepared for. */
export const LIST_TRAILER_WORDS = 16;
/** So many slots leave at least one bit of the command identifier to tell the commands of a slot apart. */
const DEPTH_MAX = 2 ** (CID_BITS - 1) - 1;

function checkMemory(memory: QueueMemory): void {
  const { depth, commandWords, completionWords } = memory;
  if (commandWords !== SQE_WORDS || completionWords !== CQE_WORDS) {
    throw new RangeError(
      `queue memory has commands of ${commandWords * 4} and completions of ${completionWords * 4} bytes; NVMe has ${SQE_BYTES} and ${CQE_BYTES}`,
    );
  }
  if (!Number.isInteger(depth) || depth < 1 || depth > DEPTH_MAX) {
    throw new RangeError(`a queue has 1 to ${DEPTH_MAX} slots, not ${depth}`);
  }
}

/**
 * Fills queue memory with NVMe commands.
 *
 * What it remembers of a slot stands in queue memory itself, so that memory put back to an earlier state is understood:
 * the submission queue entry tells which template it was made from, the last word of a list which form the list is
 * prepared for.
 */
export class NvmeEncoder implements CommandEncoder {
  declare private readonly memory: QueueMemory;
  declare private readonly commands: Int32Array;
  declare private readonly lists: Int32Array;
  declare private readonly listWords: number;
  /** Word of a list that notes what it, and the command before it, is prepared for: a form's number, negated after another command. */
  declare private readonly trailer: number;
  declare private readonly completions: Int32Array;
  declare private readonly generation: Int32Array;
  /** Where the generation begins in a command's first word. Slots never fill the bits below it: no identifier is FFFFh. */
  declare private readonly generationShift: number;
  declare private readonly options: NvmeCommandOptions;
  declare private readonly rangesDoneTrusted: boolean;
  declare private readonly sourcesApart: boolean;
  declare private readonly targets: (BoundNamespace | undefined)[];
  /** NSID by device number. */
  declare private readonly names: Int32Array;
  declare private readonly formNumbers: Map<string, number>;
  /** True: some namespace has protection information. */
  declare private sourcesProtected: boolean;

  constructor(memory: QueueMemory, devicesMax: number, options: NvmeCommandOptions) {
    checkMemory(memory);
    this.memory = memory;
    this.commands = memory.commands;
    this.lists = memory.lists;
    this.listWords = memory.listWords;
    this.trailer = memory.listWords - 1;
    this.completions = memory.completions;
    this.generation = memory.generation;
    this.generationShift = CID_BITS + (32 - Math.clz32(memory.depth));
    this.options = options;
    this.rangesDoneTrusted = options.trustRangesDone !== false;
    this.sourcesApart = options.separateSourceNamespaces === true;
    this.targets = Array.from({ length: devicesMax }, () => undefined);
    this.names = new Int32Array(devicesMax);
    this.formNumbers = new Map();
    this.sourcesProtected = false;
  }

  bind(device: number, target: CommandTarget): void {
    if (!isEncodable(target)) throw new TypeError(`a ${target.family} target is no namespace`);
    if (!Number.isInteger(device) || device < 0 || device >= this.targets.length) {
      throw new RangeError(`device number ${device} is not within 0..${this.targets.length - 1}`);
    }
    const templates = commandTemplates(target, this.options, (key) => this.formNumber(key));
    const { copy, nsid, tags } = templates;
    if (copy !== undefined) this.checkRoom(target, copy);
    this.names[device] = nsid;
    this.targets[device] = {
      nsid,
      namespace: target,
      templates,
      tags,
      bounds: copy?.bounds as CommandBounds,
      form: copy?.same as ListForm,
      isSpecial: false,
    };
    const bound = this.targets.filter((one) => one !== undefined);
    this.sourcesProtected = bound.some((one) => one.tags !== undefined);
    const areSeveral = bound.some((one) => one.nsid !== nsid);
    for (const one of bound) {
      const { same, cross } = one.templates.copy ?? {};
      one.isSpecial =
        one.tags !== undefined ||
        same?.namesSources === true ||
        (areSeveral && cross !== undefined);
    }
    // The common case stays free of the question.
    if (bound.some((one) => one.isSpecial)) this.copy = this.copyAny;
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
    const target = this.targets[device] as BoundNamespace;
    const { lists, commands } = this;
    const { form } = target;
    const listAt = slot * this.listWords;
    if (lists[listAt + this.trailer] !== form.number) this.prepareCopy(slot, form);
    const ranges = planAdjacent(
      window,
      base,
      count,
      cursor,
      cursorAt,
      target.bounds,
      lists,
      listAt,
      form.layout,
    );
    // SDLBA and CDW12 follow each other.
    const at = (slot << SQE_SHIFT) + ADDRESS;
    commands[at - ADDRESS] =
      COPY_HEAD | (slot << CID_BITS) | (this.generation[slot] << this.generationShift);
    commands[at + LENGTH_FROM_ADDRESS] = ranges * form.entryBytes;
    commands[at] = low;
    commands[at + 1] = high;
    commands[at + 2] = form.cdw12 | (ranges - 1);
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
    const ranges = this.rangesDoneTrusted ? rangesDone(this.memory, slot) : 0;
    if (ranges === 0) return 0;
    const { bounds } = this.targets[device] as BoundNamespace;
    return plannedBlocks(window, base, count, firstRange, firstOffset, bounds, ranges);
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    const { templates, tags } = this.targets[device] as BoundNamespace;
    this.transfer(slot, templates, templates.read, low, high, blocks);
    tags?.source.writeCommand(this.commands, slot << SQE_SHIFT, low, high);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    const { templates, tags } = this.targets[device] as BoundNamespace;
    this.transfer(slot, templates, templates.write, low, high, blocks);
    tags?.destination.writeCommand(this.commands, slot << SQE_SHIFT, low, high);
  }

  flush(slot: number, device: number): void {
    this.prepare(slot, (this.targets[device] as BoundNamespace).templates.flush);
  }

  listBytesOf(slot: number): number {
    const at = slot << SQE_SHIFT;
    return (this.commands[at] & 0xff) === opcode.copy ? this.commands[at + DATA_LENGTH] : 0;
  }

  interpret(slot: number): number {
    const word = this.completions[(slot << CQE_SHIFT) + STATUS];
    // The completion of an earlier command in this slot says nothing of this one.
    if (((word ^ (this.commands[slot << SQE_SHIFT] >>> CID_BITS)) & CID_MASK) !== 0) {
      return status.deviceError;
    }
    return coreStatuses[(word >>> STATUS_SHIFT) & STATUS_MASK];
  }

  isRetryable(slot: number): boolean {
    return isRetryable(this.memory, slot);
  }

  describe(slot: number): DeviceStatus {
    return describeSlot(this.memory, slot);
  }

  reaches(device: number, source: number): boolean {
    const target = this.targets[device];
    const from = this.targets[source];
    if (target?.templates.copy === undefined || from === undefined) return false;
    if (target.nsid === from.nsid) return true;
    if (target.templates.copy.cross === undefined) return false;
    return formatsAgree(target.namespace.format, from.namespace.format, this.options.protection);
  }

  /** `copy` where some namespaces are special. */
  private copyAny(
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
    const target = this.targets[device] as BoundNamespace;
    return target.isSpecial
      ? this.copySpecial(slot, target, low, high, window, base, count, cursor, cursorAt)
      : NvmeEncoder.prototype.copy.call(
          this,
          slot,
          device,
          low,
          high,
          window,
          base,
          count,
          cursor,
          cursorAt,
        );
  }

  /** A copy with tags, or whose sources may have to be named: several namespaces, or no form without names. */
  private copySpecial(
    slot: number,
    target: BoundNamespace,
    low: number,
    high: number,
    window: Int32Array,
    base: number,
    count: number,
    cursor: Int32Array,
    cursorAt: number,
  ): number {
    const { names, lists, commands } = this;
    const { bounds, same, cross } = target.templates.copy as CopyTemplates;
    const first = cursor[cursorAt + CURSOR_RANGE];
    const offset = cursor[cursorAt + CURSOR_OFFSET];
    const end = this.sourcesApart ? endOfRun(window, base, count, first, names) : count;
    const { nsid } = target;
    const isForeign =
      cross !== undefined &&
      namesForeignSource(window, base, end, first, offset, bounds, names, nsid);
    const form = isForeign ? cross : same;
    const listAt = slot * this.listWords;
    if (lists[listAt + this.trailer] !== form.number) this.prepareCopy(slot, form);
    const { layout } = form;
    const ranges = planCommand(
      window,
      base,
      end,
      cursor,
      cursorAt,
      bounds,
      lists,
      listAt,
      layout,
      names,
    );
    const at = slot << SQE_SHIFT;
    this.identify(slot, COPY_HEAD);
    commands[at + DATA_LENGTH] = ranges * form.entryBytes;
    commands[at + ADDRESS] = low;
    commands[at + ADDRESS + 1] = high;
    const strip = isForeign && this.sourcesProtected && target.tags === undefined ? STRIP : 0;
    commands[at + CDW12] = form.cdw12 | strip | (ranges - 1);
    if (target.tags !== undefined) this.writeTags(slot, ranges, form, target.tags);
    return ranges;
  }

  /** Writes opcode, flags and a command identifier of its own into a slot's submission queue entry. */
  private identify(slot: number, head: number): void {
    this.commands[slot << SQE_SHIFT] =
      head | (slot << CID_BITS) | (this.generation[slot] << this.generationShift);
  }

  /** Makes a slot's submission queue entry one of this template, which is not a copy. */
  private prepare(slot: number, template: Int32Array): void {
    const { commands, lists } = this;
    const at = slot << SQE_SHIFT;
    const trailer = slot * this.listWords + this.trailer;
    if (lists[trailer] > 0) lists[trailer] = -lists[trailer];
    const head = template[HEAD];
    if ((commands[at] & CID_MASK) !== head || commands[at + NSID] !== template[NSID]) {
      commands.set(template, at);
    }
    this.identify(slot, head);
  }

  private transfer(
    slot: number,
    templates: CommandTemplates,
    template: Int32Array,
    low: number,
    high: number,
    blocks: number,
  ): void {
    const { transferBytes, nsid } = templates;
    if (transferBytes === undefined) {
      throw new FerryError(
        "FERRY_NVME_METADATA",
        `reads and writes of namespace ${nsid >>> 0} would lose its metadata`,
        { hint: "Copy inside the device only, or let the controller make the metadata." },
      );
    }
    this.prepare(slot, template);
    const words = this.commands;
    const at = slot << SQE_SHIFT;
    words[at + DATA_LENGTH] = blocks * transferBytes;
    words[at + ADDRESS] = low;
    words[at + ADDRESS + 1] = high;
    words[at + CDW12] = template[CDW12] | (blocks - 1);
  }

  /** Fills a slot's command and list with the words that no copy of this form changes, and notes that it did. */
  private prepareCopy(slot: number, form: ListForm): void {
    const { lists } = this;
    const { entry, entryWords, number } = form;
    this.commands.set(form.command, slot << SQE_SHIFT);
    const listAt = slot * this.listWords;
    const last = listAt + this.trailer;
    if (lists[last] !== -number) {
      lists.fill(0, listAt, last);
      if (entry.some((word) => word !== 0)) {
        for (let at = listAt; at + entryWords <= last; at += entryWords) lists.set(entry, at);
      }
    }
    lists[last] = number;
  }

  private writeTags(slot: number, ranges: number, form: ListForm, tags: CommandTags): void {
    const { commands, lists } = this;
    const at = slot << SQE_SHIFT;
    tags.destination.writeCommand(commands, at, commands[at + ADDRESS], commands[at + ADDRESS + 1]);
    const { entryWords, entryBytes, layout } = form;
    const bytes = this.memory.listBytes[slot];
    for (let i = 0; i < ranges; i++) {
      const entry = slot * this.listWords + i * entryWords;
      const low = lists[entry + layout.lowWord];
      if (entryWords === SHORT_ENTRY_WORDS) tags.source.writeShortEntry(lists, entry, low);
      else tags.source.writeLongEntry(bytes, i * entryBytes, low, lists[entry + layout.highWord]);
    }
  }

  private checkRoom(namespace: EncodableNamespace, copy: CopyTemplates): void {
    const room = (this.listWords - LIST_TRAILER_WORDS) * 4;
    for (const form of [copy.same, copy.cross]) {
      const bytes = copy.bounds.rangesMax * (form?.entryBytes ?? 0);
      if (bytes <= room) continue;
      throw new RangeError(
        `namespace ${namespace.nsid} takes lists of ${bytes} bytes, queue memory has room for ${room}`,
      );
    }
  }

  private formNumber(key: string): number {
    const number = this.formNumbers.get(key) ?? this.formNumbers.size + 1;
    this.formNumbers.set(key, number);
    return number;
  }
}

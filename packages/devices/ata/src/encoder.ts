import {
  type CommandEncoder,
  type CommandTarget,
  copyLimits,
  type DeviceStatus,
  FerryError,
  joinWords,
  type QueueMemory,
  status,
} from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_BLOCKS,
  planCommand,
  RANGE_WORDS,
  windowLayout,
} from "@blockferry/core/plan";
import { type AtaDevice, isAtaDevice } from "./ata-device.ts";
import { blocksBefore } from "./blocks-before.ts";
import { opcode } from "./codec/commands.ts";
import { registerDeviceToHost } from "./codec/fis/register-device-to-host.ts";
import { registerHostToDevice } from "./codec/fis/register-host-to-device.ts";
import {
  gatheredCount,
  gatheredFeature,
  pagesOf,
  queuedCount,
} from "./codec/write-gathered/command.ts";
import { gatheredListBytes, writeGatheredHeader } from "./codec/write-gathered/list.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";
import { provisionalLabel } from "./codec/write-gathered/provisional.ts";
import type { AtaCommandOptions } from "./command-options.ts";
import { type ListForm, listForm, packEntries, writeEntries } from "./list-form.ts";
import { requireOwnProfile } from "./provisional-use.ts";
import { COMMAND_WORDS, COMPLETION_WORDS, checkMemory, listTrailer } from "./queue-memory.ts";
import { coreStatus, describeRegisters, isWorthRetrying } from "./status-map.ts";

/** FIS type 27h, and the bit that says "command". */
const HEAD = 0x8027;
const FIS_D2H = 0x34;
const FIS_SET_DEVICE_BITS = 0xa1;
const DEVICE = 0x40;
const DEVICE_FUA = 0xc0;
const PORT_AND_FLAGS = registerHostToDevice.field("pmPort").dword;
const LBA = registerHostToDevice.field("device").dword;
const COUNT = registerHostToDevice.field("count").dword;
const AUXILIARY = registerHostToDevice.field("auxiliary").dword;
const ENDED_LBA = registerDeviceToHost.field("device").dword;
const ENDED_COUNT = registerDeviceToHost.field("count").dword;

/** What commands to one disk have in common. */
interface Bound {
  readonly device: AtaDevice;
  /** `undefined`: the disk may be sent no copy command. */
  readonly bounds: CommandBounds | undefined;
}

const writes: ReadonlySet<number> = new Set([
  opcode.writeDmaExt,
  opcode.writeDmaFuaExt,
  opcode.writeFpdmaQueued,
  opcode.sendFpdmaQueued,
  opcode.flushCacheExt,
]);

/**
 * Fills queue memory with Register Host to Device FISes and lists. All that it remembers of a slot stands in queue memory
 * itself, so that memory put back to an earlier state is still understood.
 */
export class AtaEncoder implements CommandEncoder {
  private readonly memory: QueueMemory;
  private readonly options: AtaCommandOptions;
  private readonly profile: WriteGatheredProfile;
  private readonly form: ListForm;
  /** Where ranges are planned that the list wants in another form. */
  private readonly planned: Int32Array;
  private readonly targets: (Bound | undefined)[];
  private readonly names: Int32Array;
  private readonly isQueued: boolean;

  constructor(
    memory: QueueMemory,
    devicesMax: number,
    profile: WriteGatheredProfile,
    options: AtaCommandOptions,
  ) {
    this.isQueued = options.queued === true;
    checkMemory(memory, this.isQueued);
    this.memory = memory;
    this.options = options;
    this.profile = profile;
    this.form = listForm(profile);
    const entries = this.form.kind === "words" ? 0 : profile.limits.entries;
    this.planned = new Int32Array(entries * RANGE_WORDS);
    this.targets = new Array(devicesMax).fill(undefined);
    this.names = new Int32Array(devicesMax);
  }

  bind(device: number, target: CommandTarget): void {
    if (!isAtaDevice(target)) {
      throw new TypeError(`a target of family ${target.family} is no ATA disk`);
    }
    if (!Number.isInteger(device) || device < 0 || device >= this.targets.length) {
      throw new RangeError(`device number ${device} is not within 0..${this.targets.length - 1}`);
    }
    if (this.isQueued && target.queueDepth < this.memory.depth) {
      const depth = `${target.queueDepth} queued commands; the queue has ${this.memory.depth} slots`;
      throw new RangeError(`${target.modelNumber} takes ${depth}`);
    }
    this.targets[device] = { device: target, bounds: this.boundsOf(target) };
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
    const { memory, form, planned, profile } = this;
    const { lists, listWords } = memory;
    const bounds = (this.targets[device] as Bound).bounds as CommandBounds;
    const listAt = Math.imul(slot, listWords);
    const isWords = form.kind === "words";
    const ranges = planCommand(
      window,
      base,
      count,
      cursor,
      cursorAt,
      bounds,
      isWords ? lists : planned,
      isWords ? listAt + form.firstWord : 0,
      isWords ? form.layout : windowLayout,
      this.names,
    );
    const blocks = cursor[cursorAt + CURSOR_BLOCKS];
    const listBytes = gatheredListBytes(profile, ranges);
    if (!isWords) lists.fill(0, listAt, listAt + Math.ceil(listBytes / 4));
    else this.clearWords(listAt, form.layout.entryWords * ranges + form.firstWord, listBytes);
    if (form.kind === "packed") packEntries(planned, ranges, lists, listAt + form.firstWord);
    if (form.kind === "bytes") writeEntries(profile, planned, ranges, memory.listBytes[slot]);
    if (profile.list.header !== null) {
      writeGatheredHeader(profile, memory.listBytes[slot], ranges, blocks);
    }
    const trailer = listAt + listWords;
    lists[trailer - listTrailer.ranges] = ranges;
    lists[trailer - listTrailer.bytes] = listBytes;
    this.putCopy(slot, low, high, ranges, blocks, pagesOf(listBytes));
    return ranges;
  }

  blocksDone(slot: number): number {
    const { memory, profile, options } = this;
    const word = memory.completions[slot * COMPLETION_WORDS];
    if (options.trustBlocksDone === false || (word & 0xff) !== FIS_D2H) return 0;
    if (!this.isCopy(slot)) return 0;
    const ranges = memory.lists[(slot + 1) * memory.listWords - listTrailer.ranges];
    const { lba } = this.endedRegisters(slot);
    const destination = this.addressOf(memory.commands, slot * COMMAND_WORDS + LBA);
    const list = memory.listBytes[slot];
    return blocksBefore(profile, list, ranges, (word >>> 16) & 0xff, word >>> 24, lba, destination);
  }

  read(slot: number, _device: number, low: number, high: number, blocks: number): void {
    if (this.isQueued) {
      this.put(slot, opcode.readFpdmaQueued, blocks, DEVICE, low, high, queuedCount(0, slot), 0);
    } else this.put(slot, opcode.readDmaExt, 0, DEVICE, low, high, blocks, 0);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    const wantsForce = this.options.forceUnitAccess === true;
    if (this.isQueued) {
      const bits = wantsForce ? DEVICE_FUA : DEVICE;
      this.put(slot, opcode.writeFpdmaQueued, blocks, bits, low, high, queuedCount(0, slot), 0);
      return;
    }
    const { forceUnitAccess, modelNumber } = (this.targets[device] as Bound).device;
    if (wantsForce && !forceUnitAccess) {
      throw new FerryError(
        "FERRY_ATA_FORCE_UNIT_ACCESS",
        `${modelNumber} has no WRITE DMA FUA EXT`,
        {
          hint: "Leave forceUnitAccess out and flush afterwards.",
        },
      );
    }
    const code = wantsForce ? opcode.writeDmaFuaExt : opcode.writeDmaExt;
    this.put(slot, code, 0, DEVICE, low, high, blocks, 0);
  }

  flush(slot: number, _device: number): void {
    this.put(slot, opcode.flushCacheExt, 0, DEVICE, 0, 0, 0, 0);
  }

  listBytesOf(slot: number): number {
    if (!this.isCopy(slot)) return 0;
    return this.memory.lists[(slot + 1) * this.memory.listWords - listTrailer.bytes];
  }

  interpret(slot: number): number {
    const word = this.memory.completions[slot * COMPLETION_WORDS];
    const type = word & 0xff;
    if (type !== FIS_D2H && type !== FIS_SET_DEVICE_BITS) return status.deviceError;
    return coreStatus((word >>> 16) & 0xff, word >>> 24, this.isWrite(slot));
  }

  isRetryable(slot: number): boolean {
    const word = this.memory.completions[slot * COMPLETION_WORDS];
    const type = word & 0xff;
    if (type !== FIS_D2H && type !== FIS_SET_DEVICE_BITS) return false;
    return isWorthRetrying((word >>> 16) & 0xff, word >>> 24);
  }

  describe(slot: number): DeviceStatus {
    const what = this.isCopy(slot)
      ? `WRITE GATHERED EXT, ${provisionalLabel(this.profile)}`
      : undefined;
    return describeRegisters({ ...this.endedRegisters(slot), command: this.codeOf(slot) }, what);
  }

  reaches(device: number, source: number): boolean {
    return device === source && this.targets[device]?.bounds !== undefined;
  }

  /** Bounds of copies to a disk, once it is certain that it may be sent any. */
  private boundsOf(target: AtaDevice): CommandBounds | undefined {
    const { profile, memory } = this;
    if (target.writeGathered === undefined) return undefined;
    if (!target.emulated) requireOwnProfile(target.modelNumber, this.options);
    if (JSON.stringify(target.writeGathered) !== JSON.stringify(profile)) {
      const { id } = target.writeGathered;
      throw new FerryError(
        "FERRY_ATA_PROFILE_DIFFERS",
        `${target.modelNumber} was opened with profile ${id}, the command set was made for ${profile.id}`,
        { hint: "Give ataCommandSet() the profile that openAtaDevice() found." },
      );
    }
    const bounds = copyLimits(target.limits);
    if (bounds === undefined || (this.isQueued && !target.writeGatheredQueued)) return undefined;
    const bytes = gatheredListBytes(profile, bounds.rangesMax);
    if (bytes > (memory.listWords - listTrailer.words) * 4) {
      throw new RangeError(
        `${target.modelNumber} takes lists of ${bytes} bytes, more than queue memory has room for`,
      );
    }
    return bounds;
  }

  private putCopy(
    slot: number,
    low: number,
    high: number,
    ranges: number,
    blocks: number,
    pages: number,
  ): void {
    const { profile } = this;
    const { queued } = profile;
    if (this.isQueued && queued !== null) {
      const count = queuedCount(queued.subcommand, slot);
      this.put(slot, queued.command, pages, DEVICE, low, high, count, queued.auxiliary);
      return;
    }
    const feature = gatheredFeature(profile, pages, ranges, blocks);
    const count = gatheredCount(profile, pages, ranges, blocks);
    this.put(slot, profile.command, feature, DEVICE, low, high, count, 0);
  }

  /** Writes a FIS (Serial ATA 3.2, 10.5.5), and unmakes the completion of the slot's earlier command. */
  private put(
    slot: number,
    code: number,
    feature: number,
    device: number,
    low: number,
    high: number,
    count: number,
    auxiliary: number,
  ): void {
    const words = this.memory.commands;
    const at = slot * COMMAND_WORDS;
    words[at + PORT_AND_FLAGS] = HEAD | (code << 16) | (feature << 24);
    words[at + LBA] = (low & 0xffffff) | (device << 24);
    words[at + LBA + 1] = (low >>> 24) | ((high & 0xffff) << 8) | ((feature & 0xff00) << 16);
    words[at + COUNT] = count & 0xffff;
    words[at + AUXILIARY] = auxiliary;
    this.memory.completions[slot * COMPLETION_WORDS] = 0;
  }

  private clearWords(listAt: number, usedWords: number, listBytes: number): void {
    this.memory.lists.fill(0, listAt + usedWords, listAt + Math.ceil(listBytes / 4));
  }

  private codeOf(slot: number): number {
    return (this.memory.commands[slot * COMMAND_WORDS + PORT_AND_FLAGS] >>> 16) & 0xff;
  }

  private isCopy(slot: number): boolean {
    const { queued, command } = this.profile;
    return this.codeOf(slot) === (this.isQueued && queued !== null ? queued.command : command);
  }

  private isWrite(slot: number): boolean {
    return this.isCopy(slot) || writes.has(this.codeOf(slot));
  }

  /** LBA(47:0) of a FIS whose dword of LBA(23:0) is at `at`. */
  private addressOf(words: Int32Array, at: number): number {
    const low = (words[at] & 0xffffff) | (words[at + 1] << 24);
    return joinWords(low, (words[at + 1] >>> 8) & 0xffff);
  }

  private endedRegisters(slot: number): {
    status: number;
    error: number;
    lba: number;
    count: number;
    device: number;
  } {
    const words = this.memory.completions;
    const at = slot * COMPLETION_WORDS;
    const isWhole = (words[at] & 0xff) === FIS_D2H;
    return {
      status: (words[at] >>> 16) & 0xff,
      error: words[at] >>> 24,
      lba: isWhole ? this.addressOf(words, at + ENDED_LBA) : 0,
      count: isWhole ? words[at + ENDED_COUNT] & 0xffff : 0,
      device: isWhole ? words[at + ENDED_LBA] >>> 24 : 0,
    };
  }
}

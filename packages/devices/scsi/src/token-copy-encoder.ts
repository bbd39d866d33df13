import type { CommandEncoder, CommandTarget, DeviceStatus, QueueMemory } from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_BLOCKS,
  CURSOR_RANGE,
  RANGE_DEVICE,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import {
  type BlockCommands,
  blockCommands,
  checkMemory,
  checkWhole,
  lunBytes,
} from "./block-commands.ts";
import { boundsFor } from "./copy-bounds.ts";
import type { ListIdentifierSpace } from "./list-identifiers.ts";
import { listBytesOfCommand } from "./token-commands.ts";
import {
  type PopulateForm,
  populateForm,
  populateListBytes,
  WRITE_LIST_BYTES,
  writePopulateList,
} from "./token-list.ts";
import { TokenPlanner } from "./token-planner.ts";
import type { TokenCopySettings } from "./token-settings.ts";
import { TOKEN_TRAILER_BYTES, TokenSlots, type TokenUnit } from "./token-slots.ts";
import { TokenSteps } from "./token-steps.ts";
import { type EncodableUnit, isEncodable } from "./unit.ts";
import { wordsOf } from "./wire-words.ts";

/**
 * Fills queue memory with token copies. Each takes several commands in its slot: POPULATE TOKEN at the source, RECEIVE ROD
 * TOKEN INFORMATION until there is a token, WRITE USING TOKEN at the destination, in pieces where one cannot carry it, and
 * RECEIVE ROD TOKEN INFORMATION after each, which tells how much was written.
 */
export class TokenCopyEncoder implements CommandEncoder {
  declare private readonly memory: QueueMemory;
  declare private readonly blocks: BlockCommands;
  declare private readonly form: PopulateForm;
  declare private readonly units: (TokenUnit | undefined)[];
  declare private readonly planner: TokenPlanner;
  declare private readonly slots: TokenSlots;
  declare private readonly steps: TokenSteps;

  constructor(
    memory: QueueMemory,
    devicesMax: number,
    settings: TokenCopySettings,
    identifiers: ListIdentifierSpace,
  ) {
    checkMemory(memory);
    this.memory = memory;
    this.blocks = blockCommands(memory, settings);
    this.form = populateForm({
      immediate: settings.immediate === true,
      inactivitySeconds: settings.inactivitySeconds ?? 0,
      rodType: settings.rodType,
    });
    this.units = Array.from({ length: devicesMax }, () => undefined);
    this.planner = new TokenPlanner(devicesMax);
    this.slots = new TokenSlots(memory, settings, identifiers.forQueue(memory.depth), this.units);
    this.steps = new TokenSteps(memory, settings, this.slots);
  }

  bind(device: number, target: CommandTarget): void {
    if (!isEncodable(target)) throw new TypeError(`a ${target.family} target is no logical unit`);
    checkWhole("the device number", device, 0, this.units.length - 1);
    const bounds = boundsFor(target, "token");
    if (bounds !== undefined) this.makeRoom(target, bounds);
    const lun = lunBytes(target.lun);
    this.units[device] = { unit: target, lun, lunWords: wordsOf(lun), bounds };
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
    const { planner } = this;
    const { lists, listWords } = this.memory;
    const first = cursor[cursorAt + CURSOR_RANGE];
    if (first === count) {
      cursor[cursorAt + CURSOR_BLOCKS] = 0;
      return 0;
    }
    const source = window[base + first * RANGE_WORDS + RANGE_DEVICE];
    const { bounds } = this.units[source] as TokenUnit;
    const end = this.endOfRun(window, base, count, first);
    const ranges = planner.next(window, base, end, cursor, cursorAt, bounds as CommandBounds);
    const bytes = writePopulateList(this.form, planner.plan, ranges, lists, slot * listWords);
    this.slots.begin(slot, source, device, low, high, cursor[cursorAt + CURSOR_BLOCKS], bytes);
    return ranges;
  }

  blocksDone(slot: number): number {
    return this.slots.blocksDone(slot);
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.slots.leave(slot);
    this.blocks.read(slot, (this.units[device] as TokenUnit).lun, low, high, blocks);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.slots.leave(slot);
    this.blocks.write(slot, (this.units[device] as TokenUnit).lun, low, high, blocks);
  }

  flush(slot: number, device: number): void {
    this.slots.leave(slot);
    this.blocks.flush(slot, (this.units[device] as TokenUnit).lun);
  }

  listBytesOf(slot: number): number {
    const { commands, commandWords } = this.memory;
    return listBytesOfCommand(commands, slot * commandWords);
  }

  interpret(slot: number): number {
    return this.steps.interpret(slot);
  }

  replyOf(slot: number): Uint8Array | undefined {
    return this.slots.replyOf(slot);
  }

  delayMsOf(slot: number): number {
    return this.slots.delayMsOf(slot);
  }

  giveUp(slot: number): boolean {
    return this.steps.giveUp(slot);
  }

  lost(slot: number, value: number): boolean {
    return this.steps.lost(slot, value);
  }

  isRetryable(slot: number): boolean {
    return this.slots.meaningOf(slot).isRetryable;
  }

  describe(slot: number): DeviceStatus {
    return this.slots.describe(slot);
  }

  reaches(device: number, source: number): boolean {
    const target = this.units[device];
    const from = this.units[source];
    if (target?.bounds === undefined || from?.bounds === undefined) return false;
    if (target.unit.lun === from.unit.lun) return true;
    const { copyCrossDevice } = target.unit.limits;
    return copyCrossDevice === true && target.unit.bytesPerBlock === from.unit.bytesPerBlock;
  }

  /** A token stands for blocks of one unit: where the run of ranges ends that lie on the first one's. */
  private endOfRun(window: Int32Array, base: number, count: number, first: number): number {
    const lunOf = (range: number): number | undefined =>
      this.units[window[base + range * RANGE_WORDS + RANGE_DEVICE]]?.unit.lun;
    const lun = lunOf(first);
    let end = first + 1;
    while (end < count && lunOf(end) === lun) end++;
    return end;
  }

  private makeRoom(unit: EncodableUnit, bounds: CommandBounds): void {
    const bytes = Math.max(populateListBytes(bounds.rangesMax), WRITE_LIST_BYTES);
    const room = this.memory.listWords * 4 - TOKEN_TRAILER_BYTES;
    if (bytes > room) {
      throw new RangeError(
        `unit ${unit.lun} takes lists of ${bytes} bytes, queue memory has room for ${room}`,
      );
    }
    this.planner.makeRoom(bounds.rangesMax);
  }
}

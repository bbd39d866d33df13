import {
  COMMAND_CONTINUES,
  type CommandEncoder,
  type CommandTarget,
  type DeviceStatus,
  type QueueMemory,
  status,
} from "@blockferry/core";
import {
  type CommandBounds,
  CURSOR_BLOCKS,
  CURSOR_RANGE,
  RANGE_DEVICE,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import { answerOf, meaningOfAnswer } from "./answer.ts";
import {
  type BlockCommands,
  blockCommands,
  checkMemory,
  checkWhole,
  lunBytes,
} from "./block-commands.ts";
import { uint32 } from "./codec/big-endian.ts";
import { scsiCompletion } from "./codec/scsi-command-record.ts";
import { boundsFor } from "./copy-bounds.ts";
import type { ListIdentifierSpace, ListIdentifiers } from "./list-identifiers.ts";
import {
  listBytesOfCommand,
  serviceAction,
  writeAbortCommand,
  writeAskCommand,
  writeTokenCommand,
} from "./token-commands.ts";
import {
  type PopulateForm,
  populateForm,
  populateListBytes,
  putToken,
  WRITE_LIST_BYTES,
  writePopulateList,
  writeWriteList,
} from "./token-list.ts";
import { describeOutcome, meaningOfOutcome, type TokenOutcome } from "./token-outcome.ts";
import { TokenPlanner } from "./token-planner.ts";
import {
  counterOf,
  delayOf,
  progressOf,
  REPORT_BYTES,
  reportFault,
  tokenAt,
  transferredBlocks,
} from "./token-report.ts";
import { POLL_MS_MAX, type TokenCopySettings } from "./token-settings.ts";
import { ending, STATE_WORDS, state, step } from "./token-state.ts";
import { type EncodableUnit, isEncodable } from "./unit.ts";
import { wordsOf } from "./wire-words.ts";

const MOVED_AT = scsiCompletion.offsetOf("moved");
/** Bytes behind a list: room for a report, then the state of the copy. */
export const TOKEN_TRAILER_BYTES: number = REPORT_BYTES + STATE_WORDS * 4;

interface BoundUnit {
  readonly unit: EncodableUnit;
  readonly lun: Uint8Array;
  readonly lunWords: Int32Array;
  /** Of a token: its ranges and blocks. `undefined`: the unit has no token commands. */
  readonly bounds: CommandBounds | undefined;
}

/**
 * Fills queue memory with token copies. Each takes several commands in its slot: POPULATE TOKEN at the source, RECEIVE ROD
 * TOKEN INFORMATION until there is a token, WRITE USING TOKEN at the destination, in pieces where one cannot carry it, and
 * RECEIVE ROD TOKEN INFORMATION after each, which tells how much was written.
 */
export class TokenCopyEncoder implements CommandEncoder {
  declare private readonly memory: QueueMemory;
  declare private readonly options: TokenCopySettings;
  declare private readonly identifiers: ListIdentifiers;
  declare private readonly blocks: BlockCommands;
  declare private readonly form: PopulateForm;
  declare private readonly units: (BoundUnit | undefined)[];
  declare private readonly planner: TokenPlanner;
  /** Words of a slot's list. */
  declare private readonly stateAt: number;
  /** Byte of a slot's list. */
  declare private readonly reportAt: number;
  declare private readonly reports: readonly Uint8Array[];

  constructor(
    memory: QueueMemory,
    devicesMax: number,
    settings: TokenCopySettings,
    identifiers: ListIdentifierSpace,
  ) {
    checkMemory(memory);
    this.memory = memory;
    this.options = settings;
    this.identifiers = identifiers.forQueue(memory.depth);
    this.blocks = blockCommands(memory, settings);
    this.form = populateForm({
      immediate: settings.immediate === true,
      inactivitySeconds: settings.inactivitySeconds ?? 0,
      rodType: settings.rodType,
    });
    this.units = Array.from({ length: devicesMax }, () => undefined);
    this.planner = new TokenPlanner(devicesMax);
    this.stateAt = memory.listWords - STATE_WORDS;
    this.reportAt = this.stateAt * 4 - REPORT_BYTES;
    this.reports = memory.listBytes.map((list) =>
      list.subarray(this.reportAt, this.reportAt + REPORT_BYTES),
    );
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
    const { lists, listWords, commands, commandWords } = this.memory;
    const first = cursor[cursorAt + CURSOR_RANGE];
    const source = window[base + first * RANGE_WORDS + RANGE_DEVICE];
    const { lunWords, bounds } = this.units[source] as BoundUnit;
    const end = this.endOfRun(window, base, count, first);
    const ranges = planner.next(window, base, end, cursor, cursorAt, bounds as CommandBounds);
    const listBytes = writePopulateList(this.form, planner.plan, ranges, lists, slot * listWords);
    const at = this.stateOf(slot);
    lists[at + state.step] = step.populate;
    lists[at + state.source] = source;
    lists[at + state.destination] = device;
    lists[at + state.low] = low;
    lists[at + state.high] = high;
    lists[at + state.blocks] = cursor[cursorAt + CURSOR_BLOCKS];
    lists[at + state.granted] = 0;
    lists[at + state.done] = 0;
    lists[at + state.ending] = ending.completion;
    const { groupNumber = 0 } = this.options;
    const identifier = this.nextIdentifier(slot);
    const action = serviceAction.populateToken;
    const to = slot * commandWords;
    writeTokenCommand(commands, to, lunWords, action, identifier, listBytes, groupNumber);
    return ranges;
  }

  /** What was written is known, whatever came after. */
  blocksDone(slot: number): number {
    return this.memory.lists[this.stateOf(slot) + state.done];
  }

  read(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.leaveCopies(slot);
    this.blocks.read(slot, (this.units[device] as BoundUnit).lun, low, high, blocks);
  }

  write(slot: number, device: number, low: number, high: number, blocks: number): void {
    this.leaveCopies(slot);
    this.blocks.write(slot, (this.units[device] as BoundUnit).lun, low, high, blocks);
  }

  flush(slot: number, device: number): void {
    this.leaveCopies(slot);
    this.blocks.flush(slot, (this.units[device] as BoundUnit).lun);
  }

  listBytesOf(slot: number): number {
    const { commands, commandWords } = this.memory;
    return listBytesOfCommand(commands, slot * commandWords);
  }

  interpret(slot: number): number {
    const { lists, completionBytes } = this.memory;
    const at = this.stateOf(slot);
    const isGood = completionBytes[slot][0] === 0;
    switch (lists[at + state.step]) {
      case step.populate:
        return isGood ? this.ask(slot, step.askToken) : this.end(slot, ending.completion);
      case step.askToken:
        return isGood ? this.takeToken(slot) : this.askAgainOrEnd(slot);
      case step.write:
        return isGood ? this.afterWrite(slot) : this.end(slot, ending.completion);
      case step.askWritten:
        return isGood ? this.takeWritten(slot) : this.askAgainOrEnd(slot);
      case step.abort:
        return this.end(slot, ending.givenUp);
      default:
        return isGood ? status.success : this.meaningOf(slot).status;
    }
  }

  replyOf(slot: number): Uint8Array | undefined {
    const now = this.memory.lists[this.stateOf(slot) + state.step];
    return now === step.askToken || now === step.askWritten ? this.reports[slot] : undefined;
  }

  delayMsOf(slot: number): number {
    return this.memory.lists[this.stateOf(slot) + state.delayMs];
  }

  giveUp(slot: number): boolean {
    const { lists, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    lists[at + state.step] = step.abort;
    lists[at + state.delayMs] = 0;
    writeAbortCommand(commands, slot * commandWords, lists[at + state.listIdentifier]);
    return true;
  }

  isRetryable(slot: number): boolean {
    return this.meaningOf(slot).isRetryable;
  }

  describe(slot: number): DeviceStatus {
    return describeOutcome(this.outcomeOf(slot));
  }

  reaches(device: number, source: number): boolean {
    const target = this.units[device];
    const from = this.units[source];
    if (target?.bounds === undefined || from?.bounds === undefined) return false;
    if (target.unit.lun === from.unit.lun) return true;
    const { copyCrossDevice } = target.unit.limits;
    return copyCrossDevice === true && target.unit.bytesPerBlock === from.unit.bytesPerBlock;
  }

  private stateOf(slot: number): number {
    return slot * this.memory.listWords + this.stateAt;
  }

  private leaveCopies(slot: number): void {
    const at = this.stateOf(slot);
    this.memory.lists[at + state.step] = step.none;
    this.memory.lists[at + state.ending] = ending.completion;
  }

  private nextIdentifier(slot: number): number {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    const identifier = this.identifiers.of(slot, ++lists[at + state.sequence]);
    lists[at + state.listIdentifier] = identifier;
    return identifier;
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

  /** Encodes the question about the operation that was asked for last. */
  private ask(slot: number, next: number): number {
    const { lists, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    const device = lists[at + (next === step.askToken ? state.source : state.destination)];
    const { lunWords } = this.units[device] as BoundUnit;
    lists[at + state.step] = next;
    lists[at + state.stalled] = 0;
    lists[at + state.counter] = -1;
    lists[at + state.delayMs] = this.options.immediate === true ? this.options.pollMs : 0;
    writeAskCommand(commands, slot * commandWords, lunWords, lists[at + state.listIdentifier]);
    return COMMAND_CONTINUES;
  }

  /** The same question again, after a while. */
  private askAgain(slot: number, delayMs: number, counter: number): number {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    if (counter !== lists[at + state.counter]) lists[at + state.stalled] = 0;
    lists[at + state.counter] = counter;
    lists[at + state.delayMs] = Math.min(Math.max(delayMs, 0), POLL_MS_MAX);
    if (++lists[at + state.stalled] <= this.options.stalledPollsMax) return COMMAND_CONTINUES;
    return this.end(slot, ending.stalled);
  }

  private askAgainOrEnd(slot: number): number {
    const { completionBytes, lists } = this.memory;
    const answer = answerOf(completionBytes[slot]);
    if (!meaningOfAnswer(answer, this.options.senseMeanings).isRetryable) {
      return this.end(slot, ending.completion);
    }
    return this.askAgain(slot, this.options.pollMs, lists[this.stateOf(slot) + state.counter]);
  }

  private poll(slot: number): number {
    const report = this.reports[slot];
    const delayMs = delayOf(report);
    return this.askAgain(slot, delayMs < 0 ? this.options.pollMs : delayMs, counterOf(report));
  }

  private movedBytes(slot: number): number {
    return uint32(this.memory.completionBytes[slot], MOVED_AT);
  }

  private takeToken(slot: number): number {
    const { lists, listBytes } = this.memory;
    const report = this.reports[slot];
    const at = this.stateOf(slot);
    const bytes = this.movedBytes(slot);
    if (reportFault(report, bytes, serviceAction.populateToken) !== undefined) {
      return this.end(slot, ending.malformed);
    }
    const progress = progressOf(report);
    if (progress === "running") return this.poll(slot);
    if (progress === "failed") return this.end(slot, ending.report);
    const token = tokenAt(report, bytes);
    if (token < 0) return this.end(slot, ending.malformed);
    const { bytesPerBlock } = (this.units[lists[at + state.source]] as BoundUnit).unit;
    const granted = Math.min(transferredBlocks(report, bytesPerBlock), lists[at + state.blocks]);
    if (granted < 1) return this.end(slot, granted < 0 ? ending.malformed : ending.nothing);
    lists[at + state.granted] = granted;
    putToken(listBytes[slot], this.reportAt + token);
    return this.writeNext(slot);
  }

  private writeNext(slot: number): number {
    const { lists, listWords, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    const { deleteTokens = true, immediate = false, groupNumber = 0 } = this.options;
    const { lunWords, bounds } = this.units[lists[at + state.destination]] as BoundUnit;
    const done = lists[at + state.done];
    const left = lists[at + state.granted] - done;
    const piece = Math.min(left, (bounds as CommandBounds).blocksMax);
    const bytes = writeWriteList(
      { immediate, deletes: deleteTokens && piece === left },
      done,
      lists[at + state.low],
      lists[at + state.high],
      piece,
      lists,
      slot * listWords,
    );
    lists[at + state.step] = step.write;
    lists[at + state.piece] = piece;
    lists[at + state.delayMs] = 0;
    const identifier = this.nextIdentifier(slot);
    const action = serviceAction.writeUsingToken;
    const to = slot * commandWords;
    writeTokenCommand(commands, to, lunWords, action, identifier, bytes, groupNumber);
    return COMMAND_CONTINUES;
  }

  private afterWrite(slot: number): number {
    const { confirmWrites = true, immediate = false } = this.options;
    if (confirmWrites || immediate) return this.ask(slot, step.askWritten);
    return this.written(slot, this.memory.lists[this.stateOf(slot) + state.piece]);
  }

  private takeWritten(slot: number): number {
    const { lists } = this.memory;
    const report = this.reports[slot];
    const at = this.stateOf(slot);
    if (reportFault(report, this.movedBytes(slot), serviceAction.writeUsingToken) !== undefined) {
      return this.end(slot, ending.malformed);
    }
    const progress = progressOf(report);
    if (progress === "running") return this.poll(slot);
    const { bytesPerBlock } = (this.units[lists[at + state.destination]] as BoundUnit).unit;
    const said = transferredBlocks(report, bytesPerBlock);
    const blocks = Math.min(said, lists[at + state.piece]);
    if (progress === "failed") {
      if (blocks > 0) this.addDone(at, blocks);
      return this.end(slot, ending.report);
    }
    if (blocks < 1) return this.end(slot, blocks < 0 ? ending.malformed : ending.nothing);
    return this.written(slot, blocks);
  }

  /** Blocks of the piece were written: on to the next one, or to the end. */
  private written(slot: number, blocks: number): number {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    const isShort = blocks < lists[at + state.piece];
    const isLast = lists[at + state.done] + lists[at + state.piece] === lists[at + state.granted];
    this.addDone(at, blocks);
    // The token went with the last write, though that was cut short.
    if (isShort && isLast && this.options.deleteTokens !== false) {
      return this.end(slot, ending.partial);
    }
    if (lists[at + state.done] < lists[at + state.granted]) return this.writeNext(slot);
    if (lists[at + state.granted] < lists[at + state.blocks]) return this.end(slot, ending.partial);
    lists[at + state.step] = step.none;
    return status.success;
  }

  private addDone(at: number, blocks: number): void {
    const { lists } = this.memory;
    const low = lists[at + state.low];
    const moved = (low + blocks) | 0;
    if (moved >>> 0 < low >>> 0) lists[at + state.high] = (lists[at + state.high] + 1) | 0;
    lists[at + state.low] = moved;
    lists[at + state.done] += blocks;
  }

  private end(slot: number, how: number): number {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    lists[at + state.step] = step.none;
    lists[at + state.ending] = how;
    return this.meaningOf(slot).status;
  }

  private outcomeOf(slot: number): TokenOutcome {
    const { lists, completionBytes } = this.memory;
    return {
      completion: completionBytes[slot],
      report: this.reports[slot],
      words: lists,
      at: this.stateOf(slot),
    };
  }

  private meaningOf(slot: number): { readonly status: number; readonly isRetryable: boolean } {
    return meaningOfOutcome(this.outcomeOf(slot), this.options.senseMeanings);
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

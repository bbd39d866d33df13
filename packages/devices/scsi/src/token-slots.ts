import type { DeviceStatus, QueueMemory } from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import { expectAnswer } from "./block-commands.ts";
import { uint32 } from "./codec/big-endian.ts";
import { SCSI_COMPLETION_BYTES, scsiCompletion } from "./codec/scsi-command-record.ts";
import type { ListIdentifiers } from "./list-identifiers.ts";
import type { Meaning } from "./status-map.ts";
import {
  serviceAction,
  writeAbortCommand,
  writeAskCommand,
  writeTokenCommand,
} from "./token-commands.ts";
import { putToken, writeWriteList } from "./token-list.ts";
import { describeOutcome, meaningOfOutcome, type TokenOutcome } from "./token-outcome.ts";
import { REPORT_BYTES } from "./token-report.ts";
import type { TokenCopySettings } from "./token-settings.ts";
import { ending, STATE_WORDS, state, step } from "./token-state.ts";
import type { EncodableUnit } from "./unit.ts";

const MOVED_AT = scsiCompletion.offsetOf("moved");
/** Bytes behind a list: room for a report, then the state of the copy. */
export const TOKEN_TRAILER_BYTES: number = REPORT_BYTES + STATE_WORDS * 4;

/** A logical unit under a device number. */
export interface TokenUnit {
  readonly unit: EncodableUnit;
  readonly lun: Uint8Array;
  readonly lunWords: Int32Array;
  /** Of a token: its ranges and blocks. `undefined`: the unit has no token commands. */
  readonly bounds: CommandBounds | undefined;
}

/** Token copies in the slots of a queue: encodes their commands, and keeps what they remember between them (`state`). */
export class TokenSlots {
  declare private readonly memory: QueueMemory;
  declare private readonly options: TokenCopySettings;
  declare private readonly identifiers: ListIdentifiers;
  declare private readonly units: readonly (TokenUnit | undefined)[];
  /** Words of a slot's list. */
  declare private readonly stateAt: number;
  /** Byte of a slot's list. */
  declare private readonly reportAt: number;
  declare private readonly reports: readonly Uint8Array[];

  constructor(
    memory: QueueMemory,
    settings: TokenCopySettings,
    identifiers: ListIdentifiers,
    units: readonly (TokenUnit | undefined)[],
  ) {
    this.memory = memory;
    this.options = settings;
    this.identifiers = identifiers;
    this.units = units;
    this.stateAt = memory.listWords - STATE_WORDS;
    this.reportAt = this.stateAt * 4 - REPORT_BYTES;
    this.reports = memory.listBytes.map((list) =>
      list.subarray(this.reportAt, this.reportAt + REPORT_BYTES),
    );
  }

  /** Encodes POPULATE TOKEN, whose list of `listBytes` bytes is in the slot, for `blocks` blocks of unit `source`. */
  begin(
    slot: number,
    source: number,
    device: number,
    low: number,
    high: number,
    blocks: number,
    listBytes: number,
  ): void {
    const { lists, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    lists[at + state.step] = step.populate;
    lists[at + state.open] = serviceAction.populateToken;
    lists[at + state.rounds] = 0;
    lists[at + state.kept] = 0;
    lists[at + state.source] = source;
    lists[at + state.destination] = device;
    lists[at + state.low] = low;
    lists[at + state.high] = high;
    lists[at + state.blocks] = blocks;
    lists[at + state.granted] = 0;
    lists[at + state.done] = 0;
    lists[at + state.ending] = ending.completion;
    const { groupNumber = 0 } = this.options;
    const { lunWords } = this.units[source] as TokenUnit;
    const identifier = this.nextIdentifier(slot);
    const action = serviceAction.populateToken;
    const to = slot * commandWords;
    writeTokenCommand(commands, to, lunWords, action, identifier, listBytes, groupNumber);
    expectAnswer(this.memory, slot);
  }

  /** The slot is used for another command. */
  leave(slot: number): void {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    lists[at + state.step] = step.none;
    lists[at + state.open] = 0;
    lists[at + state.kept] = 0;
    lists[at + state.ending] = ending.completion;
  }

  /** What was written is known, whatever came after. */
  blocksDone(slot: number): number {
    return this.memory.lists[this.stateOf(slot) + state.done];
  }

  replyOf(slot: number): Uint8Array | undefined {
    const now = this.memory.lists[this.stateOf(slot) + state.step];
    const asks = now === step.askToken || now === step.askWritten || now === step.askEnded;
    return asks ? this.reports[slot] : undefined;
  }

  delayMsOf(slot: number): number {
    return this.memory.lists[this.stateOf(slot) + state.delayMs];
  }

  describe(slot: number): DeviceStatus {
    return describeOutcome(this.outcomeOf(slot));
  }

  stateOf(slot: number): number {
    return slot * this.memory.listWords + this.stateAt;
  }

  /** The copy is at its end, but for an operation that is to end before. */
  isEnding(slot: number): boolean {
    const now = this.memory.lists[this.stateOf(slot) + state.step];
    return now === step.abort || now === step.askEnded;
  }

  private nextIdentifier(slot: number): number {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    const identifier = this.identifiers.of(slot, ++lists[at + state.sequence]);
    lists[at + state.listIdentifier] = identifier;
    return identifier;
  }

  /** The logical unit whose operation was begun last. */
  unitOfOperation(slot: number): TokenUnit {
    const { lists } = this.memory;
    const at = this.stateOf(slot);
    const isWrite = lists[at + state.open] === serviceAction.writeUsingToken;
    return this.units[lists[at + (isWrite ? state.destination : state.source)]] as TokenUnit;
  }

  movedBytes(slot: number): number {
    return uint32(this.memory.completionBytes[slot], MOVED_AT);
  }

  addDone(at: number, blocks: number): void {
    const { lists } = this.memory;
    const low = lists[at + state.low];
    const moved = (low + blocks) | 0;
    if (moved >>> 0 < low >>> 0) lists[at + state.high] = (lists[at + state.high] + 1) | 0;
    lists[at + state.low] = moved;
    lists[at + state.done] += blocks;
  }

  outcomeOf(slot: number): TokenOutcome {
    const { lists, listBytes, completionBytes } = this.memory;
    const at = this.stateOf(slot);
    const isKept = lists[at + state.kept] !== 0;
    return {
      completion: isKept
        ? listBytes[slot].subarray(0, SCSI_COMPLETION_BYTES)
        : completionBytes[slot],
      report: this.reports[slot],
      words: lists,
      at,
    };
  }

  meaningOf(slot: number): Meaning {
    return meaningOfOutcome(this.outcomeOf(slot), this.options.senseMeanings);
  }

  /** Encodes the question about the operation that was asked for last. */
  ask(slot: number, next: number): void {
    const { lists, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    const { lunWords } = this.unitOfOperation(slot);
    lists[at + state.step] = next;
    lists[at + state.stalled] = 0;
    lists[at + state.counter] = -1;
    lists[at + state.delayMs] = this.options.immediate === true ? this.options.pollMs : 0;
    writeAskCommand(commands, slot * commandWords, lunWords, lists[at + state.listIdentifier]);
    expectAnswer(this.memory, slot);
  }

  /** Encodes WRITE USING TOKEN for what the token stands for and is not written yet, or as much of it as one write carries. */
  write(slot: number): void {
    const { lists, listWords, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    const { deleteTokens = true, immediate = false, groupNumber = 0 } = this.options;
    const { lunWords, bounds } = this.units[lists[at + state.destination]] as TokenUnit;
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
    lists[at + state.open] = serviceAction.writeUsingToken;
    lists[at + state.piece] = piece;
    lists[at + state.delayMs] = 0;
    const identifier = this.nextIdentifier(slot);
    const action = serviceAction.writeUsingToken;
    const to = slot * commandWords;
    writeTokenCommand(commands, to, lunWords, action, identifier, bytes, groupNumber);
    expectAnswer(this.memory, slot);
  }

  /** Encodes COPY OPERATION ABORT for the operation that was begun last. */
  abort(slot: number): void {
    const { lists, commands, commandWords } = this.memory;
    const at = this.stateOf(slot);
    const { lunWords } = this.unitOfOperation(slot);
    lists[at + state.step] = step.abort;
    lists[at + state.delayMs] = 0;
    lists[at + state.stalled] = 0;
    lists[at + state.counter] = -1;
    const identifier = lists[at + state.listIdentifier];
    writeAbortCommand(commands, slot * commandWords, lunWords, identifier);
    expectAnswer(this.memory, slot);
  }

  /** Takes the token at byte `token` of the report, which stands for `granted` blocks of the copy. */
  keepToken(slot: number, token: number, granted: number): void {
    const { lists, listBytes } = this.memory;
    lists[this.stateOf(slot) + state.granted] = granted;
    putToken(listBytes[slot], this.reportAt + token);
  }

  reportOf(slot: number): Uint8Array {
    return this.reports[slot];
  }
}

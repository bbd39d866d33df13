import { COMMAND_CONTINUES, type QueueMemory, status } from "@blockferry/core";
import { answerOf, meaningOfAnswer } from "./answer.ts";
import { expectAnswer } from "./block-commands.ts";
import { isRefusedForGood, isUnknownOperation } from "./operation-fate.ts";
import { serviceAction } from "./token-commands.ts";
import {
  counterOf,
  delayOf,
  progressOf,
  reportFault,
  tokenAt,
  transferredBlocks,
} from "./token-report.ts";
import { POLL_MS_MAX, type TokenCopySettings } from "./token-settings.ts";
import type { TokenSlots } from "./token-slots.ts";
import { ending, state, step } from "./token-state.ts";

/** How often an operation is aborted again when no answer comes. */
const ABORT_ROUNDS_MAX = 3;

/**
 * How token copies go on from answer to answer.
 *
 * A copy does not end while an operation of it may go on in the device: one of unknown fate is ended with COPY OPERATION
 * ABORT, and asked about until it has ended.
 */
export class TokenSteps {
  declare private readonly memory: QueueMemory;
  declare private readonly options: TokenCopySettings;
  declare private readonly slots: TokenSlots;

  constructor(memory: QueueMemory, settings: TokenCopySettings, slots: TokenSlots) {
    this.memory = memory;
    this.options = settings;
    this.slots = slots;
  }

  interpret(slot: number): number {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    const isGood = this.isGood(slot);
    switch (lists[at + state.step]) {
      case step.populate:
        return isGood ? this.ask(slot, step.askToken) : this.refused(slot);
      case step.askToken:
        return isGood ? this.takeToken(slot) : this.askAgainOrEnd(slot);
      case step.write:
        return isGood ? this.afterWrite(slot) : this.refused(slot);
      case step.askWritten:
        return isGood ? this.takeWritten(slot) : this.askAgainOrEnd(slot);
      case step.abort:
        return this.afterAbort(slot);
      case step.askEnded:
        return isGood ? this.takeEnd(slot) : this.askEndAgain(slot);
      default:
        return isGood ? status.success : this.slots.meaningOf(slot).status;
    }
  }

  /** True for GOOD, and for what else says that the command was carried out (CONDITION MET, RECOVERED ERROR). */
  private isGood(slot: number): boolean {
    const completion = this.memory.completionBytes[slot];
    if (completion[0] === 0) return true;
    const { status: meaning } = meaningOfAnswer(answerOf(completion), this.options.senseMeanings);
    return meaning === status.success;
  }

  giveUp(slot: number): boolean {
    if (!this.slots.isEnding(slot)) {
      this.memory.lists[this.slots.stateOf(slot) + state.ending] = ending.givenUp;
      this.slots.abort(slot);
    }
    return true;
  }

  lost(slot: number, value: number): boolean {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    if (lists[at + state.open] === 0) return false;
    if (this.slots.isEnding(slot)) {
      if (++lists[at + state.rounds] > ABORT_ROUNDS_MAX) return false;
    } else {
      lists[at + state.ending] = ending.lost;
      lists[at + state.lost] = value;
    }
    this.slots.abort(slot);
    return true;
  }

  private ask(slot: number, next: number): number {
    this.slots.ask(slot, next);
    return COMMAND_CONTINUES;
  }

  private writeNext(slot: number): number {
    this.slots.write(slot);
    return COMMAND_CONTINUES;
  }

  /** The same question again, after a while. */
  private askAgain(slot: number, delayMs: number, counter: number): number {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    if (counter !== lists[at + state.counter]) lists[at + state.stalled] = 0;
    lists[at + state.counter] = counter;
    lists[at + state.delayMs] = Math.min(Math.max(delayMs, 0), POLL_MS_MAX);
    if (++lists[at + state.stalled] <= this.options.stalledPollsMax) {
      expectAnswer(this.memory, slot);
      return COMMAND_CONTINUES;
    }
    return this.slots.isEnding(slot) ? this.close(slot) : this.end(slot, ending.stalled);
  }

  private askAgainOrEnd(slot: number): number {
    const { completionBytes, lists } = this.memory;
    const at = this.slots.stateOf(slot);
    const answer = answerOf(completionBytes[slot]);
    if (!meaningOfAnswer(answer, this.options.senseMeanings).isRetryable) {
      if (isUnknownOperation(answer)) lists[at + state.open] = 0;
      return this.end(slot, ending.completion);
    }
    return this.askAgain(slot, this.options.pollMs, lists[at + state.counter]);
  }

  /** POPULATE TOKEN or WRITE USING TOKEN was not carried out, or was broken off. */
  private refused(slot: number): number {
    const { completionBytes, lists } = this.memory;
    if (isRefusedForGood(answerOf(completionBytes[slot]))) {
      lists[this.slots.stateOf(slot) + state.open] = 0;
    }
    return this.end(slot, ending.completion);
  }

  /** Aborted or not, the operation is asked about; unless the device is busy, or knows of none. */
  private afterAbort(slot: number): number {
    const { completionBytes, lists } = this.memory;
    const at = this.slots.stateOf(slot);
    const answer = answerOf(completionBytes[slot]);
    if (isUnknownOperation(answer)) return this.ended(slot);
    if (meaningOfAnswer(answer, this.options.senseMeanings).isRetryable) {
      return this.askAgain(slot, this.options.pollMs, lists[at + state.counter]);
    }
    return this.ask(slot, step.askEnded);
  }

  private askEndAgain(slot: number): number {
    const { completionBytes, lists } = this.memory;
    if (isUnknownOperation(answerOf(completionBytes[slot]))) return this.ended(slot);
    const counter = lists[this.slots.stateOf(slot) + state.counter];
    return this.askAgain(slot, this.options.pollMs, counter);
  }

  /** An operation that was aborted is asked about until it has ended; what it wrote before counts. */
  private takeEnd(slot: number): number {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    const report = this.slots.reportOf(slot);
    const action = lists[at + state.open];
    if (reportFault(report, this.slots.movedBytes(slot), action) !== undefined) {
      return this.askAgain(slot, this.options.pollMs, lists[at + state.counter]);
    }
    if (progressOf(report) === "running") return this.poll(slot);
    if (action === serviceAction.writeUsingToken) {
      const { bytesPerBlock } = this.slots.unitOfOperation(slot).unit;
      const blocks = Math.min(transferredBlocks(report, bytesPerBlock), lists[at + state.piece]);
      if (blocks > 0) this.slots.addDone(at, blocks);
    }
    return this.ended(slot);
  }

  /** The operation that was to be aborted goes on no more. */
  private ended(slot: number): number {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    lists[at + state.open] = 0;
    if (lists[at + state.done] < lists[at + state.blocks]) return this.close(slot);
    lists[at + state.step] = step.none;
    return status.success;
  }

  private poll(slot: number): number {
    const report = this.slots.reportOf(slot);
    const delayMs = delayOf(report);
    return this.askAgain(slot, delayMs < 0 ? this.options.pollMs : delayMs, counterOf(report));
  }

  private takeToken(slot: number): number {
    const { lists } = this.memory;
    const report = this.slots.reportOf(slot);
    const at = this.slots.stateOf(slot);
    const bytes = this.slots.movedBytes(slot);
    if (reportFault(report, bytes, serviceAction.populateToken) !== undefined) {
      return this.end(slot, ending.malformed);
    }
    const progress = progressOf(report);
    if (progress === "running") return this.poll(slot);
    const { bytesPerBlock } = this.slots.unitOfOperation(slot).unit;
    lists[at + state.open] = 0;
    if (progress === "failed") return this.end(slot, ending.report);
    const token = tokenAt(report, bytes);
    if (token < 0) return this.end(slot, ending.malformed);
    const granted = Math.min(transferredBlocks(report, bytesPerBlock), lists[at + state.blocks]);
    if (granted < 1) return this.end(slot, granted < 0 ? ending.malformed : ending.nothing);
    this.slots.keepToken(slot, token, granted);
    return this.writeNext(slot);
  }

  private afterWrite(slot: number): number {
    const { confirmWrites = true, immediate = false } = this.options;
    if (confirmWrites || immediate) return this.ask(slot, step.askWritten);
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    lists[at + state.open] = 0;
    return this.written(slot, lists[at + state.piece]);
  }

  private takeWritten(slot: number): number {
    const { lists } = this.memory;
    const report = this.slots.reportOf(slot);
    const at = this.slots.stateOf(slot);
    if (
      reportFault(report, this.slots.movedBytes(slot), serviceAction.writeUsingToken) !== undefined
    ) {
      return this.end(slot, ending.malformed);
    }
    const progress = progressOf(report);
    if (progress === "running") return this.poll(slot);
    const { bytesPerBlock } = this.slots.unitOfOperation(slot).unit;
    lists[at + state.open] = 0;
    const said = transferredBlocks(report, bytesPerBlock);
    const blocks = Math.min(said, lists[at + state.piece]);
    if (progress === "failed") {
      if (blocks > 0) this.slots.addDone(at, blocks);
      return this.end(slot, ending.report);
    }
    if (blocks < 1) return this.end(slot, blocks < 0 ? ending.malformed : ending.nothing);
    return this.written(slot, blocks);
  }

  /** Blocks of the piece were written: on to the next one, or to the end. */
  private written(slot: number, blocks: number): number {
    const { lists } = this.memory;
    const at = this.slots.stateOf(slot);
    const isShort = blocks < lists[at + state.piece];
    const isLast = lists[at + state.done] + lists[at + state.piece] === lists[at + state.granted];
    this.slots.addDone(at, blocks);
    // The token went with the last write, though that was cut short.
    if (isShort && isLast && this.options.deleteTokens !== false) {
      return this.end(slot, ending.partial);
    }
    if (lists[at + state.done] < lists[at + state.granted]) return this.writeNext(slot);
    if (lists[at + state.granted] < lists[at + state.blocks]) return this.end(slot, ending.partial);
    lists[at + state.step] = step.none;
    return status.success;
  }

  /** The copy ends like this; before that, an operation that may go on. */
  private end(slot: number, how: number): number {
    const { lists, listBytes, completionBytes } = this.memory;
    const at = this.slots.stateOf(slot);
    lists[at + state.ending] = how;
    if (lists[at + state.open] === 0) return this.close(slot);
    listBytes[slot].set(completionBytes[slot]);
    lists[at + state.kept] = 1;
    this.slots.abort(slot);
    return COMMAND_CONTINUES;
  }

  private close(slot: number): number {
    this.memory.lists[this.slots.stateOf(slot) + state.step] = step.none;
    return this.slots.meaningOf(slot).status;
  }
}

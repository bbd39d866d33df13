import {
  COMMAND_CONTINUES,
  type CommandEncoder,
  type CommandSet,
  type CommandTarget,
  copyLimits,
  type QueueLimits,
  type QueueMemory,
  status,
} from "@blockferry/core";
import { planCommand, plannedBlocks, RANGE_WORDS, windowLayout } from "@blockferry/core/plan";

/*
 * Commands as plain as can be: five words (operation, unit, address, blocks), a list that is a window as it stands, and a
 * completion of three (status, whether to try again, ranges done).
 */
export const WORDS = 8;
export const KIND = { read: 0, write: 1, flush: 2, copy: 5, prepare: 6, abandon: 7 };

/** What a command set of this kind calls a device of its own. */
export interface BlockTarget extends CommandTarget {
  readonly limits: QueueLimits;
  readonly unit: number;
}

export interface BlockCommandOptions {
  readonly crossDevice?: boolean;
  /** Commands that a copy takes: all but the last prepare it. Default 1. */
  readonly steps?: number;
  /** How long the device asks to be left alone between them. */
  readonly delayMs?: number;
}

export function blockCommandSet(options: BlockCommandOptions): CommandSet {
  return {
    name: "test",
    layout: { commandBytes: WORDS * 4, listBytes: 256 * RANGE_WORDS * 4, completionBytes: 16 },
    open: (memory, devicesMax) => encoder(memory, devicesMax, options),
  };
}

function encoder(
  memory: QueueMemory,
  devicesMax: number,
  options: BlockCommandOptions,
): CommandEncoder {
  const { commands, lists, completions, listWords } = memory;
  const { crossDevice = false, steps = 1, delayMs = 0 } = options;
  // Steps of the copy in each slot that are still to come.
  const toCome = new Int32Array(memory.depth);
  const kindAt = (slot: number): number => commands[slot * WORDS];
  const units = new Int32Array(devicesMax);
  const listBytes = new Int32Array(memory.depth);
  const bounds: { rangesMax: number; rangeBlocksMax: number; blocksMax: number }[] = [];
  const put = (
    slot: number,
    kind: number,
    device: number,
    low: number,
    high: number,
    blocks: number,
  ): void => {
    commands.set([kind, units[device], low, high, blocks, memory.generation[slot]], slot * WORDS);
    listBytes[slot] = 0;
  };
  return {
    bind(device, target) {
      units[device] = (target as BlockTarget).unit;
      bounds[device] = copyLimits((target as BlockTarget).limits) ?? {
        rangesMax: 1,
        rangeBlocksMax: 1,
        blocksMax: 1,
      };
    },
    copy(slot, device, low, high, window, base, count, cursor, cursorAt) {
      const at = slot * listWords;
      const ranges = planCommand(
        window,
        base,
        count,
        cursor,
        cursorAt,
        bounds[device],
        lists,
        at,
        windowLayout,
        units,
      );
      toCome[slot] = steps - 1;
      const kind = steps === 1 ? KIND.copy : KIND.prepare;
      put(slot, kind, device, low, high, cursor[cursorAt + 2]);
      listBytes[slot] = ranges * RANGE_WORDS * 4;
      return ranges;
    },
    blocksDone: (slot, device, window, base, count, range, offset) => {
      const ranges = completions[slot * 4 + 2];
      return plannedBlocks(window, base, count, range, offset, bounds[device], ranges);
    },
    read: (slot, device, low, high, blocks) => put(slot, KIND.read, device, low, high, blocks),
    write: (slot, device, low, high, blocks) => put(slot, KIND.write, device, low, high, blocks),
    flush: (slot, device) => put(slot, KIND.flush, device, 0, 0, 0),
    listBytesOf: (slot) => listBytes[slot],
    interpret(slot) {
      const value = completions[slot * 4];
      if (kindAt(slot) === KIND.abandon) return status.aborted;
      if (kindAt(slot) !== KIND.prepare || value !== status.success) return value;
      toCome[slot]--;
      commands[slot * WORDS] = toCome[slot] === 0 ? KIND.copy : KIND.prepare;
      return COMMAND_CONTINUES;
    },
    delayMsOf: () => delayMs,
    giveUp(slot) {
      commands[slot * WORDS] = KIND.abandon;
      return true;
    },
    isRetryable: (slot) => completions[slot * 4 + 1] !== 0,
    describe: (slot) => ({
      family: "test",
      code: completions[slot * 4],
      name: "test status",
      fields: {},
    }),
    reaches: (device, source) => device === source || crossDevice,
  };
}

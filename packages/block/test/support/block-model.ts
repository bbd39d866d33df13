import {
  type Clock,
  type CompletionSink,
  dataDirection,
  joinWords,
  type QueueLimits,
  type QueueMemory,
  status,
  type Transport,
  type TransportQueue,
} from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import { type BottomDevice, blockDevice } from "../../src/index.ts";
import {
  type BlockCommandOptions,
  type BlockTarget,
  blockCommandSet,
  KIND,
  WORDS,
} from "./block-command-set.ts";

/*
 * A device as plain as can be, for tests of the engine alone: a block is one number, its label.
 */
export interface UnitOptions {
  readonly blocks: number;
  readonly limits?: Partial<QueueLimits>;
}

/** What a test may do to the next commands. */
export interface Behaviour {
  /** Returns the status to answer a command with, or undefined to carry it out. */
  refuse?: (command: {
    kind: number;
    unit: number;
    lba: number;
    blocks: number;
    sources: number[];
  }) => number | undefined;
  /** Copied ranges reported and done before a refusal. */
  rangesDone?: number;
  retryable?: boolean;
  /** Commands are kept, unanswered, while this is true. */
  hold?: boolean;
  /** True for a command that is carried out but never answered. */
  lose?: (command: { kind: number; unit: number; lba: number; blocks: number }) => boolean;
  /** What becomes of blocks behind the reported ranges of a refused copy: how many are copied all the same. */
  torn?: (blocks: number) => number;
  /** An abort is answered with this status; undefined: the device ignores it. */
  abortStatus?: number | undefined;
}

export interface Unit {
  readonly target: BlockTarget;
  /** Label of each block. */
  readonly labels: Float64Array;
}

export interface TestController {
  readonly units: readonly Unit[];
  readonly devices: BottomDevice[];
  readonly behaviour: Behaviour;
  /** Commands in the order in which they were carried out or refused. */
  readonly log: { kind: number; unit: number; lba: number; blocks: number; ranges: number }[];
  readonly sinks: CompletionSink[];
  closed: number;
  /** Queue pairs that were opened and not closed. */
  queuesOpen(): number;
  resets: number;
  aborts: number;
  /** Answers what is held, and holds no more. */
  release(): void;
  /** Commands that are held. */
  readonly heldCount: number;
  /** Carries out and answers one of the held commands. */
  releaseOne(index: number): void;
  /** Remembers blocks and commands in flight; what it returns brings them back. */
  save(): () => void;
  /** What a device would have refused, had it been strict: each is a defect of the engine. */
  readonly violations: string[];
}

const BYTES = 8;

/** A controller with units whose blocks hold 8 bytes, a label each. */
export function testController(
  units: readonly UnitOptions[],
  options: BlockCommandOptions & { depth?: number; clock?: Clock | undefined } = {},
): TestController {
  const made: Unit[] = units.map((unit, i) => ({
    target: {
      family: "test",
      unit: i,
      capacityBlocks: unit.blocks,
      bytesPerBlock: BYTES,
      limits: {
        bytesPerBlock: BYTES,
        transferBlocksMax: 16,
        copyShape: "many-to-one",
        copyBlocksMax: 24,
        copyRangesMax: 4,
        copyRangeBlocksMax: 8,
        copyCrossDevice: options.crossDevice === true,
        ...unit.limits,
      },
    },
    labels: Float64Array.from({ length: unit.blocks }, (_, lba) => (i + 1) * 1e9 + lba),
  }));
  const behaviour: Behaviour = {};
  const commandSet = blockCommandSet(options);
  const controller: TestController = {
    units: made,
    devices: [],
    behaviour,
    log: [],
    sinks: [],
    closed: 0,
    queuesOpen: () => controller.sinks.length - controller.closed,
    resets: 0,
    aborts: 0,
    violations: [],
    get heldCount() {
      return held.length;
    },
    release: () => {
      behaviour.hold = false;
      for (const answer of held.splice(0)) answer();
    },
    releaseOne: (index) => held.splice(index, 1)[0](),
    save() {
      const labels = made.map((unit) => unit.labels.slice());
      const commands = [...held];
      const tags = open.map((each) => [...each]);
      return () => {
        made.forEach((unit, i) => {
          unit.labels.set(labels[i]);
        });
        held.splice(0, held.length, ...commands);
        open.forEach((each, i) => {
          each.clear();
          for (const [slot, generation] of tags[i]) each.set(slot, generation);
        });
      };
    },
  };
  // Of each queue pair, the generation of the command in each slot that is open.
  const open: Map<number, number>[] = [];
  const held: (() => void)[] = [];
  const transport: Transport = {
    name: "test",
    supports: { queueDepthMax: 64 },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    execute: () => Promise.reject(new Error("no admin commands here")),
    connect(memory, sink) {
      open.push(new Map());
      return connect(controller, memory, sink, held, open[open.length - 1]);
    },
    close: () => Promise.resolve(),
  };
  const devices = made.map(({ target }, i) =>
    blockDevice({
      name: `unit${i}`,
      target,
      commandSet,
      transport,
      queueDepth: options.depth ?? 4,
    }),
  );
  controller.devices.push(...devices);
  return controller;
}

function connect(
  controller: TestController,
  memory: QueueMemory,
  sink: CompletionSink,
  held: (() => void)[],
  open: Map<number, number>,
): TransportQueue {
  controller.sinks.push(sink);
  const submitted: Submitted[] = [];
  // An answer to an earlier command in a slot has nobody to go to.
  const answer = (slot: number, generation: number): void => {
    if (open.get(slot) !== generation) return;
    open.delete(slot);
    sink.complete(Int32Array.of(slot), 1);
  };
  return {
    submit: (slot, listBytes, data, direction) =>
      submitted.push({ slot, listBytes, data, direction }),
    doorbell() {
      for (const entry of submitted.splice(0)) {
        const generation = memory.generation[entry.slot];
        open.set(entry.slot, generation);
        const act = (): void => {
          if (open.get(entry.slot) !== generation) return;
          const answers = carryOut(controller, memory, entry);
          if (answers) answer(entry.slot, generation);
        };
        if (controller.behaviour.hold === true) held.push(act);
        else act();
      }
    },
    abort(slot) {
      controller.aborts++;
      const { abortStatus } = controller.behaviour;
      const generation = open.get(slot);
      if (abortStatus === undefined || generation === undefined) return;
      memory.completions.set([abortStatus, 1, 0, 0], slot * 4);
      answer(slot, generation);
    },
    reset() {
      controller.resets++;
      open.clear();
      held.splice(0);
      sink.reset();
    },
    close() {
      controller.closed++;
    },
  };
}

interface Submitted {
  readonly slot: number;
  readonly listBytes: number;
  readonly data: Uint8Array | undefined;
  readonly direction: number;
}

/** Notes what a strict device would not have taken. */
function inspect(
  controller: TestController,
  command: { kind: number; unit: number; lba: number; blocks: number },
  list: { unit: number; lba: number; blocks: number }[],
): void {
  const { kind, unit, lba, blocks } = command;
  const { labels, target } = controller.units[unit];
  const { limits } = target;
  const expects = (holds: boolean, what: string): void => {
    if (!holds) controller.violations.push(`${what}: ${JSON.stringify({ command, list })}`);
  };
  expects(lba >= 0 && lba + blocks <= labels.length, "destination on the unit");
  if (kind === KIND.prepare || kind === KIND.abandon) return;
  if (kind !== KIND.copy) {
    expects(kind === KIND.flush || blocks >= 1, "at least one block");
    expects(blocks <= limits.transferBlocksMax, "transferBlocksMax");
    return;
  }
  expects(limits.copyShape !== undefined, "copy command of a unit that has one");
  expects(list.length >= 1 && list.length <= (limits.copyRangesMax ?? 0), "copyRangesMax");
  expects(blocks <= (limits.copyBlocksMax ?? 0), "copyBlocksMax");
  expects(list.reduce((sum, range) => sum + range.blocks, 0) === blocks, "sum of the ranges");
  for (const range of list) {
    const end = range.lba + range.blocks;
    expects(range.blocks >= 1 && range.blocks <= (limits.copyRangeBlocksMax ?? 0), "range length");
    expects(end <= controller.units[range.unit].labels.length, "source on the unit");
    expects(range.unit === unit || limits.copyCrossDevice === true, "source within reach");
    expects(range.unit !== unit || end <= lba || lba + blocks <= range.lba, "no overlap");
  }
}

/** Carries out a command; false when it will not be answered. */
function carryOut(controller: TestController, memory: QueueMemory, submitted: Submitted): boolean {
  const { slot, listBytes, data, direction } = submitted;
  const { behaviour, units, log } = controller;
  const [kind, unit, low, high, blocks] = memory.commands.subarray(
    slot * WORDS,
    slot * WORDS + WORDS,
  );
  const lba = joinWords(low, high);
  const ranges = listBytes / (RANGE_WORDS * 4);
  const list = Array.from({ length: ranges }, (_, i) => {
    const at = slot * memory.listWords + i * RANGE_WORDS;
    const [source, sourceLow, sourceHigh, length] = memory.lists.subarray(at, at + RANGE_WORDS);
    return { unit: source, lba: joinWords(sourceLow, sourceHigh), blocks: length };
  });
  const command = { kind, unit, lba, blocks };
  if (log.length > 50_000) throw new Error("the engine sends commands for ever");
  log.push({ ...command, ranges });
  inspect(controller, command, list);
  const refused = behaviour.refuse?.({ ...command, sources: list.map((range) => range.lba) });
  const reported = refused === undefined ? ranges : Math.min(ranges, behaviour.rangesDone ?? 0);
  memory.completions.set(
    [
      refused ?? status.success,
      behaviour.retryable === true ? 1 : 0,
      refused === undefined || kind !== KIND.copy ? 0 : (behaviour.rangesDone ?? 0),
      0,
    ],
    slot * 4,
  );
  const { labels } = units[unit];
  if (kind === KIND.copy) {
    const origin = list.flatMap((range) => [
      ...units[range.unit].labels.subarray(range.lba, range.lba + range.blocks),
    ]);
    const certain = list.slice(0, reported).reduce((sum, range) => sum + range.blocks, 0);
    const more = refused === undefined ? 0 : (behaviour.torn?.(blocks - certain) ?? 0);
    labels.set(origin.slice(0, certain + more), lba);
  } else if (refused === undefined && data !== undefined) {
    const bytes = new Uint8Array(labels.buffer, lba * BYTES, blocks * BYTES);
    if (direction === dataDirection.toHost) data.set(bytes);
    else bytes.set(data);
  }
  return behaviour.lose?.(command) !== true;
}

import type { CopyRequest, PairingStrategy } from "@blockferry/core";
import { copyInOut } from "@blockferry/strategy-copy-in-out";
import { listContext } from "@blockferry/strategy-list-context";
import { listToken } from "@blockferry/strategy-list-token";
import { payloadToken } from "@blockferry/strategy-payload-token";
import { plugPair } from "@blockferry/strategy-plug-pair";
import { sourceList } from "@blockferry/strategy-source-list";
import { translateFirst } from "@blockferry/strategy-translate-first";
import { twoEndedDescent } from "@blockferry/strategy-two-ended-descent";
import fc from "fast-check";
import type { BlockEngine, CopyResult } from "../../src/index.ts";
import { type TestController, testController } from "./block-model.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";
import { buildStack, type Place, type Stack, type StackShape, stackShape } from "./stack-shape.ts";

/** Strategies as they are to be used. */
export const strategies = {
  "source-list": sourceList,
  "source-list per-range": () => sourceList({ bio: "per-range", sources: "joined" }),
  "list-token": listToken,
  "list-context": listContext,
  "plug-pair": plugPair,
  "payload-token": payloadToken,
  "payload-token boundary": () => payloadToken({ split: "boundary" }),
  "translate-first": translateFirst,
  "copy-in-out": copyInOut,
  "two-ended-descent": twoEndedDescent,
} satisfies Record<string, () => PairingStrategy>;
export type StrategyName = keyof typeof strategies;
export const strategyNames = Object.keys(strategies) as StrategyName[];
/** True for one that refuses parts that were cut at different places, or that are on different devices. */
export const needsLikeHalves = (strategy: StrategyName): boolean => strategy === "plug-pair";
/** How a copy may end on devices of which nothing fails. */
export function fairEnds(strategy: StrategyName): readonly string[] {
  return ["success", "unreachable", ...(needsLikeHalves(strategy) ? ["aborted"] : [])];
}
/** Those by which halves of a copy wait for each other at the bottom. */
export const parking: readonly StrategyName[] = ["list-token", "list-context", "translate-first"];
/** Those that send a copy down from the submitter to its request in one go. */
export const direct: readonly StrategyName[] = ["source-list", ...parking];
/** Those that make a request of each range. */
export const ungathered: readonly StrategyName[] = [
  "plug-pair",
  "payload-token boundary",
  "copy-in-out",
  "two-ended-descent",
];

/** A controller with units, a stack over them, the engine's bounds, and the copies asked for: plain data, so that it prints. */
export interface Scenario {
  readonly units: readonly {
    readonly transferBlocksMax: number;
    readonly copies: boolean;
    readonly copyBlocksMax: number;
    readonly copyRangesMax: number;
    readonly copyRangeBlocksMax: number;
  }[];
  readonly crossDevice: boolean;
  readonly depth: number;
  /** Commands that a copy takes, and how long the device wants to be left alone between them. */
  readonly steps: number;
  readonly delayMs: number;
  readonly stack: StackShape;
  readonly strategy: StrategyName;
  readonly bounds: { copies: number; chunks: number; ranges: number; chunkBlocks: number };
  readonly emulate: boolean;
  readonly bufferBlocks: number;
  readonly requests: readonly Draw[];
}

/** Numbers of 0..2^16-1 that a request is drawn from. */
interface Draw {
  readonly destination: number;
  readonly room: number;
  readonly sources: readonly (readonly [number, number])[];
}

const portion = fc.nat(65535);

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  units: fc.array(
    fc.record({
      transferBlocksMax: fc.integer({ min: 1, max: 16 }),
      copies: fc.constantFrom(true, true, true, false),
      copyBlocksMax: fc.integer({ min: 1, max: 24 }),
      copyRangesMax: fc.integer({ min: 1, max: 5 }),
      copyRangeBlocksMax: fc.integer({ min: 1, max: 10 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  crossDevice: fc.boolean(),
  depth: fc.integer({ min: 1, max: 4 }),
  steps: fc.constantFrom(1, 1, 1, 2, 3),
  delayMs: fc.constantFrom(0, 5),
  stack: stackShape,
  strategy: fc.constantFrom(...strategyNames),
  bounds: fc.record({
    copies: fc.integer({ min: 1, max: 3 }),
    chunks: fc.integer({ min: 1, max: 4 }),
    ranges: fc.integer({ min: 1, max: 5 }),
    chunkBlocks: fc.integer({ min: 1, max: 60 }),
  }),
  emulate: fc.boolean(),
  bufferBlocks: fc.integer({ min: 1, max: 12 }),
  requests: fc.array(
    fc.record({
      destination: portion,
      room: portion,
      sources: fc.array(fc.tuple(portion, portion), { minLength: 1, maxLength: 7 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

export interface World extends Stack {
  readonly controller: TestController;
  readonly clock: ManualClock;
  /** Labels of all units before anything was copied. */
  readonly before: readonly Float64Array[];
  /** Blocks of each unit that the stack takes, gaps included. */
  readonly used: number[];
}

/** Builds the devices of a scenario; `undefined` when its stack does not fit onto its units. */
export function worldOf(plain: Scenario): World | undefined {
  const clock = manualClock();
  const controller = testController(
    plain.units.map((unit) => ({
      blocks: 160,
      limits: {
        transferBlocksMax: unit.transferBlocksMax,
        copyShape: unit.copies ? "many-to-one" : undefined,
        copyBlocksMax: unit.copyBlocksMax,
        copyRangesMax: unit.copyRangesMax,
        copyRangeBlocksMax: unit.copyRangeBlocksMax,
      },
    })),
    {
      depth: plain.depth,
      crossDevice: plain.crossDevice,
      steps: plain.steps,
      delayMs: plain.delayMs,
      clock,
    },
  );
  const used = plain.units.map(() => 0);
  const stack = buildStack(plain.stack, controller, used);
  if (stack === undefined) return undefined;
  const before = controller.units.map(({ labels }) => labels.slice());
  return { ...stack, controller, clock, before, used };
}

/** Makes a request out of numbers: its destination in `from..to`, its sources below `sourcesEnd`. */
export function requestOf(
  draw: Draw,
  { sourcesEnd, from, to }: { sourcesEnd: number; from: number; to: number },
): CopyRequest | undefined {
  if (to <= from || sourcesEnd === 0) return undefined;
  const destination = from + (draw.destination % (to - from));
  let room = 1 + (draw.room % (to - destination));
  const sources: { lba: number; blocks: number }[] = [];
  for (const [place, length] of draw.sources) {
    if (room === 0) break;
    const lba = place % sourcesEnd;
    const blocks = Math.min(1 + (length % (sourcesEnd - lba)), room);
    sources.push({ lba, blocks });
    room -= blocks;
  }
  return { sources, destination };
}

/** The requests of a scenario: sources in the lower half of the device, destinations in parts of the upper half of their own. */
export function separateRequests(plain: Scenario, blocks: number): CopyRequest[] {
  const half = Math.ceil(blocks / 2);
  const each = Math.floor((blocks - half) / plain.requests.length);
  return plain.requests.flatMap((draw, i) => {
    const from = half + i * each;
    return requestOf(draw, { sourcesEnd: half, from, to: from + each }) ?? [];
  });
}

/** The block that each block of a request's destination is to hold afterwards. */
export function originOf(request: CopyRequest): number[] {
  if (!Array.isArray(request.sources)) throw new TypeError("ranges as objects");
  return (request.sources as { lba: number; blocks: number }[]).flatMap(({ lba, blocks }) =>
    Array.from({ length: blocks }, (_, i) => lba + i),
  );
}

/** Tables that have a row for good for each device, queue or submitter, and one for the engine. */
const forGood = ["device", "queue", "engine", "plug-pair-plug", "plug-pair-queue"];

/** Tables that are in use though nothing goes on. */
export function leaks(engine: BlockEngine): string[] {
  return engine.state.tables
    .filter(({ name, used }) => !forGood.includes(name) && used !== 0)
    .map(({ name, used }) => `${name}: ${used}`);
}

const at = (labels: readonly Float64Array[], { unit, lba }: Place): number => labels[unit][lba];

/**
 * Checks what results say against the blocks: blocks said to be copied are copied, others are old or new, and blocks that are no
 * copy's destination are untouched. Returns what is wrong.
 */
export function lies(
  world: World,
  copies: readonly { request: CopyRequest; result: CopyResult }[],
): string[] {
  const wrong: string[] = [];
  const { places, before, controller } = world;
  const now = controller.units.map(({ labels }) => labels);
  const seen = before.map((labels) => labels.slice());
  for (const { request, result } of copies) {
    const origin = originOf(request);
    let offset = 0;
    const outcomes = result.spans;
    for (const span of outcomes) {
      if (span.offset !== offset) wrong.push(`span at ${span.offset}, expected at ${offset}`);
      offset += span.blocks;
      const isCopied = span.status === "success";
      if (isCopied === (span.means === "none")) wrong.push(`${span.means} ${span.status}`);
      for (let i = span.offset; i < span.offset + span.blocks; i++) {
        const place = places[request.destination + i];
        const label = at(now, place);
        const fresh = at(before, places[origin[i]]);
        seen[place.unit][place.lba] = label;
        const isOld = label === at(before, place);
        if (label !== fresh && (isCopied || !isOld))
          wrong.push(`block ${i}, ${span.status}: ${label} for ${fresh}`);
      }
    }
    if (offset !== origin.length) wrong.push(`spans cover ${offset} of ${origin.length}`);
    wrong.push(...miscounts(request, result));
  }
  now.forEach((labels, unit) => {
    labels.forEach((label, lba) => {
      if (label !== seen[unit][lba]) wrong.push(`foreign block ${lba} of unit ${unit}`);
    });
  });
  return wrong;
}

/** Compares the totals and the ranges of a result with its spans. */
function miscounts(request: CopyRequest, result: CopyResult): string[] {
  const wrong: string[] = [];
  const sum = (means: string): number =>
    result.spans.filter((span) => span.means === means).reduce((all, span) => all + span.blocks, 0);
  if (sum("offload") !== result.offloadedBlocks) wrong.push("offloadedBlocks");
  if (sum("emulated") !== result.emulatedBlocks) wrong.push("emulatedBlocks");
  if (result.bytesThroughHost !== sum("emulated") * 8) wrong.push("bytesThroughHost");
  if (result.copiedBlocks + sum("none") !== result.blocks) wrong.push("blocks");
  if ((result.status === "success") !== (sum("none") === 0)) wrong.push(`status ${result.status}`);
  const { commands } = result;
  const carried = commands.map(() => 0);
  for (const { means, command, blocks } of result.spans) {
    if (means === "offload" && command === undefined) wrong.push("no command named");
    if (command === undefined) continue;
    if (commands[command]?.index !== command) wrong.push(`command ${command} is not there`);
    carried[command] += blocks;
  }
  commands.forEach(({ blocks }, i) => {
    if (carried[i] > blocks) wrong.push(`command ${i} had ${blocks} blocks, not ${carried[i]}`);
  });
  const origin = originOf(request);
  const sources = request.sources as { lba: number; blocks: number }[];
  let place = 0;
  for (const part of result.ranges()) {
    const { lba, blocks } = sources[part.range];
    if (part.destination !== request.destination + place) wrong.push("place of a range");
    if (part.source !== origin[place]) wrong.push("source of a range");
    if (part.source < lba || part.source + part.blocks > lba + blocks) wrong.push("range number");
    place += part.blocks;
  }
  if (place !== origin.length) wrong.push("ranges do not cover the copy");
  return wrong;
}

/**
 * Lets a promise settle while nothing but promises and the test's own clock move. `undefined` when it never would.
 *
 * @param move does one thing that may happen next; false when there is none
 */
export async function settled<T>(
  promise: Promise<T>,
  move: () => boolean,
): Promise<PromiseSettledResult<T> | undefined> {
  let outcome: PromiseSettledResult<T> | undefined;
  const watched = Promise.allSettled([promise]).then(([each]) => {
    outcome = each;
  });
  for (let moves = 0; moves < 20_000; moves++) {
    for (let tick = 0; tick < 20 && outcome === undefined; tick++) await Promise.resolve();
    if (outcome !== undefined) {
      await watched;
      return outcome;
    }
    if (!move()) return undefined;
  }
  return undefined;
}

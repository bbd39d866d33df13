import { type MemoryStore, memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { expect } from "vitest";
import { type BottomDevice, blockEngine, type CopyResult, copyOn } from "../../src/index.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";
import { leaks, requestOf, type Scenario, settled, strategies, strategyNames } from "./scenario.ts";
import { buildStack, type Place, type StackShape, stackShape } from "./stack-shape.ts";

/*
 * Copies on emulated devices whose blocks are all filled with a number of their own, so that a wrong or torn block shows.
 */
export const BLOCK_BYTES = 512;
export const BLOCKS = 160;

/** A store whose blocks all differ. */
export function numberedStore(store: number): MemoryStore {
  const made = memoryStore({ bytes: BLOCKS * BLOCK_BYTES });
  for (let lba = 0; lba < BLOCKS; lba++) {
    const block = new Float64Array(BLOCK_BYTES / 8).fill((store + 1) * 1e6 + lba);
    made.write(lba * BLOCK_BYTES, new Uint8Array(block.buffer));
  }
  return made;
}

/** The number of each block; a block whose bytes are not all of one is `NaN`. */
function numbersOf(store: MemoryStore): number[] {
  const bytes = new Uint8Array(BLOCKS * BLOCK_BYTES);
  store.read(0, bytes);
  const doubles = new Float64Array(bytes.buffer);
  return Array.from({ length: BLOCKS }, (_, lba) => {
    const block = doubles.subarray((lba * BLOCK_BYTES) / 8, ((lba + 1) * BLOCK_BYTES) / 8);
    return block.every((each) => each === block[0]) ? block[0] : Number.NaN;
  });
}

/** What a copy on emulated devices is drawn from, whatever the devices are. */
export interface CopyPlain {
  readonly stack: StackShape;
  readonly strategy: Scenario["strategy"];
  readonly queueDepth: number;
  readonly emulate: boolean;
  readonly draw: {
    readonly destination: number;
    readonly room: number;
    readonly sources: readonly (readonly [number, number])[];
  };
}

export const copyPlain: { readonly [Key in keyof CopyPlain]: fc.Arbitrary<CopyPlain[Key]> } = {
  stack: stackShape,
  strategy: fc.constantFrom(...strategyNames),
  queueDepth: fc.integer({ min: 1, max: 8 }),
  emulate: fc.boolean(),
  draw: fc.record({
    destination: fc.nat(65535),
    room: fc.nat(65535),
    sources: fc.array(fc.tuple(fc.nat(65535), fc.nat(65535)), { minLength: 1, maxLength: 6 }),
  }),
};

/** Emulated devices and where their blocks are. */
export interface NumberedDevices {
  readonly stores: readonly MemoryStore[];
  readonly devices: readonly BottomDevice[];
}

/**
 * Copies once: what is said to be copied is copied, other blocks of the destination are old or new, and all others are as
 * they were; nothing is left in the engine. Returns the result; `undefined` where the draw makes no copy.
 */
export async function copyIsWhatItSays(
  plain: CopyPlain,
  open: (clock: ManualClock) => Promise<NumberedDevices>,
): Promise<{ result: CopyResult; clock: ManualClock } | undefined> {
  const clock = manualClock();
  const { stores, devices } = await open(clock);
  const owners = devices.map(() => 0);
  const stack = buildStack(plain.stack, { devices: [...devices] }, owners);
  if (stack === undefined) return undefined;
  const { device, places } = stack;
  const half = Math.ceil(places.length / 2);
  const request = requestOf(plain.draw, { sourcesEnd: half, from: half, to: places.length });
  if (request === undefined) return undefined;
  const before = stores.map(numbersOf);
  const engine = blockEngine({
    devices: [device],
    strategy: strategies[plain.strategy](),
    timeoutMs: 1000,
  });
  const running = copyOn(engine, device, request, { emulate: plain.emulate });
  const outcome = await settled(running, clock.next);
  if (outcome?.status === "rejected") throw outcome.reason;
  const result = outcome?.value as CopyResult;
  expect(result, "the copy ends").toBeDefined();
  const after = stores.map(numbersOf);
  const at = (numbers: number[][], { unit, lba }: Place): number => numbers[unit][lba];
  const allowed = before.map((numbers) => numbers.map((number) => [number]));
  for (const part of result.ranges()) {
    for (let i = 0; i < part.blocks; i++) {
      const to = places[part.destination + i];
      const fresh = at(before, places[part.source + i]);
      allowed[to.unit][to.lba] = part.status === "success" ? [fresh] : [fresh, at(before, to)];
    }
  }
  after.forEach((numbers, unit) => {
    numbers.forEach((number, lba) => {
      expect(allowed[unit][lba], `block ${lba} of device ${unit}`).toContain(number);
    });
  });
  expect(leaks(engine)).toEqual([]);
  engine.close();
  return { result, clock };
}

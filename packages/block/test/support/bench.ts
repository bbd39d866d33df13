import type { CopyRequest } from "@blockferry/core";
import { type BlockDevice, blockEngine } from "../../src/index.ts";
import { type TestController, testController, type UnitOptions } from "./block-model.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";
import { strategies } from "./scenario.ts";

/** One device that answers when told to, a clock that moves when told to, and an engine over it. */
export interface Bench {
  readonly controller: TestController;
  readonly clock: ManualClock;
  readonly device: BlockDevice;
  readonly engine: ReturnType<typeof blockEngine>;
  readonly before: Float64Array;
}

export function bench(
  strategy: keyof typeof strategies,
  options: {
    depth?: number;
    timeoutMs?: number;
    retriesMax?: number;
    chunks?: number;
    steps?: number;
    delayMs?: number;
    unit?: Partial<UnitOptions>;
  } = {},
): Bench {
  const clock = manualClock();
  const controller = testController([{ blocks: 400, ...options.unit }], {
    depth: options.depth ?? 2,
    steps: options.steps ?? 1,
    delayMs: options.delayMs ?? 0,
    clock,
  });
  const [device] = controller.devices;
  const { timeoutMs, retriesMax } = options;
  const engine = blockEngine({
    devices: [device],
    strategy: strategies[strategy](),
    timeoutMs,
    retriesMax,
    bounds: options.chunks === undefined ? {} : { chunks: options.chunks },
  });
  return { controller, clock, device, engine, before: controller.units[0].labels.slice() };
}

/** 96 blocks: four commands of 24. */
export const request: CopyRequest = { sources: [{ lba: 0, blocks: 96 }], destination: 200 };
/** Lets promises settle. */
export const ticks = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

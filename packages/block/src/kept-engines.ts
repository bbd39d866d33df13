import type { PairingStrategy } from "@blockferry/core";
import type { BlockDevice } from "./device.ts";
import { type BlockEngine, blockEngine } from "./engine.ts";

/** Engines kept for a pair of devices: each has a queue pair of its own, and a caller may make a strategy for every copy. */
const KEPT_MAX = 4;

interface KeptEngine {
  readonly strategy: PairingStrategy;
  readonly engine: BlockEngine;
  running: number;
}

const engines = new WeakMap<BlockDevice, WeakMap<BlockDevice, KeptEngine[]>>();

/** Engines for copies from `device` to `to`, the one used last at the end. */
function keptFor(device: BlockDevice, to: BlockDevice): KeptEngine[] {
  const perTarget = engines.get(device) ?? new WeakMap<BlockDevice, KeptEngine[]>();
  engines.set(device, perTarget);
  const kept = perTarget.get(to) ?? [];
  perTarget.set(to, kept);
  return kept;
}

/** Closes engines on which nothing runs, those first that were not used for longest, until few enough are left. */
function closeIdle(kept: KeptEngine[]): void {
  for (let at = 0; at < kept.length && kept.length > KEPT_MAX; ) {
    if (kept[at].running > 0) at++;
    else kept.splice(at, 1)[0].engine.close();
  }
}

/** Runs something on the engine that is kept for these devices and this strategy object, or on a new one that is kept. */
export async function onKeptEngine<T>(
  device: BlockDevice,
  to: BlockDevice,
  strategy: PairingStrategy,
  run: (engine: BlockEngine) => Promise<T>,
): Promise<T> {
  const kept = keptFor(device, to);
  const at = kept.findIndex((each) => each.strategy === strategy);
  const [found] =
    at < 0
      ? [{ strategy, engine: blockEngine({ devices: [device, to], strategy }), running: 0 }]
      : kept.splice(at, 1);
  kept.push(found);
  found.running++;
  try {
    return await run(found.engine);
  } finally {
    found.running--;
    closeIdle(kept);
  }
}

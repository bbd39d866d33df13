import type { StrategyEngine } from "@blockferry/core";
import type { PlugPairSettings } from "./options.ts";

/** Tells the submitter of a copy how far it came when a part of it failed. */
export interface Reporter {
  /** What is told is worked out in one step and told in another. */
  readonly isLate: boolean;
  /** The blocks in front of the chunk, or what was told already where that is less. */
  load(chunk: number): number;
  store(chunk: number, blocks: number): void;
  /** Both in one step. */
  now(chunk: number): void;
}

/**
 * As posted (v20 03/12, `blkdev_copy_offload_src_endio`): `copied = min(copied, offset of the chunk)`, on whatever CPU the
 * completion comes to.
 */
export function reporter(engine: StrategyEngine, { report }: PlugPairSettings): Reporter {
  const { offset } = engine.chunks.columns;
  const load = (chunk: number): number => Math.min(engine.reported(chunk), offset[chunk]);
  const isSilent = report === "accounted";
  return {
    isLate: report === "min-offset-unlocked",
    load,
    store: (chunk, blocks) => engine.report(chunk, blocks),
    now(chunk) {
      if (!isSilent) engine.report(chunk, load(chunk));
    },
  };
}

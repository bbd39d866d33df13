import { joinWords, type StrategyEngine, status, traceKind } from "@blockferry/core";
import { failBio } from "./account.ts";
import { type Engine, step } from "./engine-state.ts";
import { reaches } from "./pair.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SUBMIT = step.submit;

/** What an engine offers to its strategy. */
export function strategyEngine(e: Engine): StrategyEngine {
  const bios = e.bios.columns;
  const chunks = e.chunks.columns;
  return {
    bios: e.bios,
    chunks: e.chunks,
    windows: e.windows,
    windowRanges: e.windowRanges,
    allocateWindow: () => e.windowRows.allocate(),
    freeWindow: (window) => e.windowRows.free(window),
    allocateBio(chunk, operation) {
      const bio = e.bios.allocate();
      if (bio < 0) throw new Error(`strategy ${e.strategy.name} makes more bios than it announced`);
      bios.operation[bio] = operation;
      bios.device[bio] = chunks.device[chunk];
      bios.chunk[bio] = chunk;
      bios.root[bio] = bio;
      bios.pieces[bio] = 1;
      bios.status[bio] = SUCCESS;
      bios.window[bio] = -1;
      bios.ranges[bio] = 0;
      chunks.bios[chunk]++;
      e.counters.bios++;
      return bio;
    },
    submit: (bio) => e.scheduler.post(SUBMIT, bio, chunks.lane[bios.chunk[bio]]),
    endBio: e.hot.endBio,
    failBio: (bio, value) => failBio(e, bio, value),
    pair: e.hot.pair,
    reaches: (device, source) => reaches(e, device, source),
    account: (chunk, offset, blocks, value) => e.hot.account(chunk, offset, blocks, value, -1),
    parked(bio) {
      if (e.trace === undefined) return;
      const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
      e.trace(traceKind.bioPark, bio, bios.device[bio], lba, bios.blocks[bio], bios.operation[bio]);
    },
  };
}

import { joinWords, type StrategyEngine, status, traceKind } from "@blockferry/core";
import { failBio, failChunk } from "./account.ts";
import type { BottomDevice } from "./device.ts";
import { type Engine, step } from "./engine-state.ts";
import { allocateWindow, reaches } from "./pair.ts";
import { postRun } from "./queue.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SUBMIT = step.submit;

function bottom(e: Engine, number: number): BottomDevice {
  const device = e.devices[number];
  if (device.kind !== "bottom") throw new TypeError(`${device.name} has no queue of its own`);
  return device;
}

/** What an engine offers to its strategy. */
export function strategyEngine(e: Engine): StrategyEngine {
  const bios = e.bios.columns;
  const chunks = e.chunks.columns;
  return {
    bios: e.bios,
    chunks: e.chunks,
    windows: e.windows,
    windowRanges: e.windowRanges,
    allocateWindow: () => allocateWindow(e),
    freeWindow: (window) => e.windowRows.free(window),
    allocateBio(chunk, operation) {
      if (e.faults?.allocationFails()) return -1;
      const bio = e.bios.allocate();
      if (bio < 0) throw new Error(`strategy ${e.strategy.name} makes more bios than it announced`);
      bios.operation[bio] = operation;
      bios.device[bio] = chunks.device[chunk];
      bios.chunk[bio] = chunk;
      bios.root[bio] = bio;
      bios.lane[bio] = chunks.lane[chunk];
      bios.pieces[bio] = 1;
      bios.status[bio] = SUCCESS;
      bios.window[bio] = -1;
      bios.ranges[bio] = 0;
      chunks.bios[chunk]++;
      e.counters.bios++;
      return bio;
    },
    submit: (bio) => e.scheduler.post(SUBMIT, bio, bios.lane[bio]),
    endBio: e.hot.endBio,
    failBio: (bio, value) => failBio(e, bio, value),
    failChunk: (chunk, value) => failChunk(e, chunk, value),
    pair: e.hot.pair,
    reaches: (device, source) => reaches(e, device, source),
    account: (chunk, offset, blocks, value) => e.hot.account(chunk, offset, blocks, value, -1),
    parked(bio) {
      if (e.trace === undefined) return;
      const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
      e.trace(traceKind.bioPark, bio, bios.device[bio], lba, bios.blocks[bio], bios.operation[bio]);
    },
    defer: (subject, lane) => e.scheduler.post(step.strategy, subject, lane),
    plugOf(bio) {
      const lane = bios.lane[bio];
      return lane >= 0 && e.copies.columns.plugged[lane] !== 0 ? lane : -1;
    },
    runQueue: (device) => postRun(e, e.queueOf[device]),
    merges: (device) => bottom(e, device).merges,
    hasElevator: (device) => bottom(e, device).elevator,
    tags: (device) => e.queues[e.queueOf[device]].commands.capacity,
    mappingGeneration: () => e.engineRow.reloads[0],
    holdQueue(device) {
      e.deviceRows.columns.inFlight[device]++;
    },
    releaseQueue: (device) => e.hot.quiet(device),
    report(chunk, blocks) {
      e.copies.columns.told[chunks.copy[chunk]] = blocks;
    },
    reported(chunk) {
      const told = e.copies.columns.told[chunks.copy[chunk]];
      return told < 0 ? e.copies.columns.blocks[chunks.copy[chunk]] : told;
    },
  };
}

import { joinWords, traceKind } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { Engine, HardwareQueue } from "./engine-state.ts";

/** Traces a bio at the place where it is. */
export function traceBio(e: Engine, kind: number, bio: number, detail: number): void {
  const bios = e.bios.columns;
  const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
  e.trace?.(kind, bio, bios.device[bio], lba, bios.blocks[bio], detail);
}

/** Traces a request, whose first block is at `lba`. */
export function traceRequest(
  e: Engine,
  kind: number,
  request: number,
  lba: number,
  detail: number,
): void {
  const { device, blocks } = e.requests.columns;
  e.trace?.(kind, request, device[request], lba, blocks[request], detail);
}

/** Traces a request that was just paired, and the ranges that it copies from. */
export function tracePair(e: Engine, request: number): void {
  const { lbaLow, lbaHigh, window, ranges } = e.requests.columns;
  const lba = joinWords(lbaLow[request], lbaHigh[request]);
  traceRequest(e, traceKind.bioPair, request, lba, ranges[request]);
  const first = window[request] * e.windowRanges * RANGE_WORDS;
  for (let i = 0; i < ranges[request]; i++) {
    const at = first + i * RANGE_WORDS;
    const [source, low, high, blocks] = e.windows.subarray(at, at + RANGE_WORDS);
    e.trace?.(traceKind.requestSource, request, source, joinWords(low, high), blocks, i);
  }
}

/** Traces a command, whose first block is at `lba`. */
export function traceCommand(
  e: Engine,
  hardware: HardwareQueue,
  kind: number,
  slot: number,
  lba: number,
  detail: number,
): void {
  const { request, blocks } = hardware.commands.columns;
  e.trace?.(kind, slot, e.requests.columns.device[request[slot]], lba, blocks[slot], detail);
}

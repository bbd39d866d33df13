import { copyLimits, joinWords, operation } from "@blockferry/core";
import { RANGE_WORDS } from "@blockferry/core/plan";
import type { Engine } from "./engine-state.ts";

/*
 * What the series of 2020 and 2021 did with a bio that carries its sources in a payload (`blk_check_copy`), to be examined: see
 * `engineDefects`. An engine without these defects comes by here at most where it thaws a device.
 */

/** Word in `windows` of the first of a copy bio's sources, -1 for a bio without any. */
function sourcesOf(e: Engine, bio: number): number {
  const { operation: kinds, window } = e.bios.columns;
  if (kinds[bio] !== operation.copy || window[bio] < 0) return -1;
  return window[bio] * e.windowRanges * RANGE_WORDS;
}

/** True for a copy with a source whose address is above the blocks that one range may have at `device`. */
export function isAboveByAddress(e: Engine, bio: number, device: number): boolean {
  const limits = copyLimits(e.devices[device].limits);
  const first = sourcesOf(e, bio);
  if (limits === undefined || first < 0) return false;
  const end = first + e.bios.columns.ranges[bio] * RANGE_WORDS;
  for (let at = first; at < end; at += RANGE_WORDS) {
    if (joinWords(e.windows[at + 1], e.windows[at + 2]) > limits.rangeBlocksMax) return true;
  }
  return false;
}

/** True for an engine that remaps what a device held back a second time. */
export function remapsAgain(e: Engine): boolean {
  return e.defects.has("remaps-again") || e.defects.has("remaps-sources-again");
}

/**
 * A copy that was held back goes on as if it were new: the addresses that it has by now are taken for those of the device that
 * it was submitted to. Of sources alone, or of the destination too.
 */
export function forgetRemap(e: Engine, bio: number): void {
  const first = sourcesOf(e, bio);
  if (first < 0) return;
  const bios = e.bios.columns;
  const chunk = bios.chunk[bio];
  const source = e.copies.columns.source[e.chunks.columns.copy[chunk]];
  const end = first + bios.ranges[bio] * RANGE_WORDS;
  for (let at = first; at < end; at += RANGE_WORDS) e.windows[at] = source;
  if (e.defects.has("remaps-again")) bios.device[bio] = e.chunks.columns.device[chunk];
}

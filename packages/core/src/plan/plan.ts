import type { CopyLimits } from "../limits.ts";
import { COMMAND_BLOCKS_MAX } from "../limits.ts";
import { type CopySegment, highWord, joinWords, lowWord } from "../range.ts";
import {
  CURSOR_BLOCKS,
  CURSOR_WORDS,
  planCommand,
  RANGE_BLOCKS,
  RANGE_HIGH,
  RANGE_LOW,
  RANGE_WORDS,
  windowLayout,
} from "./plan-command.ts";

/**
 * One command of a plan. Its segments stand in the order in which the command names them. For `many-to-one`,
 * `one-to-one` and `token` the destinations of one command are adjacent; for `pairs` they may be anywhere on one device.
 */
export interface PlannedCommand {
  readonly segments: readonly CopySegment[];
  readonly blocks: number;
}

export interface CopyPlan {
  readonly commands: readonly PlannedCommand[];
  /** Segments that no command of this device can carry, as they came, joined where adjacent. */
  readonly residue: readonly CopySegment[];
}

function isReachable(segment: CopySegment, limits: CopyLimits): boolean {
  return limits.crossDevice || segment.source.device === segment.destination.device;
}

function follows(previous: CopySegment, segment: CopySegment): boolean {
  return (
    previous.destination.device === segment.destination.device &&
    previous.destination.lba + previous.blocks === segment.destination.lba
  );
}

/** Splits segments into runs that one stream of commands can carry. */
function runsOf(segments: readonly CopySegment[], limits: CopyLimits): CopySegment[][] {
  const runs: CopySegment[][] = [];
  let previous: CopySegment | undefined;
  for (const segment of segments) {
    const joins =
      previous !== undefined &&
      (limits.shape === "pairs"
        ? previous.destination.device === segment.destination.device
        : follows(previous, segment));
    if (joins) runs[runs.length - 1].push(segment);
    else runs.push([segment]);
    previous = segment;
  }
  return runs;
}

/** Cuts segments to what a row of a window holds. */
function rowsOf(run: readonly CopySegment[]): CopySegment[] {
  const rows: CopySegment[] = [];
  for (const segment of run) {
    for (let done = 0; done < segment.blocks; done += COMMAND_BLOCKS_MAX) {
      rows.push({
        source: { device: segment.source.device, lba: segment.source.lba + done },
        destination: { device: segment.destination.device, lba: segment.destination.lba + done },
        blocks: Math.min(COMMAND_BLOCKS_MAX, segment.blocks - done),
      });
    }
  }
  return rows;
}

function planRun(run: readonly CopySegment[], limits: CopyLimits): PlannedCommand[] {
  const rows = rowsOf(run);
  const window = new Int32Array(rows.length * RANGE_WORDS);
  rows.forEach((row, i) => {
    window.set([i, lowWord(row.source.lba), highWord(row.source.lba), row.blocks], i * RANGE_WORDS);
  });
  // Rows name themselves in the device word, so that a planned range finds the segment it was cut from.
  const names = Int32Array.from(rows, (_, i) => i);
  const cursor = new Int32Array(CURSOR_WORDS);
  const out = new Int32Array(Math.min(limits.rangesMax, 65536) * RANGE_WORDS);
  const bounds = { ...limits, rangesMax: Math.min(limits.rangesMax, 65536) };
  const commands: PlannedCommand[] = [];
  for (;;) {
    const ranges = planCommand(
      window,
      0,
      rows.length,
      cursor,
      0,
      bounds,
      out,
      0,
      windowLayout,
      names,
    );
    if (ranges === 0) return commands;
    const segments: CopySegment[] = [];
    for (let i = 0; i < ranges; i++) {
      const at = i * RANGE_WORDS;
      const row = rows[out[at]];
      const lba = joinWords(out[at + RANGE_LOW], out[at + RANGE_HIGH]);
      segments.push({
        source: { device: row.source.device, lba },
        destination: {
          device: row.destination.device,
          lba: row.destination.lba + (lba - row.source.lba),
        },
        blocks: out[at + RANGE_BLOCKS],
      });
    }
    commands.push({ segments, blocks: cursor[CURSOR_BLOCKS] });
  }
}

/**
 * Plans the commands that carry `segments` on a device with these limits, and what is left over.
 *
 * Pure. Every block of every segment is in exactly one command or in the residue; order is kept; no command exceeds a
 * limit. `limits` `undefined` (no copy command) leaves everything over.
 */
export function plan(segments: readonly CopySegment[], limits: CopyLimits | undefined): CopyPlan {
  if (limits === undefined) return { commands: [], residue: segments };
  const commands: PlannedCommand[] = [];
  const carried = segments.filter((segment) => isReachable(segment, limits));
  for (const run of runsOf(carried, limits)) commands.push(...planRun(run, limits));
  return { commands, residue: segments.filter((segment) => !isReachable(segment, limits)) };
}

/**
 * Joins two lists of pieces of one copy, cut at different places on the source and on the destination side, into
 * segments (the M:N split of stacked devices, `yq1blf3smcl.fsf@ca-mkp.ca.oracle.com`). Both lists are in the order of
 * the copy and cover the same number of blocks; otherwise `RangeError`.
 */
export function segmentsOf(
  sources: readonly { readonly device: number; readonly lba: number; readonly blocks: number }[],
  destinations: readonly {
    readonly device: number;
    readonly lba: number;
    readonly blocks: number;
  }[],
): CopySegment[] {
  const segments: CopySegment[] = [];
  let d = 0;
  let used = 0;
  for (const source of sources) {
    for (let done = 0; done < source.blocks; ) {
      const destination = destinations[d];
      if (destination === undefined)
        throw new RangeError("the sources have more blocks than the destinations");
      const blocks = Math.min(source.blocks - done, destination.blocks - used);
      segments.push({
        source: { device: source.device, lba: source.lba + done },
        destination: { device: destination.device, lba: destination.lba + used },
        blocks,
      });
      done += blocks;
      used += blocks;
      if (used === destination.blocks) {
        d++;
        used = 0;
      }
    }
  }
  if (d !== destinations.length)
    throw new RangeError("the destinations have more blocks than the sources");
  return segments;
}

import type { CopySegment } from "@blockferry/core";
import type { SgLineOptions } from "./sg-xcopy.ts";

/** A run of segments with one source unit and one destination unit: what one line of ddpt can copy. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly segments: CopySegment[];
}

function runsOf(segments: readonly CopySegment[]): Run[] {
  const runs: Run[] = [];
  for (const segment of segments) {
    const { source, destination } = segment;
    const last = runs.at(-1);
    if (last?.from === source.device && last.to === destination.device) last.segments.push(segment);
    else runs.push({ from: source.device, to: destination.device, segments: [segment] });
  }
  return runs;
}

/** Pairs of address and count, joined where one goes on with the other. */
function scatterGatherList(ranges: readonly { lba: number; blocks: number }[]): string {
  const joined: { lba: number; blocks: number }[] = [];
  for (const { lba, blocks } of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && last.lba + last.blocks === lba) last.blocks += blocks;
    else joined.push({ lba, blocks });
  }
  return joined.map(({ lba, blocks }) => `${lba},${blocks}`).join(",");
}

/**
 * What to say before a line of `ddptTokenLines` is run: ddpt 0.97 and its sources of today write the range descriptors of
 * POPULATE TOKEN and WRITE USING TOKEN one byte early, so that addresses and counts are 256 times as large.
 */
export const ddptTokenWarning =
  "ddpt up to 0.97 writes the ranges of --odx one byte early and would copy other blocks";

/** Segments of one token as command lines of ddpt, with scatter gather lists. */
export function ddptTokenLines(
  segments: readonly CopySegment[],
  { bytesPerBlock, nodeOf }: SgLineOptions,
): string[] {
  return runsOf(segments).map(({ from, to, segments: run }) => {
    const skip = scatterGatherList(run.map(({ source: { lba }, blocks }) => ({ lba, blocks })));
    const seek = scatterGatherList(
      run.map(({ destination: { lba }, blocks }) => ({ lba, blocks })),
    );
    return (
      `ddpt --odx if=${nodeOf(from)} of=${nodeOf(to)} bs=${bytesPerBlock} ` +
      `skip=${skip} seek=${seek}`
    );
  });
}

/** Segments of an EXTENDED COPY as command lines of ddpt, one for each: it puts one segment into a command. */
export function ddptXcopyLines(
  segments: readonly CopySegment[],
  { bytesPerBlock, nodeOf }: SgLineOptions,
): string[] {
  return segments.map(
    ({ source, destination, blocks }) =>
      `ddpt --xcopy if=${nodeOf(source.device)} of=${nodeOf(destination.device)} ` +
      `bs=${bytesPerBlock} count=${blocks} skip=${source.lba} seek=${destination.lba} ` +
      `bpt=${blocks}`,
  );
}

import type { CopySegment } from "@blockferry/core";

/** Where tools of the sg3_utils family find the units, and how their blocks are counted. */
export interface SgLineOptions {
  readonly bytesPerBlock: number;
  /** Device node of a unit by the device number of the plan's segments, such as `/dev/sg0`. */
  readonly nodeOf: (device: number) => string;
}

/**
 * Segments of an EXTENDED COPY as command lines of sg_xcopy (sg3_utils), one for each: it puts one segment into a command.
 * `bpt` keeps it from cutting the segment smaller, `--on_dst` has the unit that is written copy, as this package does.
 */
export function sgXcopyLines(
  segments: readonly CopySegment[],
  { bytesPerBlock, nodeOf }: SgLineOptions,
): string[] {
  return segments.map(({ source, destination, blocks }) =>
    [
      "sg_xcopy",
      `if=${nodeOf(source.device)}`,
      `of=${nodeOf(destination.device)}`,
      `bs=${bytesPerBlock}`,
      `count=${blocks}`,
      `skip=${source.lba}`,
      `seek=${destination.lba}`,
      `bpt=${blocks}`,
      "--on_dst",
    ].join(" "),
  );
}

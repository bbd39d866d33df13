import { FerryError } from "@blockferry/core";
import { parseRanges } from "./range.ts";
import { type RangeColumns, rangeColumns, type SourceRanges } from "./range-columns.ts";
import { readRangeFile } from "./range-file.ts";

function addArgument(argument: string, bytesPerBlock: number, columns: RangeColumns): void {
  if (argument.startsWith("@")) {
    readRangeFile(argument.slice(1), bytesPerBlock, columns);
    return;
  }
  for (const range of parseRanges(argument, bytesPerBlock)) columns.add(range, argument);
}

/**
 * Reads the RANGE arguments of a command line, in their order.
 *
 * @throws FerryError `FERRY_COPY_EMPTY` where they hold no range at all
 */
export function parseSources(arguments_: readonly string[], bytesPerBlock: number): SourceRanges {
  const columns = rangeColumns();
  for (const argument of arguments_) addArgument(argument, bytesPerBlock, columns);
  if (columns.count === 0) {
    throw new FerryError("FERRY_COPY_EMPTY", `no ranges in ${arguments_.join(" ")}`, {
      hint: "a copy needs at least one source range",
    });
  }
  return columns.list();
}

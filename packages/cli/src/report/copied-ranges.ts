import type { CopyResult, RangeOutcome } from "@blockferry/block";
import type { CopyRangePart } from "../schema/copy-document.ts";

interface Open {
  first: RangeOutcome;
  blocks: number;
  commands: number[];
}

function continues(open: Open, next: RangeOutcome): boolean {
  const { first } = open;
  return (
    first.range === next.range &&
    first.means === next.means &&
    first.status === next.status &&
    first.deviceStatus?.code === next.deviceStatus?.code
  );
}

function close(open: Open): CopyRangePart {
  const { range, source, destination, means, status, deviceStatus } = open.first;
  return {
    range,
    source,
    destination,
    blocks: open.blocks,
    means,
    status,
    commands: open.commands,
    ...(deviceStatus === undefined ? {} : { deviceStatus }),
  };
}

/**
 * What became of each source range: one entry for a range that fared alike as a whole.
 *
 * @param numbers number of the range that each row of the request is of, where that is not the row's own
 */
export function* copiedRanges(
  result: CopyResult,
  numbers: Int32Array | undefined,
): Generator<CopyRangePart> {
  let open: Open | undefined;
  for (const outcome of result.ranges()) {
    const next = numbers === undefined ? outcome : { ...outcome, range: numbers[outcome.range] };
    if (open !== undefined && continues(open, next)) open.blocks += next.blocks;
    else {
      if (open !== undefined) yield close(open);
      open = { first: next, blocks: next.blocks, commands: [] };
    }
    const { command } = next;
    if (command !== undefined && open.commands.at(-1) !== command) open.commands.push(command);
  }
  if (open !== undefined) yield close(open);
}

import type { CopyResult } from "@blockferry/block";
import type { DeviceStatus } from "@blockferry/core";
import { bytesText, durationText } from "../output/bytes-text.ts";
import type { Colors } from "../output/colors.ts";
import type { Output } from "../output/surroundings.ts";
import type { CopyDocument, CopyRangePart, VerificationPart } from "../schema/copy-document.ts";
import { copiedRanges } from "./copied-ranges.ts";
import { writeJsonDocument, writeJsonLines } from "./json-writer.ts";

/** A copy and what was found about it. */
export interface CopyReport {
  readonly result: CopyResult;
  /** Number of the range that each row of the request is of, where that is not the row's own. */
  readonly numbers: Int32Array | undefined;
  readonly summary: Omit<CopyDocument, "schema" | "commands" | "ranges">;
}

const schema = { name: "blockferry.copy", version: 1 } as const;
const NOT_COPIED_LINES_MAX = 20;

/** Gathers what the documents say about a copy as a whole. */
export function summarize(
  result: CopyResult,
  rest: Pick<
    CopyDocument,
    | "exitStatus"
    | "signal"
    | "device"
    | "destinationDevice"
    | "elapsedMs"
    | "storeCopies"
    | "verification"
  >,
): CopyReport["summary"] {
  const { exitStatus, signal, device, destinationDevice, elapsedMs, storeCopies, verification } =
    rest;
  return {
    status: result.status,
    exitStatus,
    ...(signal === undefined ? {} : { signal }),
    device,
    strategy: result.strategy,
    destination: result.destination,
    ...(destinationDevice === undefined ? {} : { destinationDevice }),
    blocks: result.blocks,
    copiedBlocks: result.copiedBlocks,
    offloadedBlocks: result.offloadedBlocks,
    clonedBlocks: result.clonedBlocks,
    kernelCopiedBlocks: result.kernelCopiedBlocks,
    emulatedBlocks: result.emulatedBlocks,
    bytesThroughHost: result.bytesThroughHost,
    elapsedMs: Math.round(elapsedMs * 1000) / 1000,
    cost: result.cost,
    ...(storeCopies === undefined ? {} : { storeCopies }),
    ...(verification === undefined ? {} : { verification }),
  };
}

/** The document, its long lists written as they are walked. */
export function writeCopyJson(output: Output, { result, numbers, summary }: CopyReport): void {
  writeJsonDocument(output, {
    schema,
    ...summary,
    commands: result.commands.values(),
    ranges: copiedRanges(result, numbers),
  });
}

function* linesOf({ result, numbers, summary }: CopyReport): Generator<unknown> {
  for (const command of result.commands) yield { type: "command", ...command };
  for (const range of copiedRanges(result, numbers)) yield { type: "range", ...range };
  yield { type: "copy", schema, ...summary };
}

export function writeCopyLines(output: Output, report: CopyReport): void {
  writeJsonLines(output, linesOf(report));
}

/** A device's own status for people: `NVMe 281h Unrecovered Read Error`. */
function deviceStatusText(status: DeviceStatus): string {
  const family = status.family === "nvme" ? "NVMe" : status.family.toUpperCase();
  return `${family} ${status.code.toString(16).toUpperCase().padStart(3, "0")}h ${status.name}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function meansText({ result }: CopyReport): string {
  const { offloadedBlocks, clonedBlocks, kernelCopiedBlocks, emulatedBlocks } = result;
  const { bytesPerBlock, bytesThroughHost } = result;
  const parts = [];
  if (offloadedBlocks > 0) {
    parts.push(`${bytesText(offloadedBlocks * bytesPerBlock)} by the device`);
  }
  if (clonedBlocks > 0) parts.push(`${bytesText(clonedBlocks * bytesPerBlock)} cloned`);
  if (kernelCopiedBlocks > 0) {
    const amount = bytesText(kernelCopiedBlocks * bytesPerBlock);
    parts.push(`${amount} by the kernel, which does not tell how`);
  }
  if (emulatedBlocks > 0) {
    parts.push(`${bytesText(emulatedBlocks * bytesPerBlock)} emulated`);
  }
  const through = `${bytesText(bytesThroughHost)} through the host`;
  return parts.length === 0 ? through : `${parts.join(", ")} (${through})`;
}

function notCopiedLine(range: CopyRangePart): string {
  const { source, destination, blocks, status, deviceStatus, commands } = range;
  const why = deviceStatus === undefined ? status : `${status} (${deviceStatusText(deviceStatus)})`;
  const by = commands.length === 0 ? "" : `, command ${commands.join(" ")}`;
  return `  ${source}+${blocks} -> ${destination}: ${why}${by}`;
}

function notCopiedLines({ result, numbers }: CopyReport): string[] {
  const lines = [];
  let more = 0;
  for (const range of copiedRanges(result, numbers)) {
    if (range.status === "success") continue;
    if (lines.length < NOT_COPIED_LINES_MAX) lines.push(notCopiedLine(range));
    else more++;
  }
  return more === 0 ? lines : [...lines, `  and ${plural(more, "more range")}`];
}

function verificationLine(part: VerificationPart, colors: Colors): string {
  if (part.verdict === "nothing") {
    return "nothing to verify: no whole part was copied; sources and guard blocks are unchanged";
  }
  if (part.verdict === "verified") {
    const sources =
      part.sources === "overlapped" ? "sources were overlapped" : `sources ${part.sources}`;
    return (
      `${colors.good("verified")}: ${plural(part.comparedBlocks, "block")} equal their source, ${sources}, ` +
      `${plural(part.guardBlocks, "guard block")} ${part.guards}`
    );
  }
  const first = part.firstDifference === undefined ? "" : `, first at ${part.firstDifference}`;
  return (
    `${colors.bad("NOT VERIFIED")}: ${part.differentBlocks} of ${plural(part.comparedBlocks, "block")} differ${first}; ` +
    `sources ${part.sources}, guard blocks ${part.guards}`
  );
}

/** A few lines for people. */
export function writeCopyText(output: Output, report: CopyReport, colors: Colors): void {
  const { result, summary } = report;
  const { blocks, copiedBlocks, bytesPerBlock, destination, cost } = result;
  const bytes = bytesText(copiedBlocks * bytesPerBlock);
  const amount =
    copiedBlocks === blocks
      ? `copied ${plural(blocks, "block")} (${bytes})`
      : `copied ${copiedBlocks} of ${plural(blocks, "block")} (${bytes})`;
  const { destinationDevice, device } = summary;
  const place =
    destinationDevice === undefined ? `${destination}` : `${destinationDevice}@${destination}`;
  const lines = [
    `${amount} to ${place}: ${meansText(report)}, ` +
      `${plural(cost.commands, "command")}, strategy ${result.strategy}, ${durationText(summary.elapsedMs)}`,
  ];
  if (copiedBlocks < blocks) lines.push("not copied:", ...notCopiedLines(report));
  if (summary.verification !== undefined)
    lines.push(verificationLine(summary.verification, colors));
  if (device.provisional !== undefined) lines.push(device.provisional);
  output.write(`${lines.join("\n")}\n`);
}

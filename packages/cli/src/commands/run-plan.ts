import type { BlockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { exitStatus } from "@blockferry/core/exit-status";
import { bytesText } from "../output/bytes-text.ts";
import type { Output, Surroundings } from "../output/surroundings.ts";
import { checkRequest } from "../plan/check-request.ts";
import { type EncodedCommand, type EncodedPlan, encodedPlan } from "../plan/encoded-commands.ts";
import { nvmeCliLine } from "../plan/nvme-cli-line.ts";
import { hexLines, hexText } from "../report/hex-lines.ts";
import { writeJsonDocument, writeJsonLines } from "../report/json-writer.ts";
import type { PlannedCommandPart } from "../schema/plan-document.ts";
import type { CopyCommandOptions } from "./copy-command.ts";
import { type DeviceRequest, devicePart, openForRequest, totalBlocks } from "./device-request.ts";
import type { PlanCommandOptions } from "./plan-command.ts";

const RANGES_SHOWN_MAX = 4;

function plannedPart(command: EncodedCommand): PlannedCommandPart {
  return {
    index: command.index,
    device: command.device.name,
    destination: command.destination,
    blocks: command.blocks,
    ranges: command.ranges.map(({ source, blocks }) => ({ source, blocks })),
    command: hexText(command.command),
    list: hexText(command.list),
  };
}

function* plannedParts(plan: EncodedPlan): Generator<PlannedCommandPart> {
  for (const command of plan.commands()) yield plannedPart(command);
}

function rangesText(command: EncodedCommand): string {
  const foreign = (device: BlockDevice) => (device === command.device ? "" : `${device.name}@`);
  const shown = command.ranges
    .slice(0, RANGES_SHOWN_MAX)
    .map(({ device, source, blocks }) => `${foreign(device)}${source}+${blocks}`);
  const more = command.ranges.length - shown.length;
  return `${shown.join(" ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function writeNormal(output: Output, plan: EncodedPlan): void {
  for (const command of plan.commands()) {
    const { index, device, ranges, blocks, destination } = command;
    const line =
      `command ${index} to ${device.name}: ${blocks} blocks to ${destination}, ` +
      `${ranges.length} range${ranges.length === 1 ? "" : "s"}: ${rangesText(command)}\n`;
    if (!output.write(line)) return;
  }
  writeResidue(output, plan);
}

function writeResidue(output: Output, plan: EncodedPlan): void {
  for (const { sourceDevice, source, destinationDevice, destination, blocks } of plan.residue) {
    const line = `no command: ${sourceDevice}@${source}+${blocks} -> ${destinationDevice}@${destination}\n`;
    if (!output.write(line)) return;
  }
}

function writeHex(output: Output, plan: EncodedPlan): void {
  for (const { index, device, command, list } of plan.commands()) {
    const lines = [
      `# command ${index} to ${device.name}`,
      ...hexLines(command),
      `# command ${index}: its list of source ranges`,
      ...hexLines(list),
    ];
    if (!output.write(`${lines.join("\n")}\n`)) return;
  }
}

function writeJson(
  output: Output,
  { open, request }: DeviceRequest,
  plan: EncodedPlan,
  stack: readonly string[] | undefined,
): void {
  writeJsonDocument(output, {
    schema: { name: "blockferry.plan", version: 1 },
    device: devicePart(open, stack),
    destination: request.destination,
    blocks: totalBlocks(request.sources),
    commands: plannedParts(plan),
    residue: plan.residue.values(),
  });
}

function planOf({ open, request }: DeviceRequest): EncodedPlan {
  checkRequest(open.device, request);
  return encodedPlan(open.device, request);
}

/** `blockferry plan`. */
export async function runPlan(
  uri: string,
  ranges: readonly string[],
  options: PlanCommandOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout } = surroundings;
  if (options.as !== undefined && options.output !== "normal") {
    throw new FerryError(
      "FERRY_OPTION_CONTRADICTION",
      "--as prints lines of its own, -o another form",
      {
        hint: "give one of the two",
      },
    );
  }
  const deviceRequest = await openForRequest(uri, ranges, options.to, {
    ...options,
    readonly: true,
    force: true,
  });
  try {
    const plan = planOf(deviceRequest);
    if (options.as === "nvme-cli") {
      for (const command of plan.commands()) {
        if (!stdout.write(`${nvmeCliLine(command)}\n`)) break;
      }
    } else if (options.output === "hex") writeHex(stdout, plan);
    else if (options.output === "json") writeJson(stdout, deviceRequest, plan, options.stack);
    else writeNormal(stdout, plan);
    return exitStatus.success;
  } finally {
    await deviceRequest.open.close();
  }
}

function summaryLine(deviceRequest: DeviceRequest, plan: EncodedPlan): string {
  const { open, request } = deviceRequest;
  const blocks = totalBlocks(request.sources);
  let commands = 0;
  let carried = 0;
  for (const command of plan.commands()) {
    commands++;
    carried += command.blocks;
  }
  const bytes = bytesText(blocks * open.device.bytesPerBlock);
  return (
    `would copy ${blocks} blocks (${bytes}) to ${request.destination}: ` +
    `${carried} by the device in ${commands} command${commands === 1 ? "" : "s"}, ` +
    `${blocks - carried} that no command carries; nothing was sent\n`
  );
}

/** `blockferry copy -n`: what would be sent, and whether the copy would come through. */
export function runDryRun(
  deviceRequest: DeviceRequest,
  options: CopyCommandOptions,
  surroundings: Surroundings,
): number {
  const plan = planOf(deviceRequest);
  const { stdout } = surroundings;
  if (options.output === "json") writeJson(stdout, deviceRequest, plan, options.stack);
  else if (options.output === "jsonl") writeJsonLines(stdout, plannedParts(plan));
  else {
    stdout.write(summaryLine(deviceRequest, plan));
    writeResidue(stdout, plan);
  }
  const isWhole = plan.residue.length === 0 || options.emulate === true;
  return isWhole ? exitStatus.success : exitStatus.copyAborted;
}

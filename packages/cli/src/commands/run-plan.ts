import type { BlockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { exitStatus } from "@blockferry/core/exit-status";
import type { OpenDevice } from "../open-device.ts";
import { bytesText } from "../output/bytes-text.ts";
import type { Output, Surroundings } from "../output/surroundings.ts";
import { type EncodedCommand, type EncodedPlan, encodedPlan } from "../plan/encoded-commands.ts";
import { toolLines } from "../plan/tool-lines.ts";
import { hexLines, hexText } from "../report/hex-lines.ts";
import { writeJsonDocument, writeJsonLines } from "../report/json-writer.ts";
import type { PlannedCommandPart } from "../schema/plan-document.ts";
import { watchCommands } from "../trace/watch-commands.ts";
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
    ranges: command.ranges.map(({ device, source, blocks }) => ({
      ...(device === command.device ? {} : { device: device.name }),
      source,
      blocks,
    })),
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

/** What is to be known of the bytes beside the bytes. */
function notesOf({ provisional, continuation }: OpenDevice): string[] {
  return [provisional, continuation].filter((note) => note !== undefined);
}

function writeNormal(output: Output, plan: EncodedPlan, notes: readonly string[]): void {
  for (const command of plan.commands()) {
    const { index, device, ranges, blocks, destination } = command;
    const line =
      `command ${index} to ${device.name}: ${blocks} blocks to ${destination}, ` +
      `${ranges.length} range${ranges.length === 1 ? "" : "s"}: ${rangesText(command)}\n`;
    if (!output.write(line)) return;
  }
  writeResidue(output, plan);
  for (const note of notes) output.write(`${note}\n`);
}

function writeResidue(output: Output, plan: EncodedPlan): void {
  for (const { sourceDevice, source, destinationDevice, destination, blocks } of plan.residue) {
    const line = `no command: ${sourceDevice}@${source}+${blocks} -> ${destinationDevice}@${destination}\n`;
    if (!output.write(line)) return;
  }
}

/** The device that a command goes to: a token is made where the sources are. */
function receiverOf({ device, ranges }: EncodedCommand): BlockDevice {
  return device.limits.copyShape === "token" ? ranges[0].device : device;
}

function writeHex(output: Output, plan: EncodedPlan, notes: readonly string[]): void {
  for (const note of notes) output.write(`# ${note}\n`);
  for (const each of plan.commands()) {
    const { index, command, list } = each;
    const lines = [
      `# command ${index} to ${receiverOf(each).name}`,
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
    ...(request.to === undefined ? {} : { destinationDevice: request.to.name }),
    blocks: totalBlocks(request.sources),
    ...(open.continuation === undefined ? {} : { continuation: open.continuation }),
    commands: plannedParts(plan),
    residue: plan.residue.values(),
  });
}

function planOf({ open, request }: DeviceRequest): EncodedPlan {
  const plan = encodedPlan(open.device, request);
  const { shownCommand } = open;
  if (shownCommand === undefined) return plan;
  return {
    ...plan,
    *commands() {
      for (const each of plan.commands()) yield { ...each, command: shownCommand(each.command) };
    },
  };
}

/** `blockferry plan`. */
export async function runPlan(
  uri: string,
  ranges: readonly string[],
  options: PlanCommandOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  if (options.as !== undefined && options.output !== "normal") {
    throw new FerryError(
      "FERRY_OPTION_CONTRADICTION",
      "--as prints lines of its own, -o another form",
      {
        hint: "give one of the two",
      },
    );
  }
  const deviceRequest = await openForRequest(uri, ranges, options, {
    ...options,
    readonly: true,
    force: true,
    onCommand: await watchCommands(options.verbose, stderr),
  });
  try {
    const plan = planOf(deviceRequest);
    const notes = notesOf(deviceRequest.open);
    if (options.as !== undefined) {
      for (const line of toolLines(options.as, plan)) {
        if (!stdout.write(`${line}\n`)) break;
      }
    } else if (options.output === "hex") writeHex(stdout, plan, notes);
    else if (options.output === "json") writeJson(stdout, deviceRequest, plan, options.stack);
    else writeNormal(stdout, plan, notes);
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
  const { to, destination } = request;
  const place = to === undefined ? `${destination}` : `${to.name}@${destination}`;
  return (
    `would copy ${blocks} blocks (${bytes}) to ${place}: ` +
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

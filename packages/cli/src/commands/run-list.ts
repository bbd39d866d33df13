import type { BlockDevice } from "@blockferry/block";
import { isFerryError } from "@blockferry/core";
import { exitStatus } from "@blockferry/core/exit-status";
import { requireLinux } from "@blockferry/linux";
import { type ListedDevice, listDevices, sharedBlocksOf } from "@blockferry/transport-linux";
import { openDevice } from "../open-device.ts";
import { bytesText } from "../output/bytes-text.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { copyRefusalOf, limitsPart } from "../report/limits-part.ts";
import { textTable } from "../report/text-table.ts";
import type { NativePart } from "../schema/info-document.ts";
import type { ListDocument, ListedFileSystem, ListedPart } from "../schema/list-document.ts";
import type { CommandWatch } from "../trace/traced-transport.ts";
import { watchCommands } from "../trace/watch-commands.ts";
import type { ListCommandOptions } from "./list-command.ts";

const NO_COMMANDS =
  "it takes no commands of its own: the kernel copies in files on it (file:PATH), or --emulate through the host";

/** Fields that tell of copies, by the structure that has them. */
const fieldsOfCopies: Readonly<Record<string, readonly string[]>> = {
  "nvme-identify-controller": ["nvmcpys", "ocfs"],
  "nvme-identify-namespace": ["mssrl", "mcl", "msrc"],
  "nvme-host-behavior": ["cdfe"],
  inquiry: ["thirdPartyCopy"],
  "vpd-8f": ["pageCode"],
};

function copyFields(parts: readonly NativePart[]): ListedPart["native"] {
  const found: Record<string, ListedPart["native"][string]> = {};
  for (const { structure, fields } of parts) {
    const names =
      structure === "operating-parameters" ? Object.keys(fields) : fieldsOfCopies[structure];
    for (const name of names ?? []) {
      if (fields[name] !== undefined) found[`${structure}.${name}`] = fields[name];
    }
  }
  return found;
}

function errorText(error: unknown): string {
  if (!isFerryError(error)) return error instanceof Error ? error.message : String(error);
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}

type Asked = Pick<ListedPart, "limits" | "copyRefusal" | "native">;

/** Asks a device what it can copy; it is opened for reading. */
async function ask({ node }: ListedDevice, onCommand: CommandWatch | undefined): Promise<Asked> {
  if (node.family === "block") return { copyRefusal: NO_COMMANDS, native: {} };
  try {
    const open = await openDevice(node.path, { readonly: true, force: true, onCommand });
    try {
      const device: BlockDevice = open.device;
      const refusal = copyRefusalOf(device);
      return {
        limits: limitsPart(device.limits),
        ...(refusal === undefined ? {} : { copyRefusal: refusal }),
        native: copyFields(await open.native()),
      };
    } finally {
      await open.close();
    }
  } catch (error) {
    return { copyRefusal: errorText(error), native: {} };
  }
}

function fileSystemsOf({ mounts }: ListedDevice): ListedFileSystem[] {
  const seen = new Set<string>();
  return mounts
    .filter(({ source }) => !seen.has(source) && seen.add(source))
    .map(({ type, place, source }) => ({
      ...{ type, place, source },
      ...sharedBlocksOf({ type, place }),
    }));
}

async function partOf(
  listed: ListedDevice,
  onCommand: CommandWatch | undefined,
): Promise<ListedPart> {
  const { node, generic, model, bytes, bytesPerBlock, users } = listed;
  return {
    path: node.path,
    ...(generic === undefined ? {} : { generic }),
    family: node.family,
    model,
    bytes,
    bytesPerBlock,
    ...(await ask(listed, onCommand)),
    users,
    fileSystems: fileSystemsOf(listed),
  };
}

function capability({ limits }: ListedPart): string {
  if (limits?.copyShape === undefined) return "no";
  const { copyShape, copyRangesMax, copyRangeBlocksMax, copyBlocksMax } = limits;
  const ranges = copyRangesMax === 1 ? "1 range" : `${copyRangesMax} ranges`;
  return `${copyShape}, ${ranges} of ${copyRangeBlocksMax} blocks, ${copyBlocksMax} in all`;
}

function nativeText(native: ListedPart["native"]): string {
  return Object.entries(native)
    .filter(([name]) => !name.startsWith("operating-parameters."))
    .map(
      ([name, value]) =>
        `${name.split(".")[1]} ${Array.isArray(value) ? value.join(" ") || "none" : value}`,
    )
    .join(", ");
}

function detailLines(part: ListedPart): string[] {
  const { path, generic, copyRefusal, users, fileSystems, native } = part;
  const said = nativeText(native);
  const lines = [
    ...(generic === undefined ? [] : [`also ${generic}`]),
    ...(said === "" ? [] : [`it says: ${said}`]),
    ...(copyRefusal === undefined ? [] : [`no copy command: ${copyRefusal}`]),
    ...users.map((user) => `in use: ${user}`),
    ...fileSystems.map(
      ({ type, place, clones, reason }) =>
        `${type} on ${place}: ${clones === "yes" ? "clones" : "no clones"}${clones === "unknown" ? " known" : ""}, ${reason}`,
    ),
  ];
  return lines.map((line) => `${path}: ${line}`);
}

function listText(devices: readonly ListedPart[]): string {
  if (devices.length === 0) return "no block devices\n";
  const columns = [
    { head: "device", align: "left" },
    { head: "family", align: "left" },
    { head: "size", align: "right" },
    { head: "block", align: "right" },
    { head: "copy", align: "left" },
    { head: "model", align: "left" },
  ] as const;
  const rows = devices.map((part) => [
    part.path,
    part.family,
    bytesText(part.bytes),
    String(part.bytesPerBlock),
    capability(part),
    part.model,
  ]);
  return `${[...textTable(columns, rows), "", ...devices.flatMap(detailLines)].join("\n")}\n`;
}

/** `blockferry list`. */
export async function runList(
  { output, verbose }: ListCommandOptions,
  { stdout, stderr }: Surroundings,
): Promise<number> {
  requireLinux();
  const onCommand = await watchCommands(verbose, stderr);
  const devices: ListedPart[] = [];
  // One after the other: a device that is asked while another is says the same, but later.
  for (const listed of listDevices()) devices.push(await partOf(listed, onCommand));
  const document: ListDocument = { schema: { name: "blockferry.list", version: 1 }, devices };
  if (output === "json") stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else stdout.write(listText(devices));
  return exitStatus.success;
}

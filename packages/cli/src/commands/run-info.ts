import type { BlockDevice } from "@blockferry/block";
import { exitStatus } from "@blockferry/core/exit-status";
import type { Context } from "../context.ts";
import { type OpenDevice, openDevice } from "../open-device.ts";
import { bytesText } from "../output/bytes-text.ts";
import { type Colors, colorsFor } from "../output/colors.ts";
import { copyRefusalOf, limitsPart } from "../report/limits-part.ts";
import { textTable } from "../report/text-table.ts";
import type {
  DeviceLimitsPart,
  InfoDocument,
  LimitsPart,
  NativePart,
} from "../schema/info-document.ts";
import { watchCommands } from "../trace/watch-commands.ts";
import { devicePart } from "./device-request.ts";
import type { InfoCommandOptions } from "./info-command.ts";

function bottomPart([name, device]: readonly [string, BlockDevice]): DeviceLimitsPart {
  const { bytesPerBlock, capacityBlocks, limits } = device;
  const refusal = copyRefusalOf(device);
  return {
    name,
    bytesPerBlock,
    capacityBlocks,
    limits: limitsPart(limits),
    ...(refusal === undefined ? {} : { copyRefusal: refusal }),
  };
}

function peerPart({ peer }: OpenDevice): Pick<InfoDocument, "peer"> {
  if (peer === undefined || peer.deviations.length === 0) return {};
  const { name, deviations } = peer;
  return { peer: { name, deviations } };
}

async function documentOf(open: OpenDevice, options: InfoCommandOptions): Promise<InfoDocument> {
  return {
    schema: { name: "blockferry.info", version: 1 },
    device: devicePart(open, options.stack),
    family: open.family,
    limits: limitsPart(open.device.limits),
    namespaces: [...open.bottoms].map(bottomPart),
    native: await open.native(),
    ...(open.store === undefined ? {} : { store: open.store }),
    ...peerPart(open),
  };
}

function limitRows(limits: LimitsPart): string[][] {
  return Object.entries(limits).map(([name, value]) => {
    const isBlocks = name.includes("BlocksMax") || name.includes("BlocksHwMax");
    const bytes = isBlocks ? bytesText(Number(value) * limits.bytesPerBlock) : "";
    return [name, String(value), bytes];
  });
}

function limitsText(title: string, limits: LimitsPart, colors: Colors): string[] {
  const columns = [
    { head: title, align: "left" },
    { head: "", align: "right" },
    { head: "", align: "right" },
  ] as const;
  const [head, ...rows] = textTable(columns, limitRows(limits));
  return [colors.strong(head), ...rows];
}

function isShown(value: NativePart["fields"][string]): boolean {
  return (
    value !== 0 && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

function nativeText(
  { structure, namespace, device, fields }: NativePart,
  colors: Colors,
): string[] {
  const of = namespace === undefined ? device : `namespace ${namespace}`;
  const title = of === undefined ? structure : `${structure}, ${of}`;
  const columns = [
    { head: title, align: "left" },
    { head: "", align: "left" },
  ] as const;
  const rows = Object.entries(fields)
    .filter(([, value]) => isShown(value))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(" ") : String(value)]);
  const [head, ...lines] = textTable(columns, rows);
  return [colors.strong(head), ...lines];
}

function infoText(document: InfoDocument, colors: Colors): string {
  const { device, limits, namespaces, native, store, peer } = document;
  const capacity = bytesText(device.capacityBlocks * device.bytesPerBlock);
  const lines = [
    `${device.name}: ${device.capacityBlocks} blocks of ${device.bytesPerBlock} bytes (${capacity})`,
  ];
  if (store !== undefined) {
    const place = store.path ?? "memory";
    const locked = store.lockMeans === undefined ? "" : `, locked by ${store.lockMeans}`;
    lines.push(`blocks are in ${place}; copies inside it by ${store.copyMeans}${locked}`);
  }
  if (device.provisional !== undefined) lines.push(device.provisional);
  for (const deviation of peer?.deviations ?? []) {
    lines.push(`known of ${peer?.name}: it ${deviation}`);
  }
  lines.push("", ...limitsText("queue limits", limits, colors));
  for (const { name, copyRefusal: refusal } of namespaces) {
    if (refusal !== undefined) lines.push(`no copy command on ${name}: ${refusal}`);
  }
  if (device.stack.length > 0 || namespaces.length > 1) {
    for (const each of namespaces) {
      lines.push("", ...limitsText(`limits of ${each.name}`, each.limits, colors));
    }
  }
  for (const part of native) lines.push("", ...nativeText(part, colors));
  return `${lines.join("\n")}\n`;
}

/** `blockferry info`. */
export async function runInfo(
  uri: string,
  options: InfoCommandOptions,
  context: Context,
): Promise<number> {
  const { stdout, stderr } = context.surroundings;
  const onCommand = await watchCommands(options.verbose, stderr);
  const open = await openDevice(uri, { ...options, readonly: true, force: true, onCommand });
  try {
    const document = await documentOf(open, options);
    if (options.output === "json") stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else stdout.write(infoText(document, colorsFor(stdout, context.surroundings, context.color)));
    return exitStatus.success;
  } finally {
    await open.close();
  }
}

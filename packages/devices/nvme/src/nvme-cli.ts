import type { PlannedCommand } from "@blockferry/core/plan";
import type { NvmeCommandOptions } from "./command-options.ts";
import type { EncodableNamespace } from "./command-templates.ts";
import { prinfo, protectionSide } from "./protection-options.ts";

export interface NvmeCliOptions {
  /** Device node. Default `/dev/nvme0n` and the NSID. */
  readonly device?: string | undefined;
  readonly commands?: NvmeCommandOptions | undefined;
  /** NSID by the device numbers of the plan's segments. Default: all sources are in the namespace itself. */
  readonly nsids?: ReadonlyMap<number, number> | undefined;
}

function commandFlags(options: NvmeCommandOptions): string[] {
  const flags: string[] = [];
  if (options.forceUnitAccess === true) flags.push("--force-unit-access");
  if (options.limitedRetry === true) flags.push("--limited-retry");
  if (options.directive !== undefined) {
    const { type, specific } = options.directive;
    flags.push(`--dir-type=${type}`, `--dir-spec=${specific}`);
  }
  return flags;
}

/** A reference tag of the block at `lba`. */
function referenceTag(lba: number, offset: bigint, bits: number): bigint {
  return BigInt.asUintN(bits, BigInt(lba) + offset);
}

function protectionFlags(
  command: PlannedCommand,
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
): string[] {
  const { protection } = namespace.format;
  if (protection === undefined) return [];
  const source = protectionSide("source", protection, options.protection?.source);
  const destination = protectionSide("destination", protection, options.protection?.destination);
  const { segments } = command;
  const bits = protection.referenceTagBits;
  const list = (value: (lba: number) => string | number | bigint): string =>
    segments.map((segment) => value(segment.source.lba)).join(",");
  const first = segments[0].destination.lba;
  return [
    `--prinfor=${prinfo(source)}`,
    `--prinfow=${prinfo(destination)}`,
    `--expected-ref-tags=${list((lba) => referenceTag(lba, source.referenceTagOffset, bits))}`,
    `--expected-app-tags=${list(() => source.applicationTag)}`,
    `--expected-app-tag-masks=${list(() => source.applicationTagMask)}`,
    `--ref-tag=${referenceTag(first, destination.referenceTagOffset, bits)}`,
    `--app-tag=${destination.applicationTag}`,
    `--app-tag-mask=${destination.applicationTagMask}`,
  ];
}

/**
 * One planned copy command as nvme-cli's command line. Counts of blocks are 0's based there. Formats 2h and 3h need
 * nvme-cli 3.
 */
export function nvmeCliCommand(
  command: PlannedCommand,
  namespace: EncodableNamespace,
  options: NvmeCliOptions = {},
): string {
  const { segments } = command;
  const { nsid, copyFormats } = namespace;
  const { commands = {}, nsids, device = `/dev/nvme0n${nsid}` } = options;
  const nsidOf = (number: number): number => nsids?.get(number) ?? nsid;
  const isForeign = segments.some(({ source }) => nsidOf(source.device) !== nsid);
  const isFastOnly = commands.fastCopyOnly === true;
  const format = isForeign || isFastOnly ? copyFormats.cross : copyFormats.same;
  if (format === undefined) {
    throw new RangeError(`namespace ${nsid} has no source range format for this copy`);
  }
  const flags = [
    `--sdlba=${segments[0].destination.lba}`,
    `--slbs=${segments.map(({ source }) => source.lba).join(",")}`,
    `--blocks=${segments.map(({ blocks }) => blocks - 1).join(",")}`,
    `--format=${format}`,
  ];
  if (format >= 2) {
    flags.push(`--snsids=${segments.map(({ source }) => nsidOf(source.device)).join(",")}`);
    if (isFastOnly) flags.push(`--sopts=${segments.map(() => 0x8000).join(",")}`);
  }
  flags.push(...commandFlags(commands), ...protectionFlags(command, namespace, commands));
  return `nvme copy ${device} ${flags.join(" ")}`;
}

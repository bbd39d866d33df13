import type { BlockDevice } from "@blockferry/block";
import type { EncodedCommand } from "./encoded-commands.ts";

function nsidOf(device: BlockDevice): number {
  const target = device.kind === "bottom" ? device.target : undefined;
  return target !== undefined && "nsid" in target ? Number(target.nsid) : 1;
}

/**
 * A command as a line of nvme-cli: lists in parallel, `--blocks` 0's based, as nvme-copy(1) of 2.3 has them. Sources in
 * other namespaces take `--snsids` and format 2, which newer versions have.
 */
export function nvmeCliLine({ device, destination, ranges }: EncodedCommand): string {
  const nsid = nsidOf(device);
  const isForeign = ranges.some((range) => range.device !== device);
  const words = [
    "nvme",
    "copy",
    `/dev/nvme0n${nsid}`,
    `--namespace-id=${nsid}`,
    `--sdlba=${destination}`,
    `--slbs=${ranges.map(({ source }) => source).join(",")}`,
    `--blocks=${ranges.map(({ blocks }) => blocks - 1).join(",")}`,
  ];
  if (isForeign) words.push(`--snsids=${ranges.map((range) => nsidOf(range.device)).join(",")}`);
  return [...words, `--format=${isForeign ? 2 : 0}`].join(" ");
}

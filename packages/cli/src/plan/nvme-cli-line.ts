import type { BottomDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { type NvmeNamespace, nvmeCliCommand } from "@blockferry/device-nvme";
import type { EncodedCommand } from "./encoded-commands.ts";

function namespaceOf({ name, target }: BottomDevice): NvmeNamespace {
  if (target.family === "nvme" && "nsid" in target) return target as NvmeNamespace;
  throw new FerryError(
    "FERRY_OPTION_VALUE",
    `${name} is no NVMe namespace; nvme-cli cannot copy it`,
  );
}

/** A command as a line of nvme-cli. */
export function nvmeCliLine({ device, devices, planned }: EncodedCommand): string {
  const nsids = new Map(devices.map((each, number) => [number, namespaceOf(each).nsid]));
  return nvmeCliCommand(planned, namespaceOf(device), { nsids });
}

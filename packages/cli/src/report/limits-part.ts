import type { BlockDevice } from "@blockferry/block";
import type { QueueLimits } from "@blockferry/core";
import type { LimitsPart } from "../schema/info-document.ts";

/** Limits without those that are not there. */
export function limitsPart(limits: QueueLimits): LimitsPart {
  return JSON.parse(JSON.stringify(limits));
}

/** Why the device has no copy command, where its command set knows. */
export function copyRefusalOf(device: BlockDevice): string | undefined {
  const target = device.kind === "bottom" ? device.target : {};
  return "copyRefusal" in target && typeof target.copyRefusal === "string"
    ? target.copyRefusal
    : undefined;
}

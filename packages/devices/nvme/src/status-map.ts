import type { DeviceStatus } from "@blockferry/core";
export const coreStatuses: Uint8Array = new Uint8Array(2048).fill(25);
coreStatuses[0] = 0;
export const retryableStatuses: Uint8Array = new Uint8Array(2048);
export function describeCompletion(dw0: number, dw3: number, expected: number): DeviceStatus {
  return { family: "nvme", code: (dw3 >>> 17) & 0x7ff, name: "", fields: { dw0, expected } };
}

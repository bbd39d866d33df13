import type { AnyStructure, Decoded, DecodeOptions } from "@blockferry/core/bytes";
import { dataHeader, dmaActivate, dmaSetup, pioSetup } from "./data-transfer.ts";
import { registerDeviceToHost } from "./register-device-to-host.ts";
import { registerHostToDevice } from "./register-host-to-device.ts";
import { setDeviceBits } from "./set-device-bits.ts";

/** FIS types (Serial ATA 3.2, 10.5.2). */
export const fisType = {
  registerHostToDevice: 0x27,
  registerDeviceToHost: 0x34,
  dmaActivate: 0x39,
  dmaSetup: 0x41,
  data: 0x46,
  pioSetup: 0x5f,
  setDeviceBits: 0xa1,
} as const;

const structures: ReadonlyMap<number, AnyStructure> = new Map<number, AnyStructure>([
  [fisType.registerHostToDevice, registerHostToDevice],
  [fisType.registerDeviceToHost, registerDeviceToHost],
  [fisType.dmaActivate, dmaActivate],
  [fisType.dmaSetup, dmaSetup],
  [fisType.data, dataHeader],
  [fisType.pioSetup, pioSetup],
  [fisType.setDeviceBits, setDeviceBits],
]);

/** The structure of a FIS by its first byte; `undefined` for a type that is none of these. */
export function fisStructure(type: number): AnyStructure | undefined {
  return structures.get(type);
}

/** Decodes a FIS of any type. Never throws. */
export function decodeFis(bytes: Uint8Array, options?: DecodeOptions): Decoded<object> {
  if (bytes.length === 0) return { ok: false, need: 4 };
  const found = structures.get(bytes[0]);
  if (found === undefined) {
    const type = bytes[0].toString(16).padStart(2, "0");
    return { ok: false, violated: `FIS: type ${type}h is not known`, field: "fisType" };
  }
  return found.decode(bytes, 0, options);
}

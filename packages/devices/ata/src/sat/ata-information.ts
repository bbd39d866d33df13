import type { DeviceModel } from "@blockferry/core";
import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { opcode } from "../codec/commands.ts";
import type { SatDialect } from "./dialect.ts";
import { runCommand } from "./run-command.ts";

const layout = {
  name: "ATA Information VPD page",
  bytes: 572,
  endian: "big",
  source: "SAT-4, 12.4.2 (Table 210)",
  fields: [
    { name: "peripheral", at: "byte 0", kind: "uint", meaning: "qualifier and device type" },
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0x89 },
    { name: "pageLength", at: "bytes 2..3", kind: "constant", value: 0x0238 },
    { at: "bytes 4..7", kind: "reserved" },
    { name: "vendor", at: "bytes 8..15", kind: "ascii", meaning: "SAT VENDOR IDENTIFICATION" },
    { name: "product", at: "bytes 16..31", kind: "ascii", meaning: "SAT PRODUCT IDENTIFICATION" },
    { name: "revision", at: "bytes 32..35", kind: "ascii", meaning: "SAT PRODUCT REVISION LEVEL" },
    { name: "signature", at: "bytes 36..55", kind: "bytes", meaning: "Device to Host FIS" },
    { name: "command", at: "byte 56", kind: "uint", meaning: "IDENTIFY command" },
    { at: "bytes 57..59", kind: "reserved" },
    { name: "identify", at: "bytes 60..571", kind: "bytes", meaning: "IDENTIFY data" },
  ],
} as const;

/** VPD page 89h: who translates, and what the disk says of itself. */
export const ataInformation: Structure<typeof layout> = structure(layout);
export type AtaInformation = Infer<typeof ataInformation>;

/** Who a translator says it is. */
export interface SatIdentity {
  /** At most 8 characters. */
  readonly vendor: string;
  /** At most 16 characters. */
  readonly product: string;
  /** At most 4 characters. */
  readonly revision: string;
}

/** VPD page 89h of an emulated disk. */
export function ataInformationPage(
  model: DeviceModel,
  dialect: SatDialect,
  identity: SatIdentity,
): Uint8Array {
  const identify = new Uint8Array(512);
  runCommand(model, { command: opcode.identifyDevice }, undefined, identify);
  const signature = new Uint8Array(20);
  signature.set(dialect.signature);
  return ataInformation.encode({
    ...identity,
    signature,
    command: opcode.identifyDevice,
    identify,
  });
}

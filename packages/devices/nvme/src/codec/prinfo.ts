import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Protection Information field",
  bytes: 1,
  endian: "little",
  source: "NVM Command Set 1.2, Figure 11",
  fields: [
    { name: "rtchk", at: "byte 0[0]", kind: "flag", meaning: "Reference Tag Check" },
    { name: "atchk", at: "byte 0[1]", kind: "flag", meaning: "Application Tag Check" },
    { name: "grdchk", at: "byte 0[2]", kind: "flag", meaning: "Guard Check" },
    {
      name: "pract",
      at: "byte 0[3]",
      kind: "flag",
      meaning: "Protection Information Action: the controller inserts or strips it",
    },
    { at: "byte 0[7:4]", kind: "reserved" },
  ],
} as const;

const table: Structure<typeof layout> = structure(layout);

/** The four bits of PRINFO, PRINFOR or PRINFOW. */
export type ProtectionInformation = Infer<typeof table>;

/** PRINFO as a command carries it, from 0 to 15. */
export function prinfo(value: Partial<ProtectionInformation>): number {
  return table.encode(value)[0];
}

/** What a command's PRINFO, PRINFOR or PRINFOW asks for. @throws RangeError outside 0 to 15. */
export function readPrinfo(bits: number): ProtectionInformation {
  const decoded = table.decode(Uint8Array.of(bits));
  if (!decoded.ok || bits !== Math.trunc(bits) || bits < 0 || bits > 15) {
    throw new RangeError(`PRINFO must be a whole number from 0 to 15, not ${bits}`);
  }
  return decoded.value;
}

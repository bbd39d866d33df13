import { bitNames } from "./status-register.ts";

/** Bits of the ERROR field (ACS-4, 6.2). */
export const errorBit = {
  abort: 0x04,
  idNotFound: 0x10,
  uncorrectable: 0x40,
  interfaceCrc: 0x80,
} as const;

/** Short names of the bits, by their number. Bits 0, 1, 3 and 5 are obsolete or of removable media. */
export const errorBits: Readonly<Record<number, string>> = {
  0: "AMNF",
  1: "NM",
  2: "ABRT",
  3: "MCR",
  4: "IDNF",
  5: "MC",
  6: "UNC",
  7: "ICRC",
};

/** The names of the bits that are set, such as "ICRC|ABRT"; "0" if none is. */
export function errorText(error: number): string {
  return bitNames(error, errorBits);
}

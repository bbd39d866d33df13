/** Bits of the STATUS field (ACS-4, 6.3; bit 1 is SENSE DATA AVAILABLE since ACS-3). */
export const statusBit = {
  error: 0x01,
  senseData: 0x02,
  alignmentError: 0x04,
  dataRequest: 0x08,
  seekComplete: 0x10,
  deviceFault: 0x20,
  ready: 0x40,
  busy: 0x80,
} as const;

/** Short names of the bits, by their number. */
export const statusBits: Readonly<Record<number, string>> = {
  0: "ERR",
  1: "SENSE",
  2: "ALIGN",
  3: "DRQ",
  4: "DSC",
  5: "DF",
  6: "DRDY",
  7: "BSY",
};

/** The names of the bits that are set, such as "DRDY|ERR"; "0" if none is. */
export function statusText(status: number): string {
  return bitNames(status, statusBits);
}

/** Names of the set bits of a byte, highest first. */
export function bitNames(value: number, names: Readonly<Record<number, string>>): string {
  const set: string[] = [];
  for (let bit = 7; bit >= 0; bit -= 1) {
    if (Math.floor(value / 2 ** bit) % 2 === 1) set.push(names[bit] ?? `bit ${bit}`);
  }
  return set.length === 0 ? "0" : set.join("|");
}

/**
 * CRC-16 of the 16-bit guard tag: polynomial 18BB7h, no reflection, initial value 0 (T10 SBC; NVM Command Set
 * Specification 1.2, section 5.3.1.1). Eight bytes are taken at a time ("slicing by 8").
 */
const POLYNOMIAL = 0x8bb7;
const SLICES = 8;

function buildTables(): Uint16Array[] {
  const tables = Array.from({ length: SLICES }, () => new Uint16Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
    }
    tables[0][byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const crc = tables[slice - 1][byte];
      tables[slice][byte] = (crc << 8) ^ tables[0][crc >> 8];
    }
  }
  return tables;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = /* @__PURE__ */ buildTables();

/** CRC-16/T10-DIF of `bytes[from..to)`, continued from `crc`. */
export function crc16T10(bytes: Uint8Array, from = 0, to: number = bytes.length, crc = 0): number {
  let value = crc;
  let at = from;
  for (; at + SLICES <= to; at += SLICES) {
    value =
      t7[(value >> 8) ^ bytes[at]] ^
      t6[(value & 0xff) ^ bytes[at + 1]] ^
      t5[bytes[at + 2]] ^
      t4[bytes[at + 3]] ^
      t3[bytes[at + 4]] ^
      t2[bytes[at + 5]] ^
      t1[bytes[at + 6]] ^
      t0[bytes[at + 7]];
  }
  for (; at < to; at += 1) value = ((value << 8) & 0xffff) ^ t0[(value >> 8) ^ bytes[at]];
  return value;
}

/**
 * CRC-32C (Castagnoli) of the 32-bit guard tag: reflected polynomial 82F63B78h, initial value and final XOR all ones
 * (NVM Command Set Specification 1.2, section 5.3.1.2). Eight bytes are taken at a time ("slicing by 8").
 */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

function buildTables(): Int32Array[] {
  const tables = Array.from({ length: SLICES }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
    tables[0][byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const crc = tables[slice - 1][byte];
      tables[slice][byte] = (crc >>> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = /* @__PURE__ */ buildTables();

/** CRC-32C of `bytes[from..to)`, continued from the CRC of what came before. */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length, crc = 0): number {
  let value = ~crc;
  let at = from;
  for (; at + SLICES <= to; at += SLICES) {
    value =
      t7[(value ^ bytes[at]) & 0xff] ^
      t6[((value >>> 8) ^ bytes[at + 1]) & 0xff] ^
      t5[((value >>> 16) ^ bytes[at + 2]) & 0xff] ^
      t4[(value >>> 24) ^ bytes[at + 3]] ^
      t3[bytes[at + 4]] ^
      t2[bytes[at + 5]] ^
      t1[bytes[at + 6]] ^
      t0[bytes[at + 7]];
  }
  for (; at < to; at += 1) value = (value >>> 8) ^ t0[(value ^ bytes[at]) & 0xff];
  return ~value >>> 0;
}

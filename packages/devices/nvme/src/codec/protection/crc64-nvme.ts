/**
 * CRC-64/NVME of the 64-bit guard tag: polynomial AD93D23594C93659h, reflected, initial value and final XOR all ones
 * (NVM Command Set Specification 1.2, section 5.3.1.3). Values are kept as two 32-bit halves: a BigInt per byte would
 * be a hundred times slower.
 */
const POLYNOMIAL_LOW = 0xac4bc9b5;
const POLYNOMIAL_HIGH = 0x9a6c9329;
const SLICES = 8;
const TABLE_WORDS = 256 * SLICES;

/** Entry of slice `s` and byte `b` at `s * 256 + b`. */
function buildTables(): { readonly low: Int32Array; readonly high: Int32Array } {
  const low = new Int32Array(TABLE_WORDS);
  const high = new Int32Array(TABLE_WORDS);
  for (let byte = 0; byte < 256; byte += 1) {
    let lo = byte;
    let hi = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = lo & 1;
      lo = (lo >>> 1) | (hi << 31);
      hi >>>= 1;
      if (carry === 1) {
        lo ^= POLYNOMIAL_LOW;
        hi ^= POLYNOMIAL_HIGH;
      }
    }
    low[byte] = lo;
    high[byte] = hi;
  }
  for (let entry = 256; entry < TABLE_WORDS; entry += 1) {
    const lo = low[entry - 256];
    const hi = high[entry - 256];
    const next = lo & 0xff;
    low[entry] = ((lo >>> 8) | (hi << 24)) ^ low[next];
    high[entry] = (hi >>> 8) ^ high[next];
  }
  return { low, high };
}

const tables = /* @__PURE__ */ buildTables();

/** A CRC-64/NVME that is being computed: `[low, high]`, before the final XOR. */
export type Crc64State = Int32Array;

export function crc64NvmeStart(): Crc64State {
  return Int32Array.of(-1, -1);
}

/** Takes `bytes[from..to)` into the CRC. */
export function crc64NvmeUpdate(
  state: Crc64State,
  bytes: Uint8Array,
  from = 0,
  to: number = bytes.length,
): void {
  const { low, high } = tables;
  let lo = state[0];
  let hi = state[1];
  let at = from;
  for (; at + SLICES <= to; at += SLICES) {
    const a = 1792 + ((lo ^ bytes[at]) & 0xff);
    const b = 1536 + (((lo >>> 8) ^ bytes[at + 1]) & 0xff);
    const c = 1280 + (((lo >>> 16) ^ bytes[at + 2]) & 0xff);
    const d = 1024 + ((lo >>> 24) ^ bytes[at + 3]);
    const e = 768 + ((hi ^ bytes[at + 4]) & 0xff);
    const f = 512 + (((hi >>> 8) ^ bytes[at + 5]) & 0xff);
    const g = 256 + (((hi >>> 16) ^ bytes[at + 6]) & 0xff);
    const h = (hi >>> 24) ^ bytes[at + 7];
    lo = low[a] ^ low[b] ^ low[c] ^ low[d] ^ low[e] ^ low[f] ^ low[g] ^ low[h];
    hi = high[a] ^ high[b] ^ high[c] ^ high[d] ^ high[e] ^ high[f] ^ high[g] ^ high[h];
  }
  for (; at < to; at += 1) {
    const entry = (lo ^ bytes[at]) & 0xff;
    lo = ((lo >>> 8) | (hi << 24)) ^ low[entry];
    hi = (hi >>> 8) ^ high[entry];
  }
  state[0] = lo;
  state[1] = hi;
}

/** CRC-64/NVME of all of `bytes`. */
export function crc64Nvme(bytes: Uint8Array): bigint {
  const state = crc64NvmeStart();
  crc64NvmeUpdate(state, bytes);
  return (BigInt(~state[1] >>> 0) << 32n) | BigInt(~state[0] >>> 0);
}

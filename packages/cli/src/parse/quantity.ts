import { FerryError } from "@blockferry/core";

/** A number as a user wrote it: blocks where it was plain, bytes where it had a unit. */
export interface Quantity {
  readonly value: number;
  readonly unit: "blocks" | "bytes";
}

// The table of sg3_utils(8), section NUMERIC ARGUMENTS. Letters not listed there are refused, not guessed.
const multipliers: Readonly<Record<string, bigint>> = {
  c: 1n,
  C: 1n,
  w: 2n,
  W: 2n,
  b: 512n,
  B: 512n,
  k: 1024n,
  K: 1024n,
  KiB: 1024n,
  KB: 1000n,
  kB: 1000n,
  m: 1024n ** 2n,
  M: 1024n ** 2n,
  MiB: 1024n ** 2n,
  MB: 1000n ** 2n,
  mB: 1000n ** 2n,
  g: 1024n ** 3n,
  G: 1024n ** 3n,
  GiB: 1024n ** 3n,
  GB: 1000n ** 3n,
  gB: 1000n ** 3n,
  t: 1024n ** 4n,
  T: 1024n ** 4n,
  TiB: 1024n ** 4n,
  TB: 1000n ** 4n,
  p: 1024n ** 5n,
  P: 1024n ** 5n,
  PiB: 1024n ** 5n,
  PB: 1000n ** 5n,
};

const unitNames = "b (512), k, KiB, kB, M, MiB, MB, G, GiB, GB, T, TiB, TB, P, PiB, PB";

function refuse(text: string, why: string): FerryError {
  return new FerryError("FERRY_SIZE_SYNTAX", `"${text}" is not a number: ${why}`, {
    details: { text },
    hint: "write 2048, 0x800 or 800h for blocks, 1MiB or 64k for bytes",
  });
}

function factor(part: string, text: string): { value: bigint; isBytes: boolean } {
  const hex = /^(?:0[xX]([0-9a-fA-F]+)|([0-9a-fA-F]+)[hH])$/.exec(part);
  if (hex !== null) return { value: BigInt(`0x${hex[1] ?? hex[2]}`), isBytes: false };
  const decimal = /^([0-9]+)([A-Za-z]*)$/.exec(part);
  if (decimal === null) {
    if (/^[0-9]*\.[0-9]/.test(part)) throw refuse(text, "fractions are not taken");
    if (part.includes("+"))
      throw refuse(text, `"+" stands between address and count, it never adds`);
    throw refuse(text, "digits and at most one unit are expected");
  }
  const [, digits, unit] = decimal;
  if (unit === "") return { value: BigInt(digits), isBytes: false };
  const multiplier = Object.hasOwn(multipliers, unit) ? multipliers[unit] : undefined;
  if (multiplier === undefined) throw refuse(text, `unit "${unit}" is none of ${unitNames}`);
  return { value: BigInt(digits) * multiplier, isBytes: true };
}

/**
 * Reads a number of blocks or bytes: decimal, `0x…` or `…h`, decimal with a unit of sg3_utils(8), or a product `2x33`.
 *
 * @throws FerryError `FERRY_SIZE_SYNTAX`; `FERRY_RANGE_ADDRESS` above 2^53-1
 */
export function parseQuantity(text: string): Quantity {
  const trimmed = text.trim();
  if (trimmed === "") throw refuse(text, "nothing is there");
  // "0x…" is hexadecimal; every other x multiplies.
  const parts = trimmed.split(/(?<!^0|x0)x/);
  let value = 1n;
  let isBytes = false;
  for (const part of parts) {
    const read = factor(part, text);
    if (read.isBytes && isBytes) throw refuse(text, "bytes are multiplied by bytes");
    value *= read.value;
    isBytes ||= read.isBytes;
  }
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new FerryError("FERRY_RANGE_ADDRESS", `${text} is above 2^53-1`, { details: { text } });
  }
  return { value: Number(value), unit: isBytes ? "bytes" : "blocks" };
}

/**
 * The blocks of a quantity.
 *
 * @throws FerryError `FERRY_SIZE_ALIGNMENT` where bytes are not a whole number of blocks
 */
function blocksOf(quantity: Quantity, bytesPerBlock: number, text: string): number {
  if (quantity.unit === "blocks") return quantity.value;
  if (quantity.value % bytesPerBlock !== 0) {
    throw new FerryError(
      "FERRY_SIZE_ALIGNMENT",
      `${text} is ${quantity.value} bytes, not a whole number of blocks of ${bytesPerBlock}`,
      { details: { text, bytes: quantity.value, bytesPerBlock } },
    );
  }
  return quantity.value / bytesPerBlock;
}

/** Blocks as a user writes them. */
export function parseBlocks(text: string, bytesPerBlock: number): number {
  return blocksOf(parseQuantity(text), bytesPerBlock, text);
}

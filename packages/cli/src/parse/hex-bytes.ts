import { FerryError } from "@blockferry/core";

/** What may stand in front of a line's bytes: an offset, as dumps have it. */
const OFFSET = /^\s*(?:0x)?[0-9a-fA-F]{1,16}:/;

/**
 * Reads bytes in hexadecimal as people paste them: white space and commas between, `0x` in front, `#` comments, offsets
 * ending in a colon.
 *
 * @throws FerryError `FERRY_DECODE_HEX`
 */
export function parseHexBytes(text: string): Uint8Array {
  const digits = text
    .split("\n")
    .map((line) => line.replace(/#.*$/, "").replace(OFFSET, ""))
    .join(" ")
    .replace(/\b0[xX]/g, "")
    .replace(/[\s,]+/g, "");
  const bad = /[^0-9a-fA-F]/.exec(digits);
  if (bad !== null) {
    throw new FerryError("FERRY_DECODE_HEX", `"${bad[0]}" is not a hexadecimal digit`, {
      hint: "write bytes as pairs of digits, such as 19 00 2a; binary files go through xxd -p",
    });
  }
  if (digits.length % 2 !== 0) {
    throw new FerryError(
      "FERRY_DECODE_HEX",
      `${digits.length} hexadecimal digits are no whole bytes`,
      {
        hint: "write each byte as two digits",
      },
    );
  }
  return new Uint8Array(Buffer.from(digits, "hex"));
}

import { toHex } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";
import { violated } from "./located.ts";

const isAscii = (code: number): boolean => code >= 0x20 && code <= 0x7e;

function asciiBytes(name: string, value: string): Uint8Array {
  const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
  if (bytes.length === value.length && bytes.every(isAscii)) return bytes;
  throw new RangeError(`${name}: must be ASCII characters, not ${JSON.stringify(value)}`);
}

/** A run of ASCII characters, as long as the bytes given, blanks and all. */
export function asciiText(name: string, source: string, meaning: string): Codec<string> {
  return {
    name,
    source,
    sizeOf: (value) => value.length,
    encode(value, target = new Uint8Array(value.length), offset = 0) {
      target.set(asciiBytes(name, value), offset);
      return target;
    },
    decode(bytes, options) {
      const bad = bytes.findIndex((byte) => !isAscii(byte));
      if (bad !== -1 && options?.lenient !== true) {
        return violated(name, "", bad, "must be ASCII characters");
      }
      return { ok: true, value: String.fromCharCode(...bytes) };
    },
    annotate: (bytes) => [
      {
        field: "",
        at: `bytes 0..${Math.max(bytes.length - 1, 0)}`,
        byte: 0,
        hex: toHex(bytes),
        value: String.fromCharCode(...bytes.filter(isAscii)),
        meaning,
      },
    ],
  };
}

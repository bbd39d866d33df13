import { type Annotation, structure, toHex } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";
import { violated } from "./located.ts";

export interface NumberListOptions {
  readonly name: string;
  readonly source: string;
  readonly bytesEach: 1 | 2;
  readonly meaning: string;
  /** The name of a number, for annotations. */
  readonly labelOf?: (value: number) => string | undefined;
}

/** A list of big-endian numbers of one or two bytes. */
export function numberList(options: NumberListOptions): Codec<number[], readonly number[]> {
  const { name, source, bytesEach, meaning, labelOf } = options;
  const entry = structure({
    name,
    bytes: bytesEach,
    endian: "big",
    source,
    fields: [{ name: "value", at: `bytes 0..${bytesEach - 1}`, kind: "uint" }],
  });
  function annotateOne(bytes: Uint8Array, at: number): Annotation {
    const own = bytes.subarray(at, at + bytesEach);
    const value = own.length < bytesEach ? undefined : (entry.read(own, "value") as number);
    const label = value === undefined ? undefined : labelOf?.(value);
    return {
      field: `[${at / bytesEach}]`,
      at: bytesEach === 1 ? `byte ${at}` : `bytes ${at}..${at + 1}`,
      byte: at,
      hex: toHex(own),
      ...(value === undefined ? {} : { value }),
      ...(label === undefined ? {} : { label }),
      meaning,
    };
  }
  return {
    name,
    source,
    sizeOf: (values) => values.length * bytesEach,
    encode(values, target = new Uint8Array(values.length * bytesEach), offset = 0) {
      values.forEach((value, index) => {
        entry.encode({ value }, target, offset + index * bytesEach);
      });
      return target;
    },
    decode(bytes, decodeOptions) {
      const odd = bytes.length % bytesEach;
      if (odd !== 0 && decodeOptions?.lenient !== true) {
        return violated(name, "", bytes.length - odd, `must be a multiple of ${bytesEach} bytes`);
      }
      const value: number[] = [];
      for (let at = 0; at + bytesEach <= bytes.length; at += bytesEach) {
        value.push(entry.read(bytes, "value", at) as number);
      }
      return { ok: true, value };
    },
    annotate(bytes) {
      const annotations: Annotation[] = [];
      for (let at = 0; at < bytes.length; at += bytesEach) annotations.push(annotateOne(bytes, at));
      return annotations;
    },
  };
}

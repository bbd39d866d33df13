import type { Annotation, DecodeOptions } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";
import { type Located, shift, shiftAnnotations, violated } from "./located.ts";

/** Descriptors of one kind, whose bytes say how long each is. */
export interface DescriptorKind<V, I = V> extends Codec<V, I> {
  /** Bytes before a descriptor's length is known. */
  readonly measuredBytes: number;
  /** Bytes of the descriptor at `at`, from where there are `measuredBytes` at least. */
  measure(bytes: Uint8Array, at: number): number;
}

/** Entries of one size. */
export function evenly<V, I>(entry: Codec<V, I>, size: number): DescriptorKind<V, I> {
  return { ...entry, measuredBytes: 0, measure: () => size };
}

function decodeList<V>(
  name: string,
  kind: DescriptorKind<V, never>,
  bytes: Uint8Array,
  options?: DecodeOptions,
): Located<V[]> {
  const values: V[] = [];
  const lenient = options?.lenient === true;
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at;
    const size = left < kind.measuredBytes ? left + 1 : kind.measure(bytes, at);
    if (size > left || size === 0) {
      // A target ignores an incomplete last descriptor where its standard says so.
      if (lenient) break;
      const rule = `needs ${size} bytes where the list has ${left} left`;
      return violated(name, `[${values.length}]`, at, rule);
    }
    const decoded = kind.decode(bytes.subarray(at, at + size), options);
    if (!decoded.ok) {
      const path = `[${values.length}]`;
      if (decoded.violated !== undefined) return shift(decoded, at, path);
      return violated(name, path, at, `is ${decoded.need} bytes too short for what it holds`);
    }
    values.push(decoded.value);
    at += size;
  }
  return { ok: true, value: values };
}

function annotateList(kind: DescriptorKind<unknown, never>, bytes: Uint8Array): Annotation[] {
  const annotations: Annotation[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const rest = bytes.subarray(at);
    const size = rest.length < kind.measuredBytes ? rest.length : kind.measure(bytes, at);
    const own = rest.subarray(0, size === 0 ? rest.length : size);
    annotations.push(...shiftAnnotations(kind.annotate(own), at, `[${index}]`));
    at += own.length;
  }
  return annotations;
}

/** A list of descriptors, one after the other. Fields are named `[2].sourceLba`. */
export function descriptorList<V, I>(
  name: string,
  kind: DescriptorKind<V, I>,
): Codec<V[], readonly I[]> {
  const sizeOf = (values: readonly I[]): number => {
    let size = 0;
    for (const value of values) size += kind.sizeOf(value);
    return size;
  };
  return {
    name,
    source: kind.source,
    sizeOf,
    encode(values, target = new Uint8Array(sizeOf(values)), offset = 0) {
      let at = offset;
      for (const value of values) {
        kind.encode(value, target, at);
        at += kind.sizeOf(value);
      }
      return target;
    },
    decode: (bytes, options) => decodeList(name, kind, bytes, options),
    annotate: (bytes) => annotateList(kind, bytes),
  };
}

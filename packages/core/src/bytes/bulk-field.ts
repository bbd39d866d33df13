import {
  type FieldCodec,
  type FieldContext,
  outOfRange,
  type Reading,
  violation,
  wrongType,
} from "./field.ts";
import type { ArrayField, AsciiField, BytesField, UintsField } from "./layout.ts";
import { parsePosition, type Slice } from "./position.ts";
import { readSlices, writeSlices } from "./scalar.ts";
import type { AnyStructure } from "./structure.ts";

export type BulkField = BytesField | AsciiField | UintsField | ArrayField;

/** Bulk fields are checked into the bytes they will fill, and written in one step. */
function codecOfBytes(
  context: FieldContext,
  toBytes: (value: unknown) => Uint8Array,
  read: (bytes: Uint8Array, lenient: boolean) => Reading,
): FieldCodec {
  const { byte, bytes: size } = context.place;
  return {
    absent: new Uint8Array(size),
    check: toBytes,
    write(bytes, offset, checked) {
      bytes.set(checked as Uint8Array, offset + byte);
    },
    read(bytes, offset, lenient) {
      return read(bytes.subarray(offset + byte, offset + byte + size), lenient);
    },
  };
}

function bytesCodec(context: FieldContext): FieldCodec {
  const size = context.place.bytes;
  const toBytes = (value: unknown): Uint8Array => {
    if (!(value instanceof Uint8Array)) return wrongType(context, "a Uint8Array", value);
    if (value.length !== size) outOfRange(context, `${size} bytes long`, `${value.length}`);
    return value;
  };
  return codecOfBytes(context, toBytes, (bytes) => ({ value: new Uint8Array(bytes) }));
}

const isAscii = (code: number): boolean => code >= 0x20 && code <= 0x7e;

function asciiCodec(spec: AsciiField, context: FieldContext): FieldCodec {
  const size = context.place.bytes;
  const pad = spec.pad === "nul" ? 0x00 : 0x20;
  const toBytes = (value: unknown): Uint8Array => {
    if (typeof value !== "string") return wrongType(context, "a string", value);
    if (value.length > size) {
      outOfRange(context, `at most ${size} characters`, `${value.length}: ${value}`);
    }
    const bytes = new Uint8Array(size).fill(pad);
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (!isAscii(code)) outOfRange(context, "ASCII characters", JSON.stringify(value));
      bytes[index] = code;
    }
    return bytes;
  };
  const codec = codecOfBytes(context, toBytes, (bytes, lenient) => {
    // Controllers fill unused names with NULs as well as with spaces.
    const end = pad === 0 ? bytes.indexOf(0) : bytes.findLastIndex((b) => b !== pad && b !== 0) + 1;
    const text = bytes.subarray(0, end === -1 ? size : end);
    if (!lenient && !text.every(isAscii)) return violation(context, "must be ASCII characters");
    return { value: String.fromCharCode(...text) };
  });
  return { ...codec, absent: new Uint8Array(size).fill(pad) };
}

function uintsCodec(spec: UintsField, context: FieldContext): FieldCodec {
  const { bytesEach } = spec;
  const size = context.place.bytes;
  const count = size / bytesEach;
  const { slices } = parsePosition(`bytes 0..${bytesEach - 1}`, context.endian);
  const bits = bytesEach * 8;
  const checkOne = (value: unknown, index: number): number | bigint => {
    const whole = typeof value === "bigint" || Number.isSafeInteger(value);
    if (whole && (value as number) >= 0 && BigInt(value as number) >> BigInt(bits) === 0n) {
      return value as number | bigint;
    }
    const context1 = { ...context, name: `${context.name}[${index}]` };
    return outOfRange(context1, `a whole number from 0 to ${2n ** BigInt(bits) - 1n}`, value);
  };
  const toBytes = (value: unknown): Uint8Array => {
    if (!Array.isArray(value)) return wrongType(context, "an array of numbers", value);
    if (value.length > count) outOfRange(context, `at most ${count} numbers`, `${value.length}`);
    const bytes = new Uint8Array(size);
    value.forEach((one, index) => {
      writeSlices(bytes, index * bytesEach, slices, checkOne(one, index));
    });
    return bytes;
  };
  return codecOfBytes(context, toBytes, (bytes) => readUints(context, bytes, slices, bytesEach));
}

function readUints(
  context: FieldContext,
  bytes: Uint8Array,
  slices: readonly Slice[],
  bytesEach: number,
): Reading {
  const value: number[] = [];
  for (let at = 0; at < bytes.length; at += bytesEach) {
    const one = readSlices(bytes, at, slices, bytesEach * 8);
    if (typeof one === "bigint") {
      const name = `${context.name}[${at / bytesEach}]`;
      return violation({ ...context, name }, "is above 2^53-1");
    }
    value.push(one);
  }
  return { value };
}

function arrayCodec(context: FieldContext, each: AnyStructure): FieldCodec {
  const size = context.place.bytes;
  const count = size / each.size;
  const toBytes = (value: unknown): Uint8Array => {
    if (!Array.isArray(value)) return wrongType(context, "an array", value);
    if (value.length > count) outOfRange(context, `at most ${count} entries`, `${value.length}`);
    const bytes = new Uint8Array(size);
    value.forEach((entry, index) => {
      each.encode(entry, bytes, index * each.size);
    });
    return bytes;
  };
  return codecOfBytes(context, toBytes, (bytes, lenient) => {
    const value: unknown[] = [];
    for (let index = 0; index < count; index += 1) {
      const decoded = each.decode(bytes, index * each.size, { lenient });
      if (decoded.ok) {
        value.push(decoded.value);
        continue;
      }
      const field = `${context.name}[${index}].${decoded.field}`;
      return {
        violated: `${context.structure}: ${context.name}[${index}]: ${decoded.violated}`,
        field,
      };
    }
    return { value };
  });
}

export function bulkCodec(spec: BulkField, context: FieldContext, each?: AnyStructure): FieldCodec {
  switch (spec.kind) {
    case "bytes":
      return bytesCodec(context);
    case "ascii":
      return asciiCodec(spec, context);
    case "uints":
      return uintsCodec(spec, context);
    default:
      return arrayCodec(context, each as AnyStructure);
  }
}

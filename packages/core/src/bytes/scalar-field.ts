import { type FieldCodec, type FieldContext, outOfRange, violation, wrongType } from "./field.ts";
import type {
  BitsetField,
  ConstantField,
  EnumerationField,
  FlagField,
  OpaqueField,
  ReservedField,
  UintField,
  WideField,
  ZeroBasedField,
} from "./layout.ts";
import { allZero, NUMBER_BITS_MAX, readSlices, writeSlices } from "./scalar.ts";

export type ScalarField =
  | UintField
  | WideField
  | ZeroBasedField
  | FlagField
  | EnumerationField
  | ConstantField
  | BitsetField
  | ReservedField
  | OpaqueField;

type Write = FieldCodec["write"];

const writer = (context: FieldContext): Write => {
  const { place } = context;
  return (bytes, offset, checked) =>
    writeSlices(bytes, offset, place.slices, checked as number | bigint);
};

const reader = (context: FieldContext): ((bytes: Uint8Array, at: number) => number | bigint) => {
  const { place } = context;
  return (bytes, offset) => readSlices(bytes, offset, place.slices, place.bits);
};

/** Checks a whole number from 0 to 2^bits-1, given as a number or a bigint. */
function checkWhole(context: FieldContext, value: unknown): number | bigint {
  const { bits } = context.place;
  const allowed = () => `a whole number from 0 to ${2n ** BigInt(bits) - 1n}`;
  if (typeof value === "bigint") {
    if (value < 0n || value >> BigInt(bits) !== 0n) outOfRange(context, allowed(), value);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
  if (typeof value !== "number") wrongType(context, "a number or bigint", value);
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) >= 2 ** bits) {
    const hint = bits > NUMBER_BITS_MAX ? " (a bigint above 2^53-1)" : "";
    outOfRange(context, allowed() + hint, value);
  }
  return value as number;
}

function uint(context: FieldContext): FieldCodec {
  const read = reader(context);
  return {
    absent: 0,
    check: (value) => checkWhole(context, value),
    write: writer(context),
    read(bytes, offset) {
      const value = read(bytes, offset);
      return typeof value === "number" ? { value } : violation(context, "is above 2^53-1");
    },
  };
}

function wide(context: FieldContext): FieldCodec {
  const read = reader(context);
  return {
    absent: 0,
    check: (value) => checkWhole(context, value),
    write: writer(context),
    read: (bytes, offset) => ({ value: BigInt(read(bytes, offset)) }),
  };
}

function zeroBased(context: FieldContext): FieldCodec {
  const read = reader(context);
  const max = 2 ** context.place.bits;
  return {
    absent: undefined,
    check(value) {
      const given = typeof value === "bigint" ? Number(value) : value;
      if (typeof given !== "number") wrongType(context, "a number (it has no default)", value);
      if (!Number.isInteger(given) || (given as number) < 1 || (given as number) > max) {
        outOfRange(context, `a whole number from 1 to ${max}`, value);
      }
      return (given as number) - 1;
    },
    write: writer(context),
    read: (bytes, offset) => ({ value: Number(read(bytes, offset)) + 1 }),
  };
}

function flag(context: FieldContext): FieldCodec {
  const read = reader(context);
  return {
    absent: 0,
    check(value) {
      if (typeof value !== "boolean") wrongType(context, "a boolean", value);
      return value === true ? 1 : 0;
    },
    write: writer(context),
    read: (bytes, offset) => ({ value: read(bytes, offset) === 1 }),
  };
}

function constant(context: FieldContext, wanted: number): FieldCodec {
  const read = reader(context);
  const shown = `${wanted.toString(16).toUpperCase()}h`;
  return {
    absent: wanted,
    check(value) {
      if (value !== wanted) outOfRange(context, shown, value);
      return wanted;
    },
    write: writer(context),
    read(bytes, offset, lenient) {
      const value = read(bytes, offset);
      return value === wanted || lenient ? { value } : violation(context, `must be ${shown}`);
    },
  };
}

function bitset(context: FieldContext): FieldCodec {
  const read = reader(context);
  const { bits } = context.place;
  return {
    absent: 0,
    check(value) {
      if (!Array.isArray(value)) wrongType(context, "an array of bit numbers", value);
      let raw = 0;
      for (const bit of new Set(value as unknown[])) {
        if (!Number.isInteger(bit) || (bit as number) < 0 || (bit as number) >= bits) {
          outOfRange(context, `made of bit numbers from 0 to ${bits - 1}`, bit);
        }
        raw += 2 ** (bit as number);
      }
      return raw;
    },
    write: writer(context),
    read(bytes, offset) {
      const raw = Number(read(bytes, offset));
      const value: number[] = [];
      for (let bit = 0; bit < bits; bit += 1) {
        if (Math.floor(raw / 2 ** bit) % 2 === 1) value.push(bit);
      }
      return { value };
    },
  };
}

/** Fields that are not part of the value: written as zero, checked for zero if reserved. */
function silent(context: FieldContext, mustBeZero: boolean): FieldCodec {
  const { place } = context;
  const read = reader(context);
  const isZero = (bytes: Uint8Array, offset: number): boolean =>
    place.whole
      ? allZero(bytes, offset + place.byte, offset + place.byte + place.bytes)
      : read(bytes, offset) === 0;
  return {
    absent: 0,
    check: (value) => wrongType(context, "left out", value),
    write: writer(context),
    read(bytes, offset, lenient) {
      if (!mustBeZero || lenient || isZero(bytes, offset)) return { value: undefined };
      return violation(context, "is reserved and must be zero");
    },
  };
}

export function scalarCodec(spec: ScalarField, context: FieldContext): FieldCodec {
  switch (spec.kind) {
    case "uint":
    case "enumeration":
      return uint(context);
    case "wide":
      return wide(context);
    case "zeroBased":
      return zeroBased(context);
    case "flag":
      return flag(context);
    case "constant":
      return constant(context, spec.value);
    case "bitset":
      return bitset(context);
    default:
      return silent(context, spec.kind === "reserved");
  }
}

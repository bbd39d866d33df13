import type { AnyStructure, Field, FieldInfo, Layout } from "@blockferry/core/bytes";
import { structure } from "@blockferry/core/bytes";
import type { RandomSource } from "../random-source.ts";

/** A field with a value, and where it lies. */
export interface ValuedField {
  readonly spec: Field & { readonly name: string };
  readonly info: FieldInfo;
}

/** The fields of a structure that carry a value. */
export function valuedFields({ layout, fields }: AnyStructure): ValuedField[] {
  const specs = [...(layout.base?.fields ?? []), ...layout.fields];
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  return fields.flatMap((info) => {
    const spec = byName.get(info.name);
    const isSilent = info.kind === "reserved" || info.kind === "opaque";
    return spec === undefined || isSilent ? [] : [{ spec, info } as ValuedField];
  });
}

const structures = new Map<Layout, AnyStructure>();

/** The structure of an array's entries. */
function entryStructure(layout: Layout): AnyStructure {
  const known = structures.get(layout);
  if (known !== undefined) return known;
  const made = structure(layout) as unknown as AnyStructure;
  structures.set(layout, made);
  return made;
}

/** Largest value of a field of `bits` bits, as a number where one can hold it. */
export function largest(bits: number): number | bigint {
  const most = 2n ** BigInt(bits) - 1n;
  return most <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(most) : most;
}

function randomNumber(random: RandomSource, bits: number): number {
  const most = Math.min(2 ** bits - 1, Number.MAX_SAFE_INTEGER);
  return random.pick([0, 1, most, random.below(most + 1), random.below(most + 1)]);
}

function randomWide(random: RandomSource, bits: number): bigint {
  let value = 0n;
  for (let at = 0; at < bits; at += 32) value = (value << 32n) | BigInt(random.word());
  return BigInt.asUintN(bits, value);
}

function randomText(random: RandomSource, length: number): string {
  return String.fromCharCode(...Array.from({ length }, () => random.between(0x41, 0x5a)));
}

function randomField({ spec, info }: ValuedField, random: RandomSource): unknown {
  switch (spec.kind) {
    case "flag":
      return random.below(2) === 1;
    case "zeroBased":
      return randomNumber(random, info.bits) + 1;
    case "wide":
      return randomWide(random, info.bits);
    case "constant":
      return spec.value;
    case "bitset":
      return Array.from({ length: info.bits }, (_, bit) => bit).filter(() => random.below(2) === 1);
    case "bytes":
      return random.bytes(info.bytes);
    case "ascii":
      return randomText(random, random.below(info.bytes + 1));
    case "uints":
      return Array.from({ length: info.bytes / spec.bytesEach }, () =>
        randomNumber(random, spec.bytesEach * 8),
      );
    case "array": {
      const each = entryStructure(spec.each);
      return Array.from({ length: info.bytes / each.size }, () => randomValue(each, random));
    }
    default:
      return randomNumber(random, info.bits);
  }
}

/** A value of a structure with all its fields, as decoding gives it. */
export function randomValue(table: AnyStructure, random: RandomSource): Record<string, unknown> {
  const fields = valuedFields(table).map((one) => [one.spec.name, randomField(one, random)]);
  return Object.fromEntries(fields);
}

/** What encoding needs at least: fields without a zero. */
export function leastValue(table: AnyStructure): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const { spec, info } of valuedFields(table)) {
    if (spec.kind === "zeroBased") value[spec.name] = 1;
    if (spec.kind !== "array") continue;
    const each = entryStructure(spec.each);
    const entry = leastValue(each);
    if (Object.keys(entry).length === 0) continue;
    value[spec.name] = Array.from({ length: info.bytes / each.size }, () => entry);
  }
  return value;
}

import { bindField } from "./bind-field.ts";
import type { BoundField } from "./field.ts";
import type { Field, Layout } from "./layout.ts";
import { type Place, parsePosition } from "./position.ts";
import type { AnyStructure } from "./structure.ts";

const NAME = /^[a-z][a-zA-Z0-9_]*$/;
const ZERO_BASED_BITS_MAX = 32;

function placeOf(layout: Layout, spec: Field): Place {
  const shown = JSON.stringify(spec.name ?? spec.kind);
  try {
    return parsePosition(spec.at, spec.endian ?? layout.endian);
  } catch (error) {
    throw new TypeError(`${layout.name}: field ${shown}: ${(error as Error).message}`);
  }
}

function checkKind(fail: (why: string) => never, spec: Field, place: Place): void {
  const { bits, bytes } = place;
  switch (spec.kind) {
    case "flag":
      if (bits !== 1) fail(`is a flag of ${bits} bits`);
      return;
    case "zeroBased":
      if (bits > ZERO_BASED_BITS_MAX)
        fail(`is 0's based and wider than ${ZERO_BASED_BITS_MAX} bits`);
      return;
    case "bitset":
    case "enumeration":
      if (bits > 53) fail("is wider than 53 bits");
      return;
    case "constant":
      if (bits > 53 || !Number.isInteger(spec.value) || spec.value < 0 || spec.value >= 2 ** bits) {
        fail(`is constant ${spec.value}, which ${bits} bits cannot hold`);
      }
      return;
    case "bytes":
    case "ascii":
    case "uints":
    case "array": {
      if (!place.whole) fail("is not one run of whole bytes");
      const each =
        spec.kind === "array" ? spec.each.bytes : spec.kind === "uints" ? spec.bytesEach : 1;
      if (bytes % each !== 0) fail(`is ${bytes} bytes, no multiple of ${each}`);
    }
  }
}

const shown = (field: BoundField): string => `${field.name} (${field.place.at})`;

/** Marks the bits of a field as taken; gives the first byte that was taken before, or -1. */
function take({ place }: BoundField, taken: Uint8Array): number {
  if (!place.whole) {
    for (const { byte, mask, shift } of place.slices) {
      if ((taken[byte] & (mask << shift)) !== 0) return byte;
      taken[byte] |= mask << shift;
    }
    return -1;
  }
  const end = place.byte + place.bytes;
  for (let byte = place.byte; byte < end; byte += 1) if (taken[byte] !== 0) return byte;
  taken.fill(0xff, place.byte, end);
  return -1;
}

function checkOverlap(layout: Layout, fields: readonly BoundField[]): Uint8Array {
  const taken = new Uint8Array(layout.bytes);
  fields.forEach((field, index) => {
    if (field.place.byte + field.place.bytes > layout.bytes) {
      const beyond = `lies beyond the ${layout.bytes} bytes`;
      throw new TypeError(`${layout.name}: field ${shown(field)} ${beyond}`);
    }
    const byte = take(field, taken);
    if (byte === -1) return;
    const other = fields.slice(0, index).find((one) => overlap(layout, one, field)) as BoundField;
    const both = `${shown(other)} and ${shown(field)}`;
    throw new TypeError(`${layout.name}: fields ${both} overlap in byte ${byte}`);
  });
  return taken;
}

function overlap(layout: Layout, one: BoundField, other: BoundField): boolean {
  const taken = new Uint8Array(layout.bytes);
  take(one, taken);
  return take(other, taken) !== -1;
}

function checkCover(layout: Layout, fields: readonly BoundField[], taken: Uint8Array): void {
  let gap = 0;
  while (gap < taken.length && taken[gap] === 0xff) gap += 1;
  if (gap === taken.length) return;
  const before = fields.filter((field) => field.place.byte <= gap).at(-1);
  const after = fields.find((field) => field.place.byte > gap);
  const free = (~taken[gap] & 0xff).toString(2).padStart(8, "0");
  const where = `between ${before?.name ?? "the start"} and ${after?.name ?? "the end"}`;
  throw new TypeError(`${layout.name}: no field covers byte ${gap} bits ${free}b, ${where}`);
}

function checkNames(layout: Layout, fields: readonly BoundField[]): void {
  const seen = new Set<string>();
  for (const field of fields) {
    if (!field.valued) continue;
    if (!NAME.test(field.name)) {
      throw new TypeError(`${layout.name}: ${JSON.stringify(field.name)} cannot name a field`);
    }
    if (seen.has(field.name))
      throw new TypeError(`${layout.name}: two fields are named ${field.name}`);
    seen.add(field.name);
  }
}

/**
 * Binds the fields of a layout, in the order of their bytes, and checks the table: positions are
 * well formed, names differ, fields neither overlap nor leave gaps.
 * @throws TypeError naming the fields at fault.
 */
export function bindFields(
  layout: Layout,
  structureOf: (each: Layout) => AnyStructure,
): readonly BoundField[] {
  if (!Number.isInteger(layout.bytes) || layout.bytes < 1) {
    throw new TypeError(`${layout.name}: ${layout.bytes} is not a size in bytes`);
  }
  const specs = [...(layout.base?.fields ?? []), ...layout.fields];
  const fields = specs.map((spec) => {
    const place = placeOf(layout, spec);
    const name = spec.name ?? spec.kind;
    checkKind(
      (why) => {
        throw new TypeError(`${layout.name}: field ${name} (${place.at}) ${why}`);
      },
      spec,
      place,
    );
    const endian = spec.endian ?? layout.endian;
    const context = { structure: layout.name, name, place, endian };
    return bindField(spec, context, spec.kind === "array" ? structureOf(spec.each) : undefined);
  });
  fields.sort((a, b) => a.place.lowestBit - b.place.lowestBit);
  checkNames(layout, fields);
  checkCover(layout, fields, checkOverlap(layout, fields));
  return fields;
}

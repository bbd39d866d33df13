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

/** Bytes whose 8 bits are taken, as one mask each. */
function occupy(layout: Layout, fields: readonly BoundField[]): Uint8Array {
  const taken = new Uint8Array(layout.bytes);
  for (const field of fields) {
    for (const { byte, shift, mask: bits } of field.place.slices) {
      if (byte >= layout.bytes) {
        const beyond = `lies beyond the ${layout.bytes} bytes`;
        throw new TypeError(`${layout.name}: field ${shown(field)} ${beyond}`);
      }
      const mask = bits << shift;
      if ((taken[byte] & mask) !== 0) {
        const both = `${shown(ownerOf(fields, byte, taken[byte] & mask))} and ${shown(field)}`;
        throw new TypeError(`${layout.name}: fields ${both} overlap in byte ${byte}`);
      }
      taken[byte] |= mask;
    }
  }
  return taken;
}

function ownerOf(fields: readonly BoundField[], byte: number, mask: number): BoundField {
  const holds = (field: BoundField): boolean =>
    field.place.slices.some((s) => s.byte === byte && ((s.mask << s.shift) & mask) !== 0);
  return fields.find(holds) as BoundField;
}

function checkCover(layout: Layout, fields: readonly BoundField[]): void {
  const taken = occupy(layout, fields);
  const gap = taken.findIndex((mask) => mask !== 0xff);
  if (gap === -1) return;
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
  checkCover(layout, fields);
  return fields;
}

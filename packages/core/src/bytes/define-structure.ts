import { annotateFields } from "./annotate.ts";
import type { Coder } from "./coder.ts";
import { compile } from "./compiled.ts";
import type { Decoded } from "./decoded.ts";
import { bindFields } from "./definition.ts";
import type { BoundField } from "./field.ts";
import { interpret } from "./interpreted.ts";
import type { Layout, ValueOf } from "./layout.ts";
import type { FieldInfo, Structure, StructureOptions } from "./structure.ts";

function infoOf(layout: Layout, field: BoundField): FieldInfo {
  const { place, spec, name, endian } = field;
  return {
    name,
    at: place.at,
    kind: spec.kind,
    byte: place.byte,
    bytes: place.bytes,
    bits: place.bits,
    dword: Math.floor(place.byte / 4),
    shift: endian === "little" ? place.lowestBit % 32 : undefined,
    meaning: spec.meaning ?? "",
    source: spec.source ?? layout.source,
    endian,
  };
}

/** Compiling costs more than a few interpreted calls, so a structure earns it by being used. */
const INTERPRETED_CALLS = 4;

function coderOf(
  layout: Layout,
  fields: readonly BoundField[],
  options: StructureOptions,
): () => Coder {
  const slow = interpret(layout.name, fields);
  let coder = slow;
  let calls = options.compile === false ? Number.POSITIVE_INFINITY : INTERPRETED_CALLS;
  return () => {
    if (calls > 0) {
      calls -= 1;
      if (calls === 0) coder = compile(fields, layout.bytes, slow) ?? slow;
    }
    return coder;
  };
}

/**
 * Makes a structure from its table and checks the table: fields neither overlap nor leave gaps,
 * names differ, positions fit the size.
 * @throws TypeError naming the fields at fault.
 */
export function structure<const L extends Layout>(
  layout: L,
  options: StructureOptions = {},
): Structure<L> {
  const fields = bindFields(layout, (each) => structure(each, options));
  const infos = fields.map((field) => infoOf(layout, field));
  const byName = new Map(fields.map((field, index) => [field.name, { field, info: infos[index] }]));
  const coder = coderOf(layout, fields, options);
  const size = layout.bytes;

  function entryOf(name: string): { field: BoundField; info: FieldInfo } {
    const entry = byName.get(name);
    if (entry?.field.valued !== true) {
      throw new TypeError(`${layout.name}: there is no field ${JSON.stringify(name)}`);
    }
    return entry;
  }

  function checkRoom(bytes: Uint8Array, offset: number): void {
    if (Number.isInteger(offset) && offset >= 0 && bytes.length - offset >= size) return;
    throw new RangeError(
      `${layout.name}: ${size} bytes at offset ${offset} do not fit a buffer of ${bytes.length}`,
    );
  }

  return {
    layout,
    name: layout.name,
    source: layout.source,
    size,
    fields: infos,
    encode(value, target = new Uint8Array(size), offset = 0) {
      checkRoom(target, offset);
      coder().encode(value, target, offset);
      return target;
    },
    decode(bytes, offset = 0, options) {
      const left = bytes.length - offset;
      if (!(left >= size)) return { ok: false, need: size - left };
      if (options !== undefined && options.exact === true && left !== size) {
        const violated = `${layout.name}: must be ${size} bytes long, not ${left}`;
        return { ok: false, violated, field: "" };
      }
      const lenient = options !== undefined && options.lenient === true;
      return coder().decode(bytes, offset, lenient) as Decoded<ValueOf<L>>;
    },
    annotate: (bytes, offset = 0) => annotateFields(layout.name, size, fields, bytes, offset),
    patch(target, value, offset = 0) {
      checkRoom(target, offset);
      const checked = Object.entries(value).map(([name, given]): [BoundField, unknown] => {
        const { field } = entryOf(name);
        return [field, field.check(given)];
      });
      for (const [field, one] of checked) field.write(target, offset, one);
      return target;
    },
    read(bytes, name, offset = 0) {
      checkRoom(bytes, offset);
      const reading = entryOf(name).field.read(bytes, offset, false);
      if (reading.violated !== undefined) throw new RangeError(reading.violated);
      return reading.value as ValueOf<L>[typeof name];
    },
    offsetOf: (name) => entryOf(name).info.byte,
    field: (name) => entryOf(name).info,
  };
}

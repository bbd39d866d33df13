import { bulkCodec } from "./bulk-field.ts";
import type { BoundField, FieldContext } from "./field.ts";
import type { Field } from "./layout.ts";
import { scalarCodec } from "./scalar-field.ts";
import type { AnyStructure } from "./structure.ts";

/** Binds a field to its place. `each` is the structure of an array's entries. */
export function bindField(spec: Field, context: FieldContext, each?: AnyStructure): BoundField {
  const codec =
    spec.kind === "bytes" || spec.kind === "ascii" || spec.kind === "uints" || spec.kind === "array"
      ? bulkCodec(spec, context, each)
      : scalarCodec(spec, context);
  const { name, place, endian } = context;
  const valued = spec.kind !== "reserved" && spec.kind !== "opaque";
  return { spec, name, place, endian, valued, ...codec, ...(each === undefined ? {} : { each }) };
}

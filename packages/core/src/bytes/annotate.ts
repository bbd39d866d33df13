import type { Annotation } from "./annotation.ts";
import type { BoundField } from "./field.ts";
import { toHex } from "./hex.ts";
import { readSlices } from "./scalar.ts";

type Shown = Pick<Annotation, "value" | "label" | "violated">;

function labelOf(field: BoundField, value: unknown): string | undefined {
  const { spec } = field;
  if (spec.kind === "enumeration") return spec.names[value as number];
  if (spec.kind === "bitset" && spec.names !== undefined) {
    const { names } = spec;
    return (value as number[]).map((bit) => names[bit] ?? `bit ${bit}`).join(", ");
  }
  return undefined;
}

/** The value of a field that breaks its rule, as far as it has one. */
function brokenValue(field: BoundField, bytes: Uint8Array, offset: number): Shown {
  const { slices, bits } = field.place;
  return bits <= 64 ? { value: readSlices(bytes, offset, slices, bits) } : {};
}

function showField(field: BoundField, bytes: Uint8Array, offset: number): Shown {
  const reading = field.read(bytes, offset, false);
  if (reading.violated !== undefined) {
    return { ...brokenValue(field, bytes, offset), violated: reading.violated };
  }
  const { value } = reading;
  if (value === undefined || value instanceof Uint8Array) return {};
  const label = labelOf(field, value);
  const isSafe = typeof value === "bigint" && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return {
    value: (isSafe ? Number(value) : value) as NonNullable<Annotation["value"]>,
    ...(label === undefined ? {} : { label }),
  };
}

/** Explains bytes field by field; never throws. */
export function annotateFields(
  structure: string,
  size: number,
  fields: readonly BoundField[],
  bytes: Uint8Array,
  offset: number,
): Annotation[] {
  return fields.flatMap((field): Annotation[] => {
    const { place, name, spec } = field;
    const from = offset + place.byte;
    const to = from + place.bytes;
    const head = {
      field: name,
      at: place.at,
      byte: from,
      hex: toHex(bytes.subarray(from, to)),
      meaning: spec.meaning ?? "",
    };
    if (to > bytes.length) {
      const given = Math.max(bytes.length - offset, 0);
      const lacks = `${size} bytes are needed, ${given} given`;
      const violated = `${structure}: ${name} (${place.at}) is missing: ${lacks}`;
      return [{ ...head, violated }];
    }
    if (field.each === undefined) return [{ ...head, ...showField(field, bytes, offset) }];
    return annotateEntries(field, bytes, from, to);
  });
}

function annotateEntries(
  field: BoundField,
  bytes: Uint8Array,
  from: number,
  to: number,
): Annotation[] {
  const { each } = field;
  const annotations: Annotation[] = [];
  if (each === undefined) return annotations;
  for (let at = from; at < to; at += each.size) {
    const prefix = `${field.name}[${(at - from) / each.size}]`;
    for (const one of each.annotate(bytes, at)) {
      annotations.push({ ...one, field: `${prefix}.${one.field}` });
    }
  }
  return annotations;
}

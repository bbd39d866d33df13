import type { Annotation } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";
import { decodeLocated, type Located, shiftAnnotations } from "./located.ts";
import { variableDecoder } from "./variable-decoder.ts";
import {
  codecOf,
  countedFields,
  extentOf,
  type Fields,
  keptFields,
  type Part,
  type VariableLayout,
} from "./variable-layout.ts";

export type { VariableLayout } from "./variable-layout.ts";

function annotateVariable(layout: VariableLayout, bytes: Uint8Array): Annotation[] {
  const annotations = layout.header.annotate(bytes);
  const head = decodeLocated(layout.header, bytes, { lenient: true });
  if (!head.ok) return annotations;
  const { spans, end, broken } = extentOf(layout, head.value as Fields, bytes.length);
  for (const { part, from, to } of spans) {
    const given = bytes.subarray(from, to);
    if (given.length > 0) {
      const codec = codecOf(part, head.value as Fields);
      annotations.push(...shiftAnnotations(codec.annotate(given), from, part.name));
    }
  }
  const complaint =
    broken !== undefined
      ? [broken, "contradicts the other lengths"]
      : bytes.length < end
        ? [layout.parts.at(-1)?.length ?? layout.total?.field, `asks for ${end} bytes in all`]
        : undefined;
  if (complaint === undefined) return annotations;
  const rule = `${layout.name}: ${complaint[0]} ${complaint[1]}; ${bytes.length} are given`;
  return annotations.map((one) => (one.field === complaint[0] ? { ...one, violated: rule } : one));
}

const partOf = (value: Fields, part: Part): unknown => value[part.name] ?? [];

const roundedUp = (size: number, multipleOf: number | undefined): number =>
  multipleOf === undefined ? size : Math.ceil(size / multipleOf) * multipleOf;

/** Refuses names that the layout has not, or that follow from the parts. */
function checkNames(layout: VariableLayout, value: Fields): void {
  const counted = countedFields(layout);
  const known = new Set([...keptFields(layout), ...layout.parts.map((part) => part.name)]);
  for (const key in value) {
    if (value[key] === undefined || known.has(key)) continue;
    if (counted.has(key)) {
      throw new TypeError(`${layout.name}: ${key} follows from the parts and cannot be given`);
    }
    throw new TypeError(`${layout.name}: there is no field ${JSON.stringify(key)}`);
  }
}

/**
 * A header and parts whose lengths it holds. The value has the header's fields without the
 * lengths, and one member per part; encoding fills the lengths in.
 */
export function variable<V extends object, I extends object = V>(
  layout: VariableLayout,
): Codec<V, I> {
  const { name, source, header, parts, total, multipleOf } = layout;
  const kept = keptFields(layout);
  const known = new Set([...kept, ...parts.map((part) => part.name)]);

  function headOf(value: Fields): Fields {
    const head: Fields = {};
    for (const field of kept) if (value[field] !== undefined) head[field] = value[field];
    for (const key in value) if (!known.has(key)) checkNames(layout, value);
    return head;
  }

  return {
    name,
    source,
    sizeOf(value) {
      let size = header.size;
      const fields = value as Fields;
      for (const part of parts) size += codecOf(part, fields).sizeOf(partOf(fields, part));
      return roundedUp(size, multipleOf);
    },
    encode(value, target, offset = 0) {
      const fields = value as Fields;
      const head = headOf(fields);
      let used = header.size;
      for (const part of parts) {
        const size = codecOf(part, fields).sizeOf(partOf(fields, part));
        if (part.length !== undefined) head[part.length] = size;
        used += size;
      }
      const size = roundedUp(used, multipleOf);
      if (total !== undefined) head[total.field] = size - total.less;
      const bytes = target ?? new Uint8Array(offset + size);
      if (bytes.length - offset < size) {
        throw new RangeError(`${name}: ${size} bytes at offset ${offset} do not fit the buffer`);
      }
      header.encode(head, bytes, offset);
      let at = offset + header.size;
      for (const part of parts) {
        const codec = codecOf(part, fields);
        const own = partOf(fields, part);
        codec.encode(own, bytes, at);
        at += codec.sizeOf(own);
      }
      bytes.fill(0, at, offset + size);
      return bytes;
    },
    decode: variableDecoder(layout) as (...given: Parameters<Codec<V, I>["decode"]>) => Located<V>,
    annotate: (bytes) => annotateVariable(layout, bytes),
  };
}

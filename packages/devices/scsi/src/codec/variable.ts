import type { Annotation, AnyStructure, DecodeOptions } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";
import {
  decodeLocated,
  fieldPlace,
  type Located,
  type LocatedViolation,
  shift,
  shiftAnnotations,
  violated,
} from "./located.ts";

// biome-ignore lint/suspicious/noExplicitAny: parts of different values stand in one list.
type PartCodec = Codec<any, any>;

/** A part of varying length that follows a header. */
export interface Part {
  /** Its name in the value. */
  readonly name: string;
  /** How it is encoded; a function of the header's fields where these decide. */
  readonly codec: PartCodec | ((fields: Readonly<Record<string, unknown>>) => PartCodec);
  /** Field of the header that holds the part's length in bytes; default: all that is left. */
  readonly length?: string;
}

export interface VariableLayout {
  readonly name: string;
  readonly source: string;
  readonly header: AnyStructure;
  /** Field that holds the length of everything, less `less` bytes. */
  readonly total?: { readonly field: string; readonly less: number };
  /** The length of everything is filled up with zeros to a multiple of this. */
  readonly multipleOf?: number;
  readonly parts: readonly Part[];
}

type Fields = Record<string, unknown>;

interface Span {
  readonly part: Part;
  readonly from: number;
  /** Where the header's lengths say that it ends. */
  readonly to: number;
}

interface Extent {
  readonly spans: readonly Span[];
  readonly end: number;
  /** The length field that contradicts the total. */
  readonly broken?: string | undefined;
}

/** The codec of a part, given the fields of the header. */
const codecOf = (part: Part, fields: Fields): PartCodec =>
  typeof part.codec === "function" ? part.codec(fields) : part.codec;

/** Where the parts lie by the header's length fields. */
function extentOf(layout: VariableLayout, head: Fields, given: number): Extent {
  const { total, header } = layout;
  const end = total === undefined ? undefined : (head[total.field] as number) + total.less;
  const spans: Span[] = [];
  let at = header.size;
  for (const part of layout.parts) {
    const rest = Math.max((end ?? given) - at, 0);
    const size = part.length === undefined ? rest : (head[part.length] as number);
    spans.push({ part, from: at, to: at + size });
    at += size;
  }
  const padding = end === undefined ? 0 : end - at;
  const padded =
    padding > 0 && padding < (layout.multipleOf ?? 1) && end! % layout.multipleOf! === 0;
  if (end === undefined || padding === 0 || padded) return { spans, end: end ?? at };
  const broken = at > end && end >= header.size ? spans.findLast((one) => one.to > end) : undefined;
  return { spans, end: Math.max(at, end), broken: broken?.part.length ?? total?.field };
}

function decodeVariable(
  layout: VariableLayout,
  bytes: Uint8Array,
  options?: DecodeOptions,
): Located<Fields> {
  const { name, header, total } = layout;
  const lenient = options?.lenient === true;
  const head = decodeLocated(header, bytes, { lenient });
  if (!head.ok) return head;
  const value = { ...head.value } as Fields;
  const { spans, end, broken } = extentOf(layout, value, bytes.length);
  if (broken !== undefined && !lenient) {
    const rule = `contradicts the other lengths of the ${name}`;
    return {
      ok: false,
      violated: `${name}: ${broken} (${value[broken]}) ${rule}`,
      field: broken,
      ...fieldPlace(header, broken),
    };
  }
  if (bytes.length < end && !lenient) return { ok: false, need: end - bytes.length };
  if (options?.exact === true && bytes.length !== end) {
    const violated = `${name}: must be ${end} bytes long, not ${bytes.length}`;
    return { ok: false, violated, field: "", byte: end };
  }
  for (const { part, from, to } of spans) {
    const codec = codecOf(part, head.value as Fields);
    const decoded = shift(codec.decode(bytes.subarray(from, to), { lenient }), from, part.name);
    if (!decoded.ok) return decoded;
    value[part.name] = decoded.value;
    if (part.length !== undefined) delete value[part.length];
  }
  if (total !== undefined) delete value[total.field];
  return brokenPadding(layout, spans, bytes.subarray(0, end), lenient) ?? { ok: true, value };
}

/** Padding that is not zero, which a lenient decoder reads over. */
function brokenPadding(
  layout: VariableLayout,
  spans: readonly Span[],
  bytes: Uint8Array,
  lenient: boolean,
): LocatedViolation | undefined {
  const from = spans.at(-1)?.to ?? layout.header.size;
  const at = lenient ? -1 : bytes.findIndex((byte, index) => index >= from && byte !== 0);
  return at === -1 ? undefined : violated(layout.name, "padding", at, "must be zero");
}

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

/**
 * A header and parts whose lengths it holds. The value has the header's fields without the
 * lengths, and one member per part; encoding fills the lengths in.
 */
export function variable<V extends object, I extends object = V>(
  layout: VariableLayout,
): Codec<V, I> {
  const { name, source, header, parts, total } = layout;
  const counted = new Set([...parts.map((part) => part.length), total?.field]);
  const partNames = new Set(parts.map((part) => part.name));

  const partOf = (value: Fields, part: Part): unknown => value[part.name] ?? [];
  const rounded = (size: number): number =>
    layout.multipleOf === undefined
      ? size
      : Math.ceil(size / layout.multipleOf) * layout.multipleOf;

  function sizesOf(value: Fields): number[] {
    return parts.map((part) => codecOf(part, value).sizeOf(partOf(value, part)));
  }

  function headOf(value: Fields, sizes: readonly number[], size: number): Fields {
    const head: Fields = {};
    for (const key in value) {
      if (partNames.has(key) || value[key] === undefined) continue;
      if (counted.has(key)) {
        throw new TypeError(`${name}: ${key} follows from the parts and cannot be given`);
      }
      head[key] = value[key];
    }
    parts.forEach((part, index) => {
      if (part.length !== undefined) head[part.length] = sizes[index];
    });
    if (total !== undefined) head[total.field] = size - total.less;
    return head;
  }

  return {
    name,
    source,
    sizeOf: (value) =>
      rounded(sizesOf(value as Fields).reduce((sum, one) => sum + one, header.size)),
    encode(value, target, offset = 0) {
      const fields = value as Fields;
      const sizes = sizesOf(fields);
      const used = sizes.reduce((sum, one) => sum + one, header.size);
      const size = rounded(used);
      const bytes = target ?? new Uint8Array(offset + size);
      if (bytes.length - offset < size) {
        throw new RangeError(`${name}: ${size} bytes at offset ${offset} do not fit the buffer`);
      }
      header.encode(headOf(fields, sizes, size), bytes, offset);
      let at = offset + header.size;
      parts.forEach((part, index) => {
        codecOf(part, fields).encode(partOf(fields, part), bytes, at);
        at += sizes[index];
      });
      bytes.fill(0, at, offset + size);
      return bytes;
    },
    decode: (bytes, options) => decodeVariable(layout, bytes, options) as Located<V>,
    annotate: (bytes) => annotateVariable(layout, bytes),
  };
}

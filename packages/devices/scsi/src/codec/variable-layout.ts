import type { AnyStructure } from "@blockferry/core/bytes";
import type { Codec } from "./codec.ts";

// biome-ignore lint/suspicious/noExplicitAny: parts of different values stand in one list.
export type PartCodec = Codec<any, any>;

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

export type Fields = Record<string, unknown>;

export interface Span {
  readonly part: Part;
  readonly from: number;
  /** Where the header's lengths say that it ends. */
  readonly to: number;
}

export interface Extent {
  readonly spans: readonly Span[];
  readonly end: number;
  /** The length field that contradicts the total. */
  readonly broken?: string | undefined;
}

/** The codec of a part, given the fields of the header. */
export const codecOf = (part: Part, fields: Fields): PartCodec =>
  typeof part.codec === "function" ? part.codec(fields) : part.codec;

/** Where the parts lie by the header's length fields. */
export function extentOf(layout: VariableLayout, head: Fields, given: number): Extent {
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

/** Fields of the header that follow from the parts, and so do not appear in the value. */
export function countedFields({ parts, total }: VariableLayout): ReadonlySet<string> {
  const lengths = parts.map((part) => part.length).filter((name) => name !== undefined);
  return new Set(total === undefined ? lengths : [...lengths, total.field]);
}

/** Fields of the header that appear in the value. */
export function keptFields(layout: VariableLayout): string[] {
  const counted = countedFields(layout);
  return layout.header.fields
    .filter(({ kind, name }) => kind !== "reserved" && kind !== "opaque" && !counted.has(name))
    .map(({ name }) => name);
}

import type { Annotation, AnyStructure, Decoded } from "@blockferry/core/bytes";
import type { TagByteOrder, TagByteOrderName } from "./tag-byte-order.ts";

export interface WireFormatOptions {
  /** Copy descriptor format of a list of source range entries; default: guessed from the bytes. */
  readonly format?: number;
  /** The peer whose order of tag bytes to use; default "qemu". */
  readonly tagByteOrder?: TagByteOrderName | TagByteOrder;
  /** Accept reserved bits that are set, for captures; `decode` only. */
  readonly lenient?: boolean;
}

/** Bytes of one kind that can be decoded and explained without knowing more about them. */
export interface WireFormat {
  /** What the bytes are. */
  readonly title: string;
  readonly source: string;
  /** Bytes of one entry, if it is fixed. */
  readonly size?: number;
  decode(bytes: Uint8Array, options?: WireFormatOptions): Decoded<object>;
  /** Explains bytes field by field; also too few, too many, or wrong ones. */
  annotate(bytes: Uint8Array, options?: WireFormatOptions): Annotation[];
}

/** Says that bytes follow the structure, or nothing. */
function excess(name: string, size: number, bytes: Uint8Array): Annotation[] {
  if (bytes.length <= size) return [];
  const rest = bytes.subarray(size);
  const hex = Array.from(rest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const violated = `${name}: must be ${size} bytes long, not ${bytes.length}`;
  const at = `bytes ${bytes.length - 1}:${size}`;
  return [{ field: "excess", at, byte: size, hex, meaning: "", violated }];
}

/** One structure. */
export function single(structure: AnyStructure): WireFormat {
  const { name, source, size } = structure;
  return {
    title: name,
    source,
    size,
    decode: (bytes, options) =>
      structure.decode(bytes, 0, { exact: true, lenient: options?.lenient === true }),
    annotate: (bytes) => [...structure.annotate(bytes), ...excess(name, size, bytes)],
  };
}

/** Structures of which the first byte, the opcode, selects one. */
export function byOpcode(
  title: string,
  structures: readonly AnyStructure[],
  other: AnyStructure,
): WireFormat {
  const opcodes = new Map(structures.map((one) => [opcodeOf(one), one]));
  const select = (bytes: Uint8Array): WireFormat => single(opcodes.get(bytes[0]) ?? other);
  return {
    title,
    source: other.source,
    size: other.size,
    decode: (bytes, options) => select(bytes).decode(bytes, options),
    annotate: (bytes, options) => select(bytes).annotate(bytes, options),
  };
}

function opcodeOf({ layout }: AnyStructure): number | undefined {
  const opcode = layout.fields.find((field) => field.name === "opc");
  return opcode?.kind === "constant" ? opcode.value : undefined;
}

/** Any number of entries of one structure. */
export function list(title: string, entry: AnyStructure): WireFormat {
  return {
    title,
    source: entry.source,
    size: entry.size,
    decode(bytes, options) {
      if (bytes.length === 0) return { ok: false, need: entry.size };
      const entries: object[] = [];
      for (let at = 0; at < bytes.length; at += entry.size) {
        const decoded = entry.decode(bytes, at, { lenient: options?.lenient === true });
        if (!decoded.ok) return decoded;
        entries.push(decoded.value);
      }
      return { ok: true, value: entries };
    },
    annotate: (bytes) => annotateList(entry, bytes),
  };
}

/** Explains a list of entries; fields are written `[2].slba`. */
export function annotateList(entry: AnyStructure, bytes: Uint8Array): Annotation[] {
  const annotations: Annotation[] = [];
  for (let at = 0; at < Math.max(bytes.length, 1); at += entry.size) {
    const prefix = `[${at / entry.size}].`;
    for (const one of entry.annotate(bytes, at)) {
      annotations.push({ ...one, field: prefix + one.field });
    }
  }
  return annotations;
}

/**
 * The wire-table kit: a structure of bytes is one declarative table, and its encoder, decoder,
 * types, hex dump and reference text come from that table.
 * @packageDocumentation
 */
export type { Annotation } from "./annotation.ts";
export type { Decoded, DecodedValue, DecodeOptions, NeedMore, Violation } from "./decoded.ts";
export { structure } from "./define-structure.ts";
export { fromHex, type ToHexOptions, toHex } from "./hex.ts";
export type {
  Endian,
  Field,
  FieldName,
  Infer,
  InputOf,
  Layout,
  Position,
  ValueOf,
} from "./layout.ts";
export type { AnyStructure, FieldInfo, Structure, StructureOptions } from "./structure.ts";

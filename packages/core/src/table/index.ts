/**
 * State as declared tables over one buffer.
 *
 * A table has columns, a declared bound and a free list; a row is a slot number, a *handle* is slot and generation, so
 * that a handle that outlived its row is caught. All tables of a run share one buffer: a snapshot is one `set()`.
 *
 * @packageDocumentation
 */
export {
  type ColumnKind,
  type ColumnKinds,
  type Columns,
  defineTable,
  type RowOf,
  type TableDefinition,
  type TableTraits,
} from "./definition.ts";
export { type Fingerprinter, type FingerprintOptions, fingerprinter } from "./fingerprint.ts";
export { State, type StateSnapshot } from "./state.ts";
export { Table } from "./table.ts";

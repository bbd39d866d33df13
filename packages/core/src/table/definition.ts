/**
 * What a column holds.
 *
 * - `word`: a signed 32-bit number (slots, counts, flags, enumerations).
 * - `lba`: a safe integer as two words; column `x` becomes the arrays `xLow` and `xHigh`.
 * - `number`: a double (block offsets inside a copy, times).
 * - a number `n`: a vector of `n` words for each row; row `s` is words `s*n .. s*n+n-1`.
 */
export type ColumnKind = "word" | "lba" | "number" | number;

export type ColumnKinds = Readonly<Record<string, ColumnKind>>;

type LbaName<K> = K extends string ? `${K}Low` | `${K}High` : never;

/** The arrays behind the columns of a table. */
export type Columns<C extends ColumnKinds> = {
  readonly [K in keyof C as C[K] extends "lba" ? LbaName<K> : K]: C[K] extends "number"
    ? Float64Array
    : Int32Array;
};

/** A row for people: every column by its name, an `lba` as one number, a vector as an array. */
export type RowOf<C extends ColumnKinds> = {
  readonly [K in keyof C]: C[K] extends number ? readonly number[] : number;
} & { readonly slot: number };

export interface TableDefinition<C extends ColumnKinds = ColumnKinds> {
  readonly name: string;
  readonly columns: C;
}

/** Declares a table. Names of columns are words; `next`, `generation` and `live` are the kit's own. */
export function defineTable<const C extends ColumnKinds>(
  name: string,
  columns: C,
): TableDefinition<C> {
  for (const [column, kind] of Object.entries(columns)) {
    if (column === "next" || column === "generation" || column === "live") {
      throw new TypeError(`table ${name}: ${column} is a name of the table itself`);
    }
    if (typeof kind === "number" && (!Number.isInteger(kind) || kind < 1)) {
      throw new TypeError(
        `table ${name}: column ${column} has ${kind} words; a vector has at least one`,
      );
    }
  }
  return { name, columns };
}

/**
 * What a column holds.
 *
 * - `word`: a signed 32-bit number (counts, flags, enumerations).
 * - `row:NAME`: the slot of a row of table NAME, -1 for none.
 * - `handle:NAME`: the handle of a row of table NAME, -1 for none; the row may be gone.
 * - `lba`: a safe integer as two words; column `x` becomes the arrays `xLow` and `xHigh`.
 * - `number`: a double (block offsets inside a copy, times).
 * - a number `n`: a vector of `n` words for each row; row `s` is words `s*n .. s*n+n-1`.
 */
export type ColumnKind = "word" | `row:${string}` | `handle:${string}` | "lba" | "number" | number;

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

/** How a table counts in a fingerprint of the state (see `fingerprinter`). */
export interface TableTraits {
  /** The slot says what the row is: rows are taken in an order that means something. Default: any slot is as good. */
  readonly fixed?: boolean;
  /** `next` links lists that mean something while rows are taken. Default true. */
  readonly linked?: boolean;
  /**
   * Rows, never freed, count word by word: what several owners change in one row adds up. Default: each row counts as one.
   */
  readonly linear?: boolean;
  /** Columns that do not decide what happens next: statistics, names for others, what can be worked out from the rest. */
  readonly idle?: readonly string[];
}

export interface TableDefinition<C extends ColumnKinds = ColumnKinds> {
  readonly name: string;
  readonly columns: C;
  readonly traits: TableTraits;
}

/** Declares a table. Names of columns are words; `next`, `generation` and `live` are the kit's own. */
export function defineTable<const C extends ColumnKinds>(
  name: string,
  columns: C,
  traits: TableTraits = {},
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
  for (const column of traits.idle ?? []) {
    if (!(column in columns)) throw new TypeError(`table ${name} has no column ${column}`);
  }
  return { name, columns, traits };
}

/** The table that a column refers to, `undefined` for a column that refers to none. */
export function referredTable(kind: ColumnKind): string | undefined {
  if (typeof kind === "number") return undefined;
  const colon = kind.indexOf(":");
  return colon < 0 ? undefined : kind.slice(colon + 1);
}

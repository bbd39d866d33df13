import { type ColumnKind, referredTable } from "./definition.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";

/** Fingerprint of what a state means, in two words. */
export interface Fingerprinter {
  /** Takes the fingerprint of the state as it is now; then `low` and `high` are its words. */
  take(): void;
  readonly low: number;
  readonly high: number;
}

export interface FingerprintOptions {
  /** By table: columns that do not count besides those that the tables themselves call idle. */
  readonly idle?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A column that names rows of a table. */
interface Reference {
  readonly at: number;
  readonly isHandle: boolean;
  /** Number of the table among all. */
  readonly table: number;
  /** What stands for a row that is gone; for a link, which nobody takes back when its list ends, the same as for none. */
  readonly gone?: 1 | undefined;
}

/** Where a table's columns lie in the state, by what they hold. */
interface Reading {
  readonly table: Table;
  /** First words of columns of one word. */
  readonly words: readonly number[];
  /** First word and words of columns of several. */
  readonly vectors: readonly (readonly [at: number, words: number])[];
  /** References to tables that are read before, and to those read later or to this one. */
  readonly early: readonly Reference[];
  readonly late: readonly Reference[];
  /** Where the colours of this table's rows are kept. */
  readonly colours: number;
}

/** Longer vectors are read by a loop. */
const UNROLLED_WORDS = 48;

function place(array: Int32Array | Float64Array): number {
  return array.byteOffset / 4;
}

function readingOf(
  tables: readonly Table[],
  number: number,
  colours: number,
  options: FingerprintOptions,
): Reading {
  const table = tables[number];
  const columns = table.columns as unknown as Record<string, Int32Array>;
  const { columns: kinds, traits, name: tableName } = table.definition;
  const idle = new Set([...(traits.idle ?? []), ...(options.idle?.[tableName] ?? [])]);
  const words: number[] = [];
  const vectors: [number, number][] = [];
  const early: Reference[] = [];
  const late: Reference[] = [];
  const refer = (name: string, kind: ColumnKind, to: string): void => {
    const referred = tables.findIndex((each) => each.name === to);
    if (referred < 0) throw new TypeError(`table ${tableName}: ${name} refers to no table ${to}`);
    const isHandle = String(kind).startsWith("handle:");
    (referred < number ? early : late).push({
      at: place(columns[name]),
      isHandle,
      table: referred,
    });
  };
  for (const [name, kind] of Object.entries(kinds)) {
    if (idle.has(name)) continue;
    const to = referredTable(kind);
    if (to !== undefined) refer(name, kind, to);
    else if (kind === "lba")
      words.push(place(columns[`${name}Low`]), place(columns[`${name}High`]));
    else if (kind === "word") words.push(place(columns[name]));
    else vectors.push([place(columns[name]), kind === "number" ? 2 : (kind as number)]);
  }
  return { table, words, vectors, early, late, colours };
}

/** Multipliers: odd, fixed, without pattern. Two for each use, for the two words of a fingerprint. */
class Factors {
  private seed = 0x2545f491;

  next(): number {
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return this.seed | 1;
  }
}

const finish = `function f(h){
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}`;

/** Text that adds `value` to both sums of a row. */
function add(factors: Factors, value: string): string {
  return `x = ${value};
a = (a + Math.imul(x, ${factors.next()})) | 0;
b = (b + Math.imul(x, ${factors.next()})) | 0;`;
}

/** Text of a loop over the taken rows of a table. */
function overRows(table: Table, body: string): string {
  return `for (let s = 0, left = S[${table.usedWord}]; left > 0; s++) {
if ((S[${place(table.generation)} + s] & 1) === 0) continue;
left--;
${body}
}`;
}

/** Text that adds the colour of the row that a column names: no row, one that is gone, and the row itself have their own. */
function addReference(
  factors: Factors,
  reference: Reference,
  readings: readonly Reading[],
  self: boolean,
): string {
  const { table, colours } = readings[reference.table];
  const { slotBits } = table;
  const generation = place(table.generation);
  const mask = (1 << (31 - slotBits)) - 1;
  const row = reference.isHandle ? `v & ${(1 << slotBits) - 1}` : "v";
  const isSame = reference.isHandle
    ? ` && (((S[${generation} + r] & ${mask}) << ${slotBits}) | r) === v`
    : "";
  const own = self ? "else if (v === s) { x = 3; y = 3; }" : "";
  return `v = S[${reference.at} + s];
r = ${row};
if (v < 0) { x = 1; y = 1; }
${own}
else if (r < ${table.capacity} && (S[${generation} + r] & 1) === 1${isSame}) {
  x = A[${colours} + r]; y = B[${colours} + r];
} else { x = ${reference.gone ?? 2}; y = x; }
a = (a + Math.imul(x, ${factors.next()})) | 0;
b = (b + Math.imul(y, ${factors.next()})) | 0;`;
}

function addVector(factors: Factors, at: number, words: number, array: number): string {
  if (words <= UNROLLED_WORDS) {
    return Array.from({ length: words }, (_, i) =>
      add(factors, `S[${at + i} + s * ${words}]`),
    ).join("\n");
  }
  return `for (let i = 0, p = ${at} + s * ${words}; i < ${words}; i++) {
a = (a + Math.imul(S[p + i], F[${array} + i])) | 0;
b = (b + Math.imul(S[p + i], G[${array} + i])) | 0;
}`;
}

/** A function of its own for each loop: V8 does better with several of a moderate size than with one. */
function functionOf(name: string, loop: string): { readonly name: string; readonly text: string } {
  const text = `function ${name}() {
let low = O[0], high = O[1], a = 0, b = 0, x = 0, y = 0, v = 0, r = 0;
${loop}
O[0] = low; O[1] = high;
}`;
  return { name, text };
}

/** Text of the whole: first every row's colour, then the parts that depend on colours of tables read later. */
function textOf(readings: readonly Reading[], factors: Factors): string {
  let array = 0;
  const colours = readings.flatMap((reading, number) => {
    const { table, words, vectors, early, late, colours: at } = reading;
    const { fixed = false, linked = true } = table.definition.traits;
    // How many rows there are counts as well, unless it never changes.
    if (fixed && !linked && words.length + vectors.length + early.length + late.length === 0)
      return [];
    const parts = [`a = ${factors.next()}; b = ${factors.next()};`];
    if (fixed) parts.push(add(factors, "s + 1"));
    for (const word of words) parts.push(add(factors, `S[${word} + s]`));
    for (const [first, length] of vectors) {
      parts.push(addVector(factors, first, length, array));
      array += length;
    }
    for (const each of early) parts.push(addReference(factors, each, readings, false));
    parts.push(`A[${at} + s] = a = f(a); B[${at} + s] = b = f(b);`);
    const isWhole = late.length === 0 && !linked;
    if (isWhole) parts.push("low = (low + a) | 0; high = (high + b) | 0;");
    return [functionOf(`colour${number}`, overRows(table, parts.join("\n")))];
  });
  const sums = readings.flatMap((reading, number) => {
    const { table, late, colours: at } = reading;
    const { linked = true } = table.definition.traits;
    if (late.length === 0 && !linked) return [];
    const links = linked
      ? [{ at: place(table.next), isHandle: false, table: number, gone: 1 as const }]
      : [];
    const parts = [`a = A[${at} + s]; b = B[${at} + s];`];
    for (const each of [...links, ...late]) {
      parts.push(addReference(factors, each, readings, each.table === number));
    }
    parts.push("low = (low + f(a)) | 0; high = (high + f(b)) | 0;");
    return [functionOf(`sum${number}`, overRows(table, parts.join("\n")))];
  });
  const parts = [...colours, ...sums];
  // Constants, not parameters: V8 takes them for the arrays that they are.
  return `"use strict";
const [S, A, B, F, G, O] = arrays;
${finish}
${parts.map(({ text }) => text).join("\n")}
return function take() {
O[0] = 0; O[1] = 0;
${parts.map(({ name }) => `${name}();`).join("\n")}
};`;
}

type Take = () => void;

/**
 * Fingerprints of a state by what it means: rows count by their content and by the rows they refer to, not by the slot
 * that they happen to have; free rows do not count. Equal states have equal fingerprints; 64 bits tell others apart but
 * for rare chance.
 *
 * A row's colour is made of its words and of the colours of rows in tables declared before; its part of the fingerprint
 * of its colour and those of the other rows it refers to. The code for it is made once for the tables at hand, by
 * `Function`: it runs for every state of an exploration.
 */
export function fingerprinter(state: State, options: FingerprintOptions = {}): Fingerprinter {
  const { tables } = state;
  let rows = 0;
  const readings = tables.map((table, number) => {
    const reading = readingOf(tables, number, rows, options);
    rows += table.capacity;
    return reading;
  });
  const factors = new Factors();
  const long = readings.reduce(
    (sum, { vectors }) => sum + vectors.reduce((words, [, length]) => words + length, 0),
    0,
  );
  const arrays = [0, 1].map(() => Int32Array.from({ length: long }, () => factors.next()));
  const make = new Function("arrays", textOf(readings, factors)) as (
    arrays: readonly Int32Array[],
  ) => Take;
  const out = new Int32Array(2);
  const take = make([state.words, new Int32Array(rows), new Int32Array(rows), ...arrays, out]);
  return {
    take,
    get low() {
      return out[0];
    },
    get high() {
      return out[1];
    },
  };
}

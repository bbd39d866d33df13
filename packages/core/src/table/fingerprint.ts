import { type ColumnKind, referredTable } from "./definition.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";

/** Fingerprint of what a state means, in two words. */
export interface Fingerprinter {
  /** Takes the fingerprint of the state as it is now; then `low` and `high` are its words. */
  take(): void;
  low: number;
  high: number;
}

/** How one table is read: places are words of the state, by column. */
interface Reading {
  readonly capacity: number;
  readonly fixed: boolean;
  /** First word of the table's generations, of its links (-1: they mean nothing), of its use count. */
  readonly generation: number;
  readonly next: number;
  readonly used: number;
  /** First words of columns of one word. */
  readonly words: Int32Array;
  /** First word and words of columns of several. */
  readonly vectors: Int32Array;
  /** First word, place of the colours of the table referred to, its reading; for tables that were read before. */
  readonly early: readonly Reference[];
  /** For tables that are read later, or this one. */
  readonly late: readonly Reference[];
  /** Place of the colours of this table's rows. */
  readonly colours: number;
}

interface Reference {
  readonly at: number;
  readonly isHandle: boolean;
  readonly colours: number;
  readonly generation: number;
  readonly capacity: number;
  readonly slotBits: number;
}

const NO_ROW = 0x1d872b41;
const GONE = 0x5bf03635;
const A = 0x9e3779b1 | 0;
const B = 0x85ebca6b | 0;

function mix(h: number, word: number, factor: number): number {
  const x = Math.imul(h ^ word, factor);
  return (x << 13) | (x >>> 19);
}

function finish(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

function place(array: Int32Array | Float64Array): number {
  return array.byteOffset / 4;
}

/** Columns of a table by what they hold, without those that are idle. */
function sortColumns(table: Table, tables: readonly Table[], at: number, bases: Int32Array) {
  const columns = table.columns as unknown as Record<string, Int32Array>;
  const idle = new Set(table.definition.traits.idle ?? []);
  const words: number[] = [];
  const vectors: number[] = [];
  const early: Reference[] = [];
  const late: Reference[] = [];
  const refer = (name: string, kind: ColumnKind, to: string): void => {
    const number = tables.findIndex((each) => each.name === to);
    if (number < 0) throw new TypeError(`table ${table.name}: ${name} refers to no table ${to}`);
    const referred = tables[number];
    (number < at ? early : late).push({
      at: place(columns[name]),
      isHandle: (kind as string).startsWith("handle:"),
      colours: bases[number],
      generation: place(referred.generation),
      capacity: referred.capacity,
      slotBits: referred.slotBits,
    });
  };
  for (const [name, kind] of Object.entries(table.definition.columns)) {
    if (idle.has(name)) continue;
    const to = referredTable(kind);
    if (to !== undefined) refer(name, kind, to);
    else if (kind === "lba")
      words.push(place(columns[`${name}Low`]), place(columns[`${name}High`]));
    else if (kind === "word") words.push(place(columns[name]));
    else vectors.push(place(columns[name]), kind === "number" ? 2 : (kind as number));
  }
  return { words: Int32Array.from(words), vectors: Int32Array.from(vectors), early, late };
}

function readingOf(table: Table, tables: readonly Table[], at: number, bases: Int32Array): Reading {
  const { traits } = table.definition;
  return {
    capacity: table.capacity,
    fixed: traits.fixed === true,
    generation: place(table.generation),
    next: traits.linked === false ? -1 : place(table.next),
    used: table.usedWord,
    ...sortColumns(table, tables, at, bases),
    colours: bases[at],
  };
}

/**
 * Fingerprints of a state by what it means: rows count by their content and by the rows they refer to, not by the slot
 * that they happen to have; free rows do not count. Equal states have equal fingerprints; 64 bits tell others apart but
 * for rare chance.
 *
 * A row's colour is made of its words and of the colours of rows in tables declared before; its part of the fingerprint
 * of its colour and those of the other rows it refers to.
 */
export function fingerprinter(state: State): Fingerprinter {
  const tables = state.tables;
  const bases = new Int32Array(tables.length + 1);
  tables.forEach((table, i) => {
    bases[i + 1] = bases[i] + table.capacity;
  });
  const readings = tables.map((table, i) => readingOf(table, tables, i, bases));
  return new StateFingerprinter(state.words, readings, bases[tables.length]);
}

class StateFingerprinter implements Fingerprinter {
  declare private readonly words: Int32Array;
  declare private readonly readings: readonly Reading[];
  declare private readonly coloursA: Int32Array;
  declare private readonly coloursB: Int32Array;
  low = 0;
  high = 0;

  constructor(words: Int32Array, readings: readonly Reading[], rows: number) {
    this.words = words;
    this.readings = readings;
    this.coloursA = new Int32Array(rows);
    this.coloursB = new Int32Array(rows);
  }

  take(): void {
    const { readings } = this;
    for (let i = 0; i < readings.length; i++) this.colour(readings[i], i);
    this.low = 0;
    this.high = 0;
    for (let i = 0; i < readings.length; i++) this.sum(readings[i]);
  }

  /** Gives the rows of a table their colours. */
  private colour(reading: Reading, number: number): void {
    const { words: state, coloursA, coloursB } = this;
    const { words, vectors, early, colours, fixed, generation, capacity } = reading;
    let left = state[reading.used];
    for (let slot = 0; left > 0 && slot < capacity; slot++) {
      if ((state[generation + slot] & 1) === 0) continue;
      left--;
      const first = fixed ? slot : -1;
      let a = mix(number, first, A);
      let b = mix(number, first, B);
      for (let i = 0; i < words.length; i++) {
        const word = state[words[i] + slot];
        a = mix(a, word, A);
        b = mix(b, word, B);
      }
      for (let i = 0; i < vectors.length; i += 2) {
        const length = vectors[i + 1];
        const from = vectors[i] + slot * length;
        for (let at = from; at < from + length; at++) {
          const word = state[at];
          a = mix(a, word, A);
          b = mix(b, word, B);
        }
      }
      for (let i = 0; i < early.length; i++) {
        const row = this.resolve(early[i], slot);
        a = mix(a, row < 0 ? row ^ NO_ROW : coloursA[row], A);
        b = mix(b, row < 0 ? row ^ GONE : coloursB[row], B);
      }
      coloursA[colours + slot] = finish(a);
      coloursB[colours + slot] = finish(b);
    }
  }

  /** Place of the colour of the row that a column names; -1 for none, -2 for one that is gone. */
  private resolve(reference: Reference, slot: number): number {
    const state = this.words;
    const value = state[reference.at + slot];
    if (value < 0) return -1;
    const { generation, capacity, slotBits, colours } = reference;
    const row = reference.isHandle ? value & ((1 << slotBits) - 1) : value;
    if (row >= capacity) return -2;
    const taken = state[generation + row];
    if ((taken & 1) === 0) return -2;
    if (reference.isHandle) {
      const mask = (1 << (31 - slotBits)) - 1;
      if ((((taken & mask) << slotBits) | row) !== value) return -2;
    }
    return colours + row;
  }

  /** Adds the parts of a table's rows. */
  private sum(reading: Reading): void {
    const { words: state, coloursA, coloursB } = this;
    const { late, colours, next, generation, capacity } = reading;
    let left = state[reading.used];
    let { low, high } = this;
    for (let slot = 0; left > 0 && slot < capacity; slot++) {
      if ((state[generation + slot] & 1) === 0) continue;
      left--;
      let a = coloursA[colours + slot];
      let b = coloursB[colours + slot];
      if (next >= 0) {
        const to = state[next + slot];
        const isRow = to >= 0 && to < capacity && (state[generation + to] & 1) === 1;
        a = finish(mix(a, isRow ? coloursA[colours + to] : NO_ROW, A));
        b = finish(mix(b, isRow ? coloursB[colours + to] : GONE, B));
      }
      for (let i = 0; i < late.length; i++) {
        const row = this.resolve(late[i], slot);
        a = finish(mix(a, row < 0 ? row ^ NO_ROW : coloursA[row], A));
        b = finish(mix(b, row < 0 ? row ^ GONE : coloursB[row], B));
      }
      low = (low + a) | 0;
      high = (high + b) | 0;
    }
    this.low = low;
    this.high = high;
  }
}

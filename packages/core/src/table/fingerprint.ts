import { type ColumnKind, referredTable } from "./definition.ts";
import { printBytes, type State } from "./state.ts";
import type { Table } from "./table.ts";
import { type Local, WasmFunction, wasmMemory } from "./wasm-function.ts";

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
  /** `next` of a row: nobody takes it back when its list ends, so that a row that is gone is the same as none. */
  readonly isLink?: true | undefined;
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
  /** Address of the colours of this table's rows, 64 bits each. */
  readonly colours: number;
}

/** Longer vectors are read by a loop. */
const UNROLLED_WORDS = 48;

const COLOUR_BYTES = 8;

/** What stands for no row, for one that is gone, and for the row itself. Nobody takes a link back when its list ends. */
const NONE = 1n;
const GONE = 0n;
const SELF = 3n;

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

/** Multipliers: odd, fixed, without pattern. */
class Factors {
  private seed = 0x9e37_79b9_7f4a_7c15n;

  next(): bigint {
    this.seed ^= BigInt.asUintN(64, this.seed << 13n);
    this.seed ^= this.seed >> 7n;
    this.seed ^= BigInt.asUintN(64, this.seed << 17n);
    return this.seed | 1n;
  }
}

/** Writes the function that takes fingerprints. */
class Writer {
  readonly code: WasmFunction = new WasmFunction();
  private readonly readings: readonly Reading[];
  private readonly factors = new Factors();
  private readonly left = this.code.local32();
  /** Slot of the row at hand, in bytes of a column of words. */
  private readonly at = this.code.local32();
  private readonly place = this.code.local32();
  private readonly named = this.code.local32();
  private readonly row = this.code.local32();
  private readonly sum = this.code.local64();
  private readonly colour = this.code.local64();
  readonly total: Local = this.code.local64();

  constructor(readings: readonly Reading[]) {
    this.readings = readings;
  }

  /** Runs `body` for the taken rows of a table. */
  private overRows(table: Table, body: () => void): void {
    const { code, left, at } = this;
    code
      .const32(0)
      .set(at)
      .const32(0)
      .load32(4 * table.usedWord)
      .tee(left);
    code.when(() => {
      code.repeat(() => {
        code
          .get(at)
          .load32(4 * place(table.generation))
          .const32(1)
          .and32();
        code.when(() => {
          code.get(left).const32(1).subtract32().set(left);
          body();
        });
        code.get(at).const32(4).add32().set(at).get(left);
      });
    });
  }

  /** Adds the value that `load` puts on the stack. */
  private add(load: () => void): void {
    const { code, sum, factors } = this;
    code.get(sum);
    load();
    code.const64(factors.next()).multiply64().add64().set(sum);
  }

  /** Mixes the sum of a row, so that sums of rows say more than the sum of all. */
  private finish(): void {
    const { code, sum } = this;
    code.get(sum).get(sum).const64(32n).shiftRight64().xor64();
    code.const64(0xd6e8_feb8_6659_fd93n).multiply64().tee(sum);
    code.get(sum).const64(29n).shiftRight64().xor64().set(sum);
  }

  private addVector(first: number, words: number): void {
    const { code, at, place: from, sum, factors } = this;
    // The slot times words, in bytes.
    code.get(at).const32(words).multiply32().set(from);
    if (words <= UNROLLED_WORDS) {
      for (let i = 0; i < words; i++) this.add(() => code.get(from).load32As64(4 * (first + i)));
      return;
    }
    const { row: end } = this;
    const factor = factors.next();
    code
      .get(from)
      .const32(4 * words)
      .add32()
      .set(end);
    code.repeat(() => {
      code
        .get(sum)
        .const64(factor)
        .multiply64()
        .get(from)
        .load32As64(4 * first)
        .add64()
        .set(sum);
      code.get(from).const32(4).add32().tee(from).get(end).isLess32();
    });
  }

  /** Forgets the colours of last time, so that rows which are gone have none; that of "no row" lies before row 0. */
  begin(from: number, bytes: number): void {
    const { code, readings, total } = this;
    code.const64(0n).set(total);
    code.const32(from).const32(0).const32(bytes).fill();
    const named = readings.flatMap(({ early, late }) => [...early, ...late]);
    for (const table of new Set(named.map((each) => each.table))) {
      code
        .const32(readings[table].colours - COLOUR_BYTES)
        .const64(NONE)
        .store64(0);
    }
  }

  /** Adds the colour of the row that a column names: no row, one that is gone, and the row itself have their own. */
  private addReference(reference: Reference, self: boolean): void {
    const { code, at, named, colour } = this;
    code
      .get(at)
      .load32(4 * reference.at)
      .set(named);
    if (reference.isHandle) this.lookUpHandle(reference);
    else {
      // Addresses do not wrap: from "no row", which is -1, on.
      code.get(named).const32(1).add32().const32(COLOUR_BYTES).multiply32();
      code.load64(this.colourOf(reference) - COLOUR_BYTES);
    }
    code.set(colour);
    if (reference.isLink === true) {
      code.const64(NONE).get(colour).get(colour).isZero64().select().set(colour);
    }
    if (self) {
      code.const64(SELF).get(colour);
      code.get(named).const32(4).multiply32().get(at).equal32().select().set(colour);
    }
    this.add(() => code.get(colour));
  }

  private colourOf({ table }: Reference): number {
    return this.readings[table].colours;
  }

  /** Puts the colour of the row that a handle names on the stack: without branches, since which there are cannot be foreseen. */
  private lookUpHandle(reference: Reference): void {
    const { code, named, row, place: found } = this;
    const { table } = this.readings[reference.table];
    const { slotBits, capacity } = table;
    code.const64(NONE);
    // The row, or any row where that is none.
    code
      .get(named)
      .const32((1 << slotBits) - 1)
      .and32();
    code.tee(row).const32(0).get(row).const32(capacity).isLess32().select().tee(row);
    code
      .const32(4)
      .multiply32()
      .load32(4 * place(table.generation))
      .set(found);
    code.get(row).const32(COLOUR_BYTES).multiply32().load64(this.colourOf(reference));
    code.const64(GONE);
    // It is the same as when it was named.
    code
      .get(found)
      .const32((1 << (31 - slotBits)) - 1)
      .and32();
    code.const32(slotBits).shiftLeft32().get(row).or32().get(named).equal32();
    code.select().get(named).isNegative32().select();
  }

  /** Rows of a linear table: each word by itself. What they refer to was read before. */
  private linear({ table, words, vectors, early, late }: Reading): void {
    const { code, sum, total, at } = this;
    code.get(total).set(sum);
    for (let slot = 0; slot < table.capacity; slot++) {
      code.const32(4 * slot).set(at);
      for (const word of words) this.add(() => code.const32(0).load32As64(4 * (word + slot)));
      for (const [first, length] of vectors) {
        for (let i = 0; i < length; i++)
          this.add(() => code.const32(0).load32As64(4 * (first + slot * length + i)));
      }
      for (const each of [...early, ...late]) this.addReference(each, false);
    }
    code.get(sum).set(total);
  }

  /** Every row's colour: its words, and the colours of rows in tables read before. */
  colours({ table, words, vectors, early, late, colours }: Reading): void {
    const { code, at, sum, total, factors } = this;
    const { fixed = false, linked = true, linear = false } = table.definition.traits;
    if (linear) return;
    // How many rows there are counts as well, unless it never changes.
    if (fixed && !linked && words.length + vectors.length + early.length + late.length === 0)
      return;
    const base = factors.next();
    this.overRows(table, () => {
      code.const64(base).set(sum);
      if (fixed) this.add(() => code.get(at).const32(4).add32().extend());
      for (const word of words) this.add(() => code.get(at).load32As64(4 * word));
      for (const [first, length] of vectors) this.addVector(first, length);
      for (const each of early) this.addReference(each, false);
      this.finish();
      code
        .get(at)
        .const32(COLOUR_BYTES / 4)
        .multiply32()
        .get(sum)
        .store64(colours);
      if (late.length === 0 && !linked) code.get(total).get(sum).add64().set(total);
    });
  }

  /** What of a row depends on colours of rows that are read later. */
  sums(reading: Reading, number: number): void {
    const { table, late, colours } = reading;
    const { code, at, sum, total } = this;
    const { linked = true, linear = false } = table.definition.traits;
    if (linear) {
      this.linear(reading);
      return;
    }
    if (late.length === 0 && !linked) return;
    const links: Reference[] = linked
      ? [{ at: place(table.next), isHandle: false, table: number, isLink: true }]
      : [];
    this.overRows(table, () => {
      code
        .get(at)
        .const32(COLOUR_BYTES / 4)
        .multiply32()
        .load64(colours)
        .set(sum);
      for (const each of [...links, ...late]) this.addReference(each, each.table === number);
      this.finish();
      code.get(total).get(sum).add64().set(total);
    });
  }
}

/**
 * Fingerprints of a state by what it means: rows count by their content and by the rows they refer to, not by the slot
 * that they happen to have; free rows do not count. Equal states have equal fingerprints; 64 bits tell others apart but
 * for rare chance.
 *
 * A row's colour is made of its words and of the colours of rows in tables declared before; its part of the fingerprint
 * of its colour and those of the other rows it refers to. The code for it is made once for the tables at hand: it runs for
 * every state of an exploration.
 */
export function fingerprinter(state: State, options: FingerprintOptions = {}): Fingerprinter {
  const { tables, words } = state;
  const first = Math.ceil(words.byteLength / 8) * 8;
  // The fingerprint, and for each table the colour of "no row" and those of its rows.
  const colours = first + COLOUR_BYTES;
  let end = colours;
  const readings = tables.map((table, number) => {
    const reading = readingOf(tables, number, end + COLOUR_BYTES, options);
    end += COLOUR_BYTES * (1 + table.capacity);
    return reading;
  });
  const memory = state.memory ?? wasmMemory(words.byteLength + printBytes(tables));
  const copy = new Int32Array(memory.buffer, 0, words.length);
  const isThere = state.memory !== undefined;
  const out = new Int32Array(memory.buffer, first, 2);
  const writer = new Writer(readings);
  const { code, total } = writer;
  writer.begin(colours, end - colours);
  for (const reading of readings) writer.colours(reading);
  for (const [number, reading] of readings.entries()) writer.sums(reading, number);
  code.const32(0).get(total).store64(first);
  const run = code.make(memory);
  return {
    take() {
      if (!isThere) copy.set(words);
      run();
    },
    get low() {
      return out[0];
    },
    get high() {
      return out[1];
    },
  };
}

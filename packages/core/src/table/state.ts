import type { ColumnKinds, Columns, TableDefinition } from "./definition.ts";
import { HEADER_WORDS, Table } from "./table.ts";
import { type WasmMemory, wasmMemory } from "./wasm-function.ts";

/** A copy of a whole state; opaque. */
export type StateSnapshot = Int32Array;

interface Plan {
  readonly definition: TableDefinition;
  readonly capacity: number;
}

/** Words of a cache line. */
const LINE_WORDS = 16;
/** From this length on columns are spread over the cache's sets. */
const SPREAD_WORDS = 128;

/**
 * Words that an array of `length` words takes. Long ones take an odd number of cache lines: with lengths that are powers of
 * two all fields of a row would share one cache set.
 */
function room(length: number): number {
  if (length < SPREAD_WORDS) return length;
  return (Math.ceil(length / LINE_WORDS) | 1) * LINE_WORDS;
}

/** Lengths in words of the arrays of a table: doubles first, then words, the table's own at last. */
function lengthsOf({ definition, capacity }: Plan): { doubles: number[]; words: number[] } {
  const doubles: number[] = [];
  const words: number[] = [];
  for (const kind of Object.values(definition.columns)) {
    if (kind === "number") doubles.push(capacity * 2);
    else if (kind === "lba") words.push(capacity, capacity);
    else words.push(typeof kind === "number" ? capacity * kind : capacity);
  }
  words.push(HEADER_WORDS, capacity, capacity);
  return { doubles, words };
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + room(length), 0);
}

/** Bytes that a fingerprinter needs behind a state: the fingerprint, colours of "no row" and of each row; and what aligns them. */
export function printBytes(tables: readonly { readonly capacity: number }[]): number {
  return 16 + tables.reduce((sum, { capacity }) => sum + 8 * (1 + capacity), 0);
}

/**
 * All tables of one run over one buffer.
 *
 * Declare tables with `add`, then `seal` once; from then on `words` is the whole state. Doubles come first, so that
 * they are aligned.
 */
export class State {
  private readonly plans: Plan[] = [];
  private sealed = false;
  private array: Int32Array = new Int32Array(0);
  private readonly built = new Map<string, Table>();
  private isInMemory = false;
  /** The memory that the state lies in, at its beginning, where it was asked for. */
  memory: WasmMemory | undefined = undefined;

  /** Declares a table of at most `capacity` rows. Names are unique. */
  add(definition: TableDefinition, capacity: number): this {
    if (this.sealed)
      throw new TypeError(`table ${definition.name} comes after the state was sealed`);
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 2 ** 24) {
      throw new RangeError(
        `table ${definition.name}: capacity ${capacity} is not a whole number of 1..2^24`,
      );
    }
    if (this.plans.some((plan) => plan.definition.name === definition.name)) {
      throw new TypeError(`table ${definition.name} is declared twice`);
    }
    this.plans.push({ definition, capacity });
    return this;
  }

  /** Has the state laid out in a memory of WebAssembly, with room for what `fingerprinter` keeps: it need not be copied then. */
  layInMemory(): this {
    this.isInMemory = true;
    return this;
  }

  private bufferOf(bytes: number): ArrayBuffer {
    if (!this.isInMemory) return new ArrayBuffer(bytes);
    this.memory = wasmMemory(bytes + printBytes(this.plans));
    return this.memory.buffer;
  }

  /** Lays the declared tables out over one buffer. */
  seal(): this {
    if (this.sealed) throw new TypeError("the state is sealed already");
    this.sealed = true;
    const lengths = this.plans.map(lengthsOf);
    let double = 0;
    let word = total(lengths.flatMap(({ doubles }) => doubles));
    const length = word + total(lengths.flatMap(({ words }) => words));
    const buffer = this.bufferOf(length * 4);
    this.array = new Int32Array(buffer, 0, length);
    const take = (length: number): Int32Array => {
      const part = new Int32Array(buffer, word * 4, length);
      word += room(length);
      return part;
    };
    for (const { definition, capacity } of this.plans) {
      const columns: Record<string, Int32Array | Float64Array> = {};
      // Defined, not assigned: V8 makes a dictionary of an object that gets more than a dozen keys assigned.
      const define = (name: string, value: Int32Array | Float64Array): void => {
        Object.defineProperty(columns, name, { value, enumerable: true });
      };
      for (const [name, kind] of Object.entries(definition.columns)) {
        if (kind === "number") {
          define(name, new Float64Array(buffer, double * 4, capacity));
          double += room(capacity * 2);
        } else if (kind === "lba") {
          define(`${name}Low`, take(capacity));
          define(`${name}High`, take(capacity));
        } else {
          define(name, take(typeof kind === "number" ? capacity * kind : capacity));
        }
      }
      const table = new Table(
        definition,
        capacity,
        columns as Columns<ColumnKinds>,
        take(HEADER_WORDS),
        take(capacity),
        take(capacity),
      );
      this.built.set(definition.name, table);
    }
    return this;
  }

  /** The table of a definition that was added. */
  table<C extends ColumnKinds>(definition: TableDefinition<C>): Table<C> {
    const table = this.built.get(definition.name);
    if (table === undefined || table.definition !== (definition as TableDefinition)) {
      throw new TypeError(`table ${definition.name} is not part of this state`);
    }
    return table as unknown as Table<C>;
  }

  get tables(): readonly Table[] {
    return [...this.built.values()];
  }

  /** The whole state. */
  get words(): Int32Array {
    return this.array;
  }

  get bytes(): number {
    return this.array.byteLength;
  }

  snapshot(): StateSnapshot {
    return this.array.slice();
  }

  /** Takes back a snapshot of this state, or of one laid out alike. */
  restore(snapshot: StateSnapshot): void {
    if (snapshot.length !== this.array.length) {
      throw new RangeError(
        `a snapshot of ${snapshot.length} words does not fit a state of ${this.array.length}`,
      );
    }
    this.array.set(snapshot);
  }
}

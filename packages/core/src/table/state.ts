import type { ColumnKinds, Columns, TableDefinition } from "./definition.ts";
import { HEADER_WORDS, Table } from "./table.ts";

/** A copy of a whole state; opaque. */
export type StateSnapshot = Int32Array;

interface Plan {
  readonly definition: TableDefinition;
  readonly capacity: number;
}

function doublesOf(definition: TableDefinition): number {
  return Object.values(definition.columns).filter((kind) => kind === "number").length;
}

function wordsOf(definition: TableDefinition): number {
  let words = 0;
  for (const kind of Object.values(definition.columns)) {
    if (kind === "number") continue;
    words += kind === "word" ? 1 : kind === "lba" ? 2 : kind;
  }
  return words;
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

  /** Lays the declared tables out over one buffer. */
  seal(): this {
    if (this.sealed) throw new TypeError("the state is sealed already");
    this.sealed = true;
    let doubles = 0;
    let words = 0;
    for (const { definition, capacity } of this.plans) {
      doubles += doublesOf(definition) * capacity;
      words += HEADER_WORDS + (wordsOf(definition) + 2) * capacity;
    }
    const buffer = new ArrayBuffer(doubles * 8 + words * 4);
    this.array = new Int32Array(buffer);
    let double = 0;
    let word = doubles * 2;
    const take = (count: number): Int32Array => {
      const part = new Int32Array(buffer, word * 4, count);
      word += count;
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
          define(name, new Float64Array(buffer, double * 8, capacity));
          double += capacity;
        } else if (kind === "lba") {
          define(`${name}Low`, take(capacity));
          define(`${name}High`, take(capacity));
        } else {
          define(name, take(kind === "word" ? capacity : capacity * kind));
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

  restore(snapshot: StateSnapshot): void {
    this.array.set(snapshot);
  }

  /** A 53-bit fingerprint of the whole state: equal states have equal fingerprints. */
  fingerprint(): number {
    const words = this.array;
    let a = 0x811c9dc5 | 0;
    let b = 0x9747b28c | 0;
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i], 0x01000193);
      b = Math.imul(b ^ words[i], 0x5bd1e995);
      b ^= b >>> 15;
    }
    a ^= a >>> 16;
    return (a & 0x1fffff) * 2 ** 32 + (b >>> 0);
  }
}

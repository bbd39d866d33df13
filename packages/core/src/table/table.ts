import type { ColumnKinds, Columns, RowOf, TableDefinition } from "./definition.ts";

/** Words of a table's header: head of the free list, rows in use, most rows ever in use. */
export const HEADER_WORDS = 3;
const FREE_HEAD = 0;
const USED = 1;
const PEAK = 2;

/**
 * Rows of one kind. `allocate` and `free` are O(1) and make no objects.
 *
 * `next` is a word for each row: the free list while the row is free, at its owner's use (an intrusive list) while it
 * is taken.
 */
export class Table<C extends ColumnKinds = ColumnKinds> {
  // Declared: each is stored once, in the constructor, so that V8 takes it for the constant that it is.
  declare readonly definition: TableDefinition<C>;
  declare readonly name: string;
  declare readonly capacity: number;
  declare readonly columns: Columns<C>;
  declare readonly next: Int32Array;
  /** Odd while the row is taken: it grows by one at each `allocate` and each `free`. */
  declare readonly generation: Int32Array;
  declare private readonly header: Int32Array;
  /** Bits of a handle that say the slot. */
  declare readonly slotBits: number;
  declare private readonly generationMask: number;

  constructor(
    definition: TableDefinition<C>,
    capacity: number,
    columns: Columns<C>,
    header: Int32Array,
    next: Int32Array,
    generation: Int32Array,
  ) {
    this.definition = definition;
    this.name = definition.name;
    this.capacity = capacity;
    this.columns = columns;
    this.header = header;
    this.next = next;
    this.generation = generation;
    this.slotBits = Math.max(1, Math.ceil(Math.log2(capacity)));
    this.generationMask = (1 << (31 - this.slotBits)) - 1;
    this.link();
  }

  /** Frees every row and forgets generations and peak. Columns are zeroed. */
  clear(): void {
    for (const column of Object.values(this.columns as Record<string, Int32Array>)) column.fill(0);
    this.generation.fill(0);
    this.header.fill(0);
    this.link();
  }

  /** Links all rows into the free list. Memory that nobody touched is left alone: it costs nothing until it is used. */
  private link(): void {
    const { next } = this;
    for (let slot = 0; slot < next.length; slot++) next[slot] = slot + 1;
    next[next.length - 1] = -1;
  }

  /** Takes a row and returns its slot, or -1 when the table is full. Columns keep what they had. */
  allocate(): number {
    const header = this.header;
    const slot = header[FREE_HEAD];
    if (slot < 0) return -1;
    header[FREE_HEAD] = this.next[slot];
    this.next[slot] = -1;
    this.generation[slot] = (this.generation[slot] + 1) | 0;
    const used = header[USED] + 1;
    header[USED] = used;
    if (used > header[PEAK]) header[PEAK] = used;
    return slot;
  }

  /** Gives a row back. Throws when it is not taken: a row freed twice would belong to two owners. */
  free(slot: number): void {
    const generation = this.generation[slot];
    if ((generation & 1) === 0) this.refuse(slot);
    this.generation[slot] = (generation + 1) | 0;
    const header = this.header;
    this.next[slot] = header[FREE_HEAD];
    header[FREE_HEAD] = slot;
    header[USED]--;
  }

  private refuse(slot: number): never {
    throw new RangeError(`table ${this.name}: row ${slot} is not taken, so it cannot be freed`);
  }

  /** True while the row is taken. */
  isLive(slot: number): boolean {
    return slot >= 0 && slot < this.capacity && (this.generation[slot] & 1) === 1;
  }

  /** A name for this row that no later owner of the slot will have (until the generation wraps). Never negative. */
  handle(slot: number): number {
    return ((this.generation[slot] & this.generationMask) << this.slotBits) | slot;
  }

  /** The slot behind a handle, or -1 when that row is gone. Any number may be asked. */
  slotOf(handle: number): number {
    const slot = handle & ((1 << this.slotBits) - 1);
    if (handle < 0 || slot >= this.capacity || (this.generation[slot] & 1) === 0) return -1;
    return this.handle(slot) === handle ? slot : -1;
  }

  get used(): number {
    return this.header[USED];
  }

  /** Rows that can still be taken. */
  get available(): number {
    return this.capacity - this.header[USED];
  }

  /** Word of the state that counts the rows in use. */
  get usedWord(): number {
    return this.header.byteOffset / 4 + USED;
  }

  /** Most rows taken at one time since the last `clear`. */
  get peak(): number {
    return this.header[PEAK];
  }

  /** Forgets the peak: it is the present use again. */
  resetPeak(): void {
    this.header[PEAK] = this.header[USED];
  }

  /** The row as an object, for people, logs and tests. */
  row(slot: number): RowOf<C> {
    const columns = this.columns as unknown as Record<string, Int32Array>;
    const row: Record<string, unknown> = { slot };
    for (const [name, kind] of Object.entries(this.definition.columns)) {
      if (kind === "lba") {
        row[name] =
          (columns[`${name}High`][slot] >>> 0) * 2 ** 32 + (columns[`${name}Low`][slot] >>> 0);
      } else if (typeof kind === "number") {
        row[name] = Array.from(columns[name].subarray(slot * kind, slot * kind + kind));
      } else {
        row[name] = columns[name][slot];
      }
    }
    return row as RowOf<C>;
  }

  /** The taken rows. */
  *rows(): Generator<RowOf<C>> {
    for (let slot = 0; slot < this.capacity; slot++) if (this.isLive(slot)) yield this.row(slot);
  }
}

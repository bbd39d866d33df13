import { defineTable, type State, type TableDefinition } from "@blockferry/core/table";

/*
 * A block is a label: where its content came from, and how new it is. So content can be told: it is the wanted one, an
 * old one, a newer one, or somebody else's.
 */

/** Generations that a label can tell apart. */
const GENERATIONS = 16;

/** Content that nobody may read any more: what is left where a mapping has moved a block away. */
const STALE = 1 << 20;

export function labelOf(origin: number, generation = 0): number {
  return (origin + 1) * GENERATIONS + generation;
}

/** Where the content of a block comes from: a block of the topmost device, or a spare one behind those. */
export function originOf(label: number): number {
  return Math.floor(label / GENERATIONS) - 1;
}

export function generationOf(label: number): number {
  return label % GENERATIONS;
}

export function staleLabel(place: number): number {
  return labelOf(STALE + place);
}

export function isStale(label: number): boolean {
  return originOf(label) >= STALE;
}

type BlockColumns = { readonly label: number };

/** The blocks of all bottom devices, one word each, in the state. */
export class Labels {
  private readonly definition: TableDefinition<BlockColumns>;
  /** By number of the engine: where a device's blocks begin, -1 for a stacked device. */
  bases: Int32Array = new Int32Array(0);
  words: Int32Array = new Int32Array(0);
  state: Int32Array = new Int32Array(0);

  constructor(blocks: number) {
    this.definition = defineTable("block", { label: blocks }, { linked: false, linear: true });
  }

  declare(state: State): void {
    state.add(this.definition, 1);
  }

  open(state: State, bases: Int32Array): void {
    const table = state.table(this.definition);
    table.allocate();
    this.words = table.columns.label;
    this.state = state.words;
    this.bases = bases;
  }

  /** Place of a block among all blocks. */
  indexOf(device: number, lba: number): number {
    return this.bases[device] + lba;
  }
}

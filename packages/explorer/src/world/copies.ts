import type { BlockDevice } from "@blockferry/block";
import { type RangeList, rangeList } from "@blockferry/core";
import { defineTable, type State, type Table, type TableDefinition } from "@blockferry/core/table";
import type { Scenario } from "../scenario.ts";
import { generationOf, isStale, type Labels, originOf } from "./labels.ts";
import { placeOf } from "./layout.ts";
import { Violation } from "./violation.ts";

/** Fate of a block as it was told. */
const COPIED = 1;
const FAILED = 2;

/** Of each copy of the scenario: whether it runs, in which row, and what was told of its blocks. */
type CopyStateColumns = {
  readonly state: "word";
  readonly row: "row:copy";
  readonly status: "word";
  readonly newer: "word";
  readonly fate: number;
};

/** How far a copy is. */
export const copyState = { waiting: 0, running: 1, ended: 2 } as const;

/** A copy of a scenario, worked out. */
export interface WorldCopy {
  readonly task: number;
  /** Rows of the list of sources. */
  readonly first: number;
  readonly count: number;
  readonly blocks: number;
  readonly destination: number;
  /** Source block on the topmost device, of each block of the copy. */
  readonly sources: readonly number[];
}

function copiesOf(scenario: Scenario): { copies: WorldCopy[]; list: RangeList } {
  const ranges: { lba: number; blocks: number }[] = [];
  const copies = scenario.tasks.flatMap((task, number) =>
    task.copies.map(({ sources, destination }) => {
      const first = ranges.length;
      for (const [lba, blocks] of sources) ranges.push({ lba, blocks });
      const places = sources.flatMap(([lba, blocks]) =>
        Array.from({ length: blocks }, (_, i) => lba + i),
      );
      const copy = { first, count: sources.length, destination, sources: places };
      return { ...copy, task: number, blocks: places.length };
    }),
  );
  return { copies, list: rangeList(ranges) };
}

/** What the copies of a scenario must do, and what was told of them. */
export class Copies {
  readonly copies: readonly WorldCopy[];
  readonly list: RangeList;
  private readonly definition: TableDefinition<CopyStateColumns>;
  declare table: Table<CopyStateColumns>;
  private readonly blocksMax: number;
  /** By table of the mapping: place at the bottom of each block of the topmost device. */
  private places: readonly Int32Array[] = [];
  /** By table of the mapping: whether a place at the bottom is mapped. */
  private mapped: readonly Uint8Array[] = [];
  /** By block of the topmost device: the copy that has it as a source, and the last one that writes it; -1 for none. */
  private readonly owners: Int32Array;
  private readonly writers: Int32Array;
  private readonly top: BlockDevice;

  constructor(scenario: Scenario, top: BlockDevice) {
    const { copies, list } = copiesOf(scenario);
    this.copies = copies;
    this.list = list;
    this.top = top;
    this.blocksMax = Math.max(...copies.map((copy) => copy.blocks));
    this.definition = defineTable(
      "outcome",
      { state: "word", row: "row:copy", status: "word", newer: "word", fate: this.blocksMax },
      { fixed: true, linked: false },
    );
    this.owners = new Int32Array(top.capacityBlocks).fill(-1);
    this.writers = new Int32Array(top.capacityBlocks).fill(-1);
    copies.forEach((copy, number) => {
      for (const lba of copy.sources) this.owners[lba] = number;
      this.writers.fill(number, copy.destination, copy.destination + copy.blocks);
    });
  }

  declare(state: State): void {
    state.add(this.definition, this.copies.length);
  }

  open(
    state: State,
    labels: Labels,
    numberOf: (device: BlockDevice) => number,
    tables: number,
  ): void {
    this.table = state.table(this.definition);
    for (const _ of this.copies) this.table.allocate();
    this.table.columns.row.fill(-1);
    this.places = Array.from({ length: tables }, (_, table) =>
      Int32Array.from({ length: this.top.capacityBlocks }, (_each, lba) => {
        const place = placeOf(this.top, lba, table);
        return labels.indexOf(numberOf(place.device), place.lba);
      }),
    );
    this.mapped = this.places.map((places) => {
      const isMapped = new Uint8Array(labels.words.length);
      for (const place of places) isMapped[place] = 1;
      return isMapped;
    });
  }

  /** What a copy is called: its task, and which of the task's copies where there are several. */
  nameOf(copy: number): string {
    const { task } = this.copies[copy];
    const own = this.copies.filter((each) => each.task === task);
    return own.length === 1 ? `T${task}` : `T${task}.${own.indexOf(this.copies[copy])}`;
  }

  /** True when no task writes where another one reads or writes. */
  areApart(): boolean {
    const writers = new Map<number, number>();
    for (const { task, destination, blocks } of this.copies) {
      for (let lba = destination; lba < destination + blocks; lba++) {
        if ((writers.get(lba) ?? task) !== task) return false;
        writers.set(lba, task);
      }
    }
    return this.copies.every(({ task, sources }) =>
      sources.every((lba) => (writers.get(lba) ?? task) === task),
    );
  }

  placesOf(table: number): Int32Array {
    return this.places[table];
  }

  /** The copy of the scenario that runs in a row of the engine, -1 for none. */
  inRow(row: number): number {
    const { state, row: rows } = this.table.columns;
    for (let copy = 0; copy < this.copies.length; copy++) {
      if (state[copy] === copyState.running && rows[copy] === row) return copy;
    }
    return -1;
  }

  /** Takes note of the fate of blocks. */
  settle(copy: number, offset: number, blocks: number, succeeded: boolean): void {
    const { fate } = this.table.columns;
    const base = copy * this.blocksMax;
    for (let block = offset; block < offset + blocks; block++) {
      if (fate[base + block] !== 0) {
        throw new Violation(
          "twice",
          `the fate of ${this.nameOf(copy)}'s block ${block} is told twice`,
        );
      }
      fate[base + block] = succeeded ? COPIED : FAILED;
    }
  }

  /** Content that block `block` of a copy must get, as its origin. */
  wants(copy: number, block: number): number {
    return this.copies[copy].sources[block];
  }

  /** Says what is wrong with content that goes to, or is found at, block `block` of a copy; throws. */
  refuse(copy: number, block: number, label: number, where: string): never {
    const origin = originOf(label);
    const self = this.copies[copy];
    const what = `${this.nameOf(copy)}'s block ${block}`;
    if (isStale(label)) {
      const message = `${where}: ${what} gets what an old mapping left behind`;
      throw new Violation("wrong-block", message);
    }
    const owner = origin < this.owners.length ? this.owners[origin] : -1;
    if (owner >= 0 && owner !== copy) {
      throw new Violation(
        "stranger",
        `${where}: ${what} gets block ${origin}, which is ${this.nameOf(owner)}'s`,
      );
    }
    if (owner === copy) {
      const other = self.sources.indexOf(origin);
      throw new Violation(
        "wrong-block",
        `${where}: ${what} gets what belongs to its block ${other}`,
      );
    }
    throw new Violation(
      "wrong-block",
      `${where}: ${what} gets block ${origin}, which is no source`,
    );
  }

  /** Checks a copy that ends: what is claimed is there. `told` is what its submitter is told, -1 for what was accounted. */
  end(copy: number, told: number, labels: Int32Array, table: number): void {
    const { fate, newer } = this.table.columns;
    const { destination, blocks } = this.copies[copy];
    const base = copy * this.blocksMax;
    const places = this.places[table];
    for (let block = 0; block < blocks; block++) {
      if (fate[base + block] === 0 && told < 0) {
        throw new Violation(
          "unaccounted",
          `${this.nameOf(copy)} ends; of its block ${block} nothing is told`,
        );
      }
      const isClaimed = told < 0 ? fate[base + block] === COPIED : block < told;
      if (!isClaimed) continue;
      const label = labels[places[destination + block]];
      if (originOf(label) === this.wants(copy, block)) {
        if (generationOf(label) > 0) newer[copy] = 1;
      } else if (originOf(label) === destination + block) {
        const message = `${this.nameOf(copy)} reports its block ${block} as copied; it is not`;
        throw new Violation("not-copied", message);
      } else {
        this.refuse(copy, block, label, "at its end");
      }
    }
  }

  /** Checks all blocks once everything has ended: nothing but destinations has changed, and those only as they may. */
  checkBlocks(labels: Int32Array, table: number, spareFrom: number): void {
    const places = this.places[table];
    const isMapped = this.mapped[table];
    for (let lba = 0; lba < places.length; lba++) {
      const label = labels[places[lba]];
      const origin = originOf(label);
      if (origin === lba) continue;
      const copy = this.writers[lba];
      if (copy < 0) {
        throw new Violation("guard", `block ${lba} has changed and is no copy's destination`);
      }
      const block = lba - this.copies[copy].destination;
      if (this.wants(copy, block) !== origin) {
        this.refuse(copy, block, label, "after all has ended");
      }
    }
    for (let place = 0; place < labels.length; place++) {
      const origin = originOf(labels[place]);
      if (isMapped[place] !== 0 || isStale(labels[place]) || origin >= spareFrom) continue;
      throw new Violation(
        "guard",
        `a block that nothing maps has got the content of block ${origin}`,
      );
    }
  }
}

import type { EngineFaults } from "@blockferry/block";
import { defineTable, type State, type Table, type TableDefinition } from "@blockferry/core/table";
import { faultNames, type Happening, happeningNames, type Scenario } from "../scenario.ts";

type ChanceColumns = { readonly faults: "word"; readonly left: number };

/** What may still happen, and what fails inside the step that runs. */
export class Chance implements EngineFaults {
  private readonly definition: TableDefinition<ChanceColumns>;
  declare private readonly scenario: Scenario;
  declare private table: Table<ChanceColumns>;
  private faultsMax = 0;
  /** Points at which something could have failed in the step that runs, so far. */
  points = 0;
  /** Points that fail, counted from 1; 0 for none. */
  private firstFailing = 0;
  private secondFailing = 0;
  /** What has failed in the step that runs, for people. */
  readonly failed: Happening[] = [];

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.definition = defineTable(
      "chance",
      { faults: "word", left: happeningNames.length },
      { linked: false, linear: true },
    );
  }

  declare(state: State): void {
    state.add(this.definition, 1);
  }

  open(state: State): void {
    this.table = state.table(this.definition);
    this.table.allocate();
    const { happens = {}, faultsMax } = this.scenario;
    happeningNames.forEach((name, i) => {
      this.table.columns.left[i] = happens[name] ?? 0;
    });
    const all = faultNames.reduce((sum, name) => sum + (happens[name] ?? 0), 0);
    this.faultsMax = faultsMax ?? all;
    this.table.columns.faults[0] = this.faultsMax;
  }

  /** Faults that have happened in this run. */
  get faultsHappened(): number {
    return this.faultsMax - this.table.columns.faults[0];
  }

  /** Numbers of those of these happenings that there are in this world, for `mayAny`. */
  numbersOf(names: readonly Happening[]): Int32Array {
    const { happens = {} } = this.scenario;
    return Int32Array.from(
      names.filter((name) => (happens[name] ?? 0) > 0),
      (name) => numbers[name],
    );
  }

  /** True when this may happen now. */
  may(name: Happening): boolean {
    return this.mayNumber(numbers[name]);
  }

  /** True when one of these, by their numbers, may happen now. */
  mayAny(these: Int32Array): boolean {
    for (let i = 0; i < these.length; i++) if (this.mayNumber(these[i])) return true;
    return false;
  }

  /** The same once another fault has happened, which is none of these. */
  mayAnyAfterFault(these: Int32Array): boolean {
    const { left, faults } = this.table.columns;
    for (let i = 0; i < these.length; i++) {
      const number = these[i];
      if (left[number] > 0 && (number < FIRST_FAULT || faults[0] > 1)) return true;
    }
    return false;
  }

  mayNumber(number: number): boolean {
    const { left, faults } = this.table.columns;
    return left[number] > 0 && (number < FIRST_FAULT || faults[0] > 0);
  }

  /** It happens. */
  spend(name: Happening): void {
    this.spendNumber(numbers[name]);
  }

  private spendNumber(number: number): void {
    const { left, faults } = this.table.columns;
    left[number]--;
    if (number >= FIRST_FAULT) faults[0]--;
  }

  /** A step begins, in which these points fail: the low byte is one, the next byte another. */
  begin(script: number): void {
    this.points = 0;
    if (this.failed.length > 0) this.failed.length = 0;
    this.firstFailing = script & 0xff;
    this.secondFailing = script >> 8;
  }

  private fails(number: number): boolean {
    if (!this.mayNumber(number)) return false;
    const point = ++this.points;
    if (point !== this.firstFailing && point !== this.secondFailing) return false;
    this.spendNumber(number);
    this.failed.push(happeningNames[number]);
    return true;
  }

  allocationFails(): boolean {
    return this.fails(ALLOCATION);
  }

  mapFails(): boolean {
    return this.fails(MAP);
  }

  driverBusy(): boolean {
    return this.fails(REQUEUE);
  }
}

/** Numbers of happenings. */
export const numbers = Object.fromEntries(
  happeningNames.map((name, i) => [name, i]),
) as unknown as Readonly<Record<Happening, number>>;

const FIRST_FAULT = happeningNames.indexOf(faultNames[0]);
const ALLOCATION = happeningNames.indexOf("allocationFailure");
const MAP = happeningNames.indexOf("mapFailure");
const REQUEUE = happeningNames.indexOf("requeue");

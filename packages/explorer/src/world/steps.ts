import { step as steps } from "@blockferry/block";
import { NO_LANE as LANE_OF_NOBODY, type Scheduler, type StepRunner } from "@blockferry/core";
import { defineTable, type State, type Table, type TableDefinition } from "@blockferry/core/table";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const step = steps;
const NO_LANE = LANE_OF_NOBODY;

/** Steps that were posted and have not run; `next` links those of one lane. `by`: the copy for which it was posted, -1: not known. */
const stepTable: TableDefinition<StepColumns> = defineTable(
  "step",
  {
    kind: "word",
    bio: "row:bio",
    copy: "row:copy",
    request: "row:request",
    other: "word",
    lane: "word",
    by: "word",
  },
  { idle: ["by"] },
);
type StepColumns = {
  readonly kind: "word";
  readonly bio: "row:bio";
  readonly copy: "row:copy";
  readonly request: "row:request";
  readonly other: "word";
  readonly lane: "word";
  readonly by: "word";
};

/** Steps of each submitter, in their order. */
const laneTable: TableDefinition<LaneColumns> = defineTable(
  "lane",
  { head: "row:step", tail: "row:step" },
  { fixed: true, linked: false },
);
type LaneColumns = { readonly head: "row:step"; readonly tail: "row:step" };

/** A scheduler that keeps what is posted, for somebody else to choose from. */
export class Steps implements Scheduler {
  declare readonly rows: Table<StepColumns>;
  declare readonly lanes: Table<LaneColumns>;
  private runner: StepRunner = () => {};
  /** Row of the copy for which something happens now, -1 where it is not known. */
  by = -1;

  /** Declares the tables of the scheduler in a state that is not sealed. */
  static declare(state: State, stepsMax: number, lanes: number): void {
    state.add(stepTable, stepsMax).add(laneTable, lanes);
  }

  /** Takes the tables once the state is sealed. Nothing may have been posted before. */
  open(state: State): void {
    const self = this as { -readonly [K in "rows" | "lanes"]: Steps[K] };
    self.rows = state.table(stepTable);
    self.lanes = state.table(laneTable);
    for (let lane = 0; lane < this.lanes.capacity; lane++) {
      this.lanes.allocate();
      this.lanes.columns.head[lane] = -1;
      this.lanes.columns.tail[lane] = -1;
    }
  }

  attach(run: StepRunner): void {
    this.runner = run;
  }

  post(kind: number, subject: number, lane: number): void {
    const { rows, lanes } = this;
    const slot = rows.allocate();
    if (slot < 0) throw new Error("more steps are posted than the world has room for");
    const { columns } = rows;
    columns.kind[slot] = kind;
    columns.lane[slot] = lane;
    columns.by[slot] = lane === NO_LANE ? this.by : lane;
    columns.bio[slot] = kind === step.submit || kind === step.depart ? subject : -1;
    columns.copy[slot] =
      kind === step.start || kind === step.unplug || kind === step.emulate ? subject : -1;
    columns.request[slot] = kind === step.requeue ? subject : -1;
    const isRow = columns.bio[slot] >= 0 || columns.copy[slot] >= 0 || columns.request[slot] >= 0;
    columns.other[slot] = isRow ? -1 : subject;
    rows.next[slot] = -1;
    if (lane === NO_LANE) return;
    const { head, tail } = lanes.columns;
    if (head[lane] < 0) head[lane] = slot;
    else rows.next[tail[lane]] = slot;
    tail[lane] = slot;
  }

  drain(): void {}

  subjectOf(slot: number): number {
    const { bio, copy, request, other } = this.rows.columns;
    if (bio[slot] >= 0) return bio[slot];
    if (copy[slot] >= 0) return copy[slot];
    return request[slot] >= 0 ? request[slot] : other[slot];
  }

  /** True when the step may run now: it is the first of its lane. */
  isNext(slot: number): boolean {
    const lane = this.rows.columns.lane[slot];
    return lane === NO_LANE || this.lanes.columns.head[lane] === slot;
  }

  /** Runs one of the steps that may run now. */
  run(slot: number): void {
    const { rows, lanes } = this;
    const kind = rows.columns.kind[slot];
    const subject = this.subjectOf(slot);
    const lane = rows.columns.lane[slot];
    this.by = rows.columns.by[slot];
    if (lane !== NO_LANE) {
      const { head, tail } = lanes.columns;
      head[lane] = rows.next[slot];
      if (head[lane] < 0) tail[lane] = -1;
    }
    rows.free(slot);
    this.runner(kind, subject);
  }

  /** Runs a step that nobody posted. */
  runNow(kind: number, subject: number): void {
    this.by = -1;
    this.runner(kind, subject);
  }
}

/** A number that should be at least, or at most, so large. */
export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One line of the report: ours beside a peer's, measured in the same run. */
export interface Row {
  readonly part: string;
  readonly what: string;
  /** What `ours` and `peer` count, such as `copies/CPU s`. */
  readonly unit: string;
  readonly ours: number;
  readonly peerName?: string;
  readonly peer?: number;
  /** Ours to the peer's; the larger is the better one for rates, the smaller one for times. */
  readonly ratio?: number;
  /** What the goal is about: the ratio where there is one, else `ours`. */
  readonly goal?: Goal;
  readonly isMet?: boolean;
  readonly note?: string;
}

/** Everything that a run found. */
export interface BenchDocument {
  readonly schema: "blockferry-bench/1";
  readonly machine: {
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryBytes: number;
    readonly kernel: string;
    readonly node: string;
    readonly compiler: string;
    readonly loadAverage: number;
  };
  readonly quick: boolean;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** What could not be measured here, and why. */
  readonly skipped: readonly string[];
}

/** Completes a row: says whether its goal is met. */
export function row(values: Omit<Row, "isMet">): Row {
  const { goal, ratio, ours } = values;
  if (goal === undefined) return values;
  const value = ratio ?? ours;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
  return { ...values, isMet: value >= atLeast && value <= atMost };
}

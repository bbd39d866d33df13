import type { Expectation, ReductionKind } from "@blockferry/explorer";
import * as z from "zod/mini";
import { count, durationMs, type SchemaMark, schemaMark } from "./parts.ts";

/** One step of a counterexample in words, and what came of it. */
export interface StepPart {
  readonly number: number;
  readonly words: string;
  readonly outcome: string;
}

/** What is wrong: `stranger`, `wrong-block`, `wait`, …; see `@blockferry/explorer`. */
export interface ViolationPart {
  readonly kind: string;
  readonly message: string;
}

/** A run of a scenario, step by step. */
export interface RunPart {
  readonly steps: readonly StepPart[];
  /** What is wrong at its end; not there where nothing is. */
  readonly violation?: ViolationPart;
  /** The run as text, for `--path`. */
  readonly path: string;
  /** The line that plays it again. */
  readonly replay: string;
}

export interface ReplayDocument extends RunPart {
  readonly schema: SchemaMark<"blockferry.replay">;
  readonly exitStatus: number;
  readonly scenario: string;
  readonly case?: string;
  readonly strategy: string;
}

export interface CounterexamplePart extends RunPart {
  /** False where a shorter one may exist. */
  readonly isShortest: boolean;
}

/** A strategy in the world of a scenario, and what came of it. */
export interface ExploredPart {
  readonly scenario: string;
  /** The case; not there where `--strategy` named another way of pairing. */
  readonly case?: string;
  readonly strategy: string;
  /** `clean` and `violation` are final; `bounded` and `stopped`: not all was explored. */
  readonly verdict: "clean" | "violation" | "bounded" | "stopped";
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Ends, and those in which all copies succeeded, some were refused, and newer data was copied. */
  readonly ends: number;
  readonly endsWhole: number;
  readonly endsRefused: number;
  readonly endsNewer: number;
  readonly cpuMs: number;
  /** Violations met: one, or with `--all-violations` all. */
  readonly violations: number;
  readonly violation?: ViolationPart;
  readonly counterexample?: CounterexamplePart;
  /** What the case is known to end in. */
  readonly expected?: Expectation;
  /** In what it ended otherwise; not there where it ended as expected. */
  readonly difference?: string;
}

/** Random runs, and what came of them. */
export interface RandomPart {
  readonly scenario: string;
  readonly case?: string;
  readonly strategy: string;
  /** `clean`: none of these runs met a violation; others may. */
  readonly verdict: "clean" | "violation" | "stopped";
  readonly seed: number;
  readonly runs: number;
  readonly moves: number;
  /** Of all states of all runs: the same for the same seed. Each run was made twice, and was the same. */
  readonly hash: string;
  readonly cpuMs: number;
  /** Seed of the last run. */
  readonly lastSeed?: number;
  readonly violation?: ViolationPart;
  readonly counterexample?: RunPart;
}

export interface RandomDocument extends RandomPart {
  readonly schema: SchemaMark<"blockferry.explore-random">;
  readonly exitStatus: number;
  readonly signal?: "SIGINT" | "SIGTERM";
}

/** Bounds of each search. */
export interface BoundsPart {
  readonly statesMax: number;
  readonly memoryMaxBytes: number;
  readonly allViolations: boolean;
  readonly reduction: ReductionKind;
}

export interface ExploreDocument {
  readonly schema: SchemaMark<"blockferry.explore">;
  readonly exitStatus: number;
  /** The signal that ended the searches early, where one did. */
  readonly signal?: "SIGINT" | "SIGTERM";
  readonly bounds: BoundsPart;
  /** In order of the scenarios and their cases; those that were not begun are not there. */
  readonly explored: readonly ExploredPart[];
}

/** What a case is known to end in, as scenario files have it. */
export const expectationSchema: z.ZodMiniType<Expectation> = z.looseObject({
  verdict: z.enum(["clean", "violation"]),
  kind: z.exactOptional(z.string()),
  movesMax: z.exactOptional(count),
  refuses: z.exactOptional(z.boolean()),
  newer: z.exactOptional(z.boolean()),
}) as unknown as z.ZodMiniType<Expectation>;

export const stepSchema: z.ZodMiniType<StepPart> = z.looseObject({
  number: count,
  words: z.string(),
  outcome: z.string(),
});

export const violationSchema: z.ZodMiniType<ViolationPart> = z.looseObject({
  kind: z.string(),
  message: z.string(),
});

const runShape = {
  steps: z.array(stepSchema),
  violation: z.exactOptional(violationSchema),
  path: z.string(),
  replay: z.string(),
};

const exploredSchema: z.ZodMiniType<ExploredPart> = z.looseObject({
  scenario: z.string(),
  case: z.exactOptional(z.string()),
  strategy: z.string(),
  verdict: z.enum(["clean", "violation", "bounded", "stopped"]),
  states: count,
  transitions: count,
  depth: count,
  ends: count,
  endsWhole: count,
  endsRefused: count,
  endsNewer: count,
  cpuMs: durationMs,
  violations: count,
  violation: z.exactOptional(violationSchema),
  counterexample: z.exactOptional(z.looseObject({ ...runShape, isShortest: z.boolean() })),
  expected: z.exactOptional(expectationSchema),
  difference: z.exactOptional(z.string()),
}) as unknown as z.ZodMiniType<ExploredPart>;

/** `blockferry explore -o json`. */
export const exploreDocument: z.ZodMiniType<ExploreDocument> = z.looseObject({
  schema: schemaMark("blockferry.explore"),
  exitStatus: count,
  signal: z.exactOptional(z.enum(["SIGINT", "SIGTERM"])),
  bounds: z.looseObject({
    statesMax: count,
    memoryMaxBytes: count,
    allViolations: z.boolean(),
    reduction: z.enum(["states", "ways", "none"]),
  }),
  explored: z.array(exploredSchema),
});

/** `blockferry explore SCENARIO --path TEXT -o json`. */
export const replayDocument: z.ZodMiniType<ReplayDocument> = z.looseObject({
  schema: schemaMark("blockferry.replay"),
  exitStatus: count,
  scenario: z.string(),
  case: z.exactOptional(z.string()),
  strategy: z.string(),
  ...runShape,
});

/** `blockferry explore SCENARIO --random SEED -o json`. */
export const randomDocument: z.ZodMiniType<RandomDocument> = z.looseObject({
  schema: schemaMark("blockferry.explore-random"),
  exitStatus: count,
  signal: z.exactOptional(z.enum(["SIGINT", "SIGTERM"])),
  scenario: z.string(),
  case: z.exactOptional(z.string()),
  strategy: z.string(),
  verdict: z.enum(["clean", "violation", "stopped"]),
  seed: count,
  runs: count,
  moves: count,
  hash: z.string(),
  cpuMs: durationMs,
  lastSeed: z.exactOptional(z.int()),
  violation: z.exactOptional(violationSchema),
  counterexample: z.exactOptional(z.looseObject(runShape)),
});

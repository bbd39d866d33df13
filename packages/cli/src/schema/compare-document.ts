import type { HazardName, HazardVerdict } from "@blockferry/core";
import * as z from "zod/mini";
import {
  type StepPart,
  stepSchema,
  type ViolationPart,
  violationSchema,
} from "./explore-document.ts";
import { count, durationMs, type SchemaMark, schemaMark } from "./parts.ts";

/** A strategy under a hazard. */
export interface HazardCellPart {
  readonly strategy: string;
  /** As measured; `undecided` where a bound was reached first. */
  readonly verdict: HazardVerdict | "undecided";
  /** What the strategy says of itself, bare and with the hazard alone. */
  readonly claimed: HazardVerdict;
  readonly states: number;
  readonly transitions: number;
  readonly cpuMs: number;
  /** Where it breaks: in what way, the shortest way to it, and the published case that shows the same. */
  readonly violation?: ViolationPart;
  readonly steps?: readonly StepPart[];
  readonly path?: string;
  readonly scenario?: { readonly name: string; readonly case: string } | undefined;
}

export interface HazardPart {
  readonly hazard: HazardName;
  readonly meaning: string;
  readonly cells: readonly HazardCellPart[];
}

/** What a copy of 1 MiB takes. */
export interface CostPart {
  readonly strategy: string;
  /** Source ranges. */
  readonly ranges: number;
  readonly bios: number;
  readonly requests: number;
  readonly commands: number;
  /** Commands in flight at one time, at most. */
  readonly tagsPeak: number;
  /** Rows of bios, requests and the strategy's own tables, as often as one was taken, and the lists that were sent. */
  readonly metadataBytes: number;
  /** Rows of all that grows with a copy, taken at one time at most. */
  readonly memoryPeakBytes: number;
}

export interface CompareDocument {
  readonly schema: SchemaMark<"blockferry.compare">;
  readonly exitStatus: number;
  readonly signal?: "SIGINT" | "SIGTERM";
  readonly strategies: readonly string[];
  /** Layers above each world, bottom to top. */
  readonly stack: readonly string[];
  /** Faults of any kind beside each hazard. */
  readonly faults: number;
  readonly statesMax: number;
  readonly hazards: readonly HazardPart[];
  readonly costs: readonly CostPart[];
}

const verdict = z.enum(["survives", "refuses", "breaks"]);

const cellSchema: z.ZodMiniType<HazardCellPart> = z.looseObject({
  strategy: z.string(),
  verdict: z.enum(["survives", "refuses", "breaks", "undecided"]),
  claimed: verdict,
  states: count,
  transitions: count,
  cpuMs: durationMs,
  violation: z.exactOptional(violationSchema),
  steps: z.exactOptional(z.array(stepSchema)),
  path: z.exactOptional(z.string()),
  scenario: z.exactOptional(z.looseObject({ name: z.string(), case: z.string() })),
});

const costSchema: z.ZodMiniType<CostPart> = z.looseObject({
  strategy: z.string(),
  ranges: count,
  bios: count,
  requests: count,
  commands: count,
  tagsPeak: count,
  metadataBytes: count,
  memoryPeakBytes: count,
});

/** `blockferry compare -o json`. */
export const compareDocument: z.ZodMiniType<CompareDocument> = z.looseObject({
  schema: schemaMark("blockferry.compare"),
  exitStatus: count,
  signal: z.exactOptional(z.enum(["SIGINT", "SIGTERM"])),
  strategies: z.array(z.string()),
  stack: z.array(z.string()),
  faults: count,
  statesMax: count,
  hazards: z.array(
    z.looseObject({ hazard: z.string(), meaning: z.string(), cells: z.array(cellSchema) }),
  ),
  costs: z.array(costSchema),
}) as unknown as z.ZodMiniType<CompareDocument>;

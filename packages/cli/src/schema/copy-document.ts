import type { StatusName } from "@blockferry/core";
import * as z from "zod/mini";
import {
  count,
  type DevicePart,
  type DeviceStatusPart,
  devicePartSchema,
  deviceStatusSchema,
  durationMs,
  type SchemaMark,
  schemaMark,
  statusSchema,
} from "./parts.ts";

/**
 * By what means blocks came to their place; `none`: they did not. `clone`: a file system shares them; `kernel-copy`: the
 * host's kernel copied them and does not tell whether through the host.
 */
export type CopyMeans = "offload" | "clone" | "kernel-copy" | "emulated" | "none";

/** A command that was sent. */
export interface CopyCommandPart {
  readonly index: number;
  readonly device: string;
  readonly destination: number;
  readonly blocks: number;
  readonly ranges: number;
  readonly status: StatusName;
  readonly deviceStatus?: DeviceStatusPart;
}

/** What became of a source range, or of a part of one where its parts fared differently. */
export interface CopyRangePart {
  /** Number of the source range, from 0, in the order given. */
  readonly range: number;
  readonly source: number;
  readonly destination: number;
  readonly blocks: number;
  readonly means: CopyMeans;
  readonly status: StatusName;
  /** Numbers of the commands that carried it. */
  readonly commands: readonly number[];
  readonly deviceStatus?: DeviceStatusPart;
}

/** What a look at the blocks themselves found, past the copy's own path. */
export interface VerificationPart {
  /** `nothing`: no block was copied that could be compared; sources and guards are as they were. */
  readonly verdict: "verified" | "mismatch" | "nothing";
  /** Blocks of the destination that were compared: those that the copy says it copied. */
  readonly comparedBlocks: number;
  readonly differentBlocks: number;
  /** The first block of the destination that differs. */
  readonly firstDifference?: number;
  readonly sources: "unchanged" | "changed" | "overlapped";
  readonly guardBlocks: number;
  readonly guards: "unchanged" | "changed";
}

export interface CopyDocument {
  readonly schema: SchemaMark<"blockferry.copy">;
  readonly status: StatusName;
  readonly exitStatus: number;
  /** The signal that ended the copy early, where one did. */
  readonly signal?: "SIGINT" | "SIGTERM";
  readonly device: DevicePart;
  readonly strategy: string;
  readonly destination: number;
  /** Device of the destination, where it is not that of the sources. */
  readonly destinationDevice?: string;
  readonly blocks: number;
  readonly copiedBlocks: number;
  readonly offloadedBlocks: number;
  readonly clonedBlocks: number;
  readonly kernelCopiedBlocks: number;
  readonly emulatedBlocks: number;
  /** Read into this process and written from it; 0 for an offload. */
  readonly bytesThroughHost: number;
  readonly elapsedMs: number;
  readonly cost: {
    readonly bios: number;
    readonly requests: number;
    readonly commands: number;
    readonly commandsPeak: number;
    readonly listBytes: number;
  };
  /** Blocks that an emulated device copied inside its store, by the store's means: `clone` moved no data. */
  readonly storeCopies?: Readonly<Record<string, number>>;
  readonly verification?: VerificationPart;
  readonly commands: readonly CopyCommandPart[];
  readonly ranges: readonly CopyRangePart[];
}

const commandSchema: z.ZodMiniType<CopyCommandPart> = z.looseObject({
  index: count,
  device: z.string(),
  destination: count,
  blocks: count,
  ranges: count,
  status: statusSchema,
  deviceStatus: z.exactOptional(deviceStatusSchema),
});

const rangeSchema: z.ZodMiniType<CopyRangePart> = z.looseObject({
  range: count,
  source: count,
  destination: count,
  blocks: count,
  means: z.enum(["offload", "clone", "kernel-copy", "emulated", "none"]),
  status: statusSchema,
  commands: z.array(count),
  deviceStatus: z.exactOptional(deviceStatusSchema),
});

const verificationSchema: z.ZodMiniType<VerificationPart> = z.looseObject({
  verdict: z.enum(["verified", "mismatch", "nothing"]),
  comparedBlocks: count,
  differentBlocks: count,
  firstDifference: z.exactOptional(count),
  sources: z.enum(["unchanged", "changed", "overlapped"]),
  guardBlocks: count,
  guards: z.enum(["unchanged", "changed"]),
});

const summaryShape = {
  status: statusSchema,
  exitStatus: count,
  signal: z.exactOptional(z.enum(["SIGINT", "SIGTERM"])),
  device: devicePartSchema,
  strategy: z.string(),
  destination: count,
  destinationDevice: z.exactOptional(z.string()),
  blocks: count,
  copiedBlocks: count,
  offloadedBlocks: count,
  clonedBlocks: count,
  kernelCopiedBlocks: count,
  emulatedBlocks: count,
  bytesThroughHost: count,
  elapsedMs: durationMs,
  cost: z.looseObject({
    bios: count,
    requests: count,
    commands: count,
    commandsPeak: count,
    listBytes: count,
  }),
  storeCopies: z.exactOptional(z.record(z.string(), count)),
  verification: z.exactOptional(verificationSchema),
};

/** `blockferry copy -o json`. */
export const copyDocument: z.ZodMiniType<CopyDocument> = z.looseObject({
  schema: schemaMark("blockferry.copy"),
  ...summaryShape,
  commands: z.array(commandSchema),
  ranges: z.array(rangeSchema),
});

/** A line of `blockferry copy -o jsonl`: each command, each range, and last the summary. */
export type CopyLine =
  | ({ readonly type: "command" } & CopyCommandPart)
  | ({ readonly type: "range" } & CopyRangePart)
  | ({ readonly type: "copy" } & Omit<CopyDocument, "commands" | "ranges">);

/** One line of `blockferry copy -o jsonl`. */
export const copyLine: z.ZodMiniType<CopyLine> = z.union([
  z.intersection(z.looseObject({ type: z.literal("command") }), commandSchema),
  z.intersection(z.looseObject({ type: z.literal("range") }), rangeSchema),
  z.looseObject({
    type: z.literal("copy"),
    schema: schemaMark("blockferry.copy"),
    ...summaryShape,
  }),
]);

import type { CopyShape } from "@blockferry/core";
import * as z from "zod/mini";
import { count, type DevicePart, devicePartSchema, type SchemaMark, schemaMark } from "./parts.ts";

/** Limits of a device as a block layer's queue has them, in blocks; absent: there is no such operation or limit. */
export interface LimitsPart {
  readonly bytesPerBlock: number;
  readonly transferBlocksMax: number;
  readonly copyShape?: CopyShape;
  readonly copyBlocksMax?: number;
  readonly copyBlocksHwMax?: number;
  readonly copyRangesMax?: number;
  readonly copyRangesHwMax?: number;
  readonly copyRangeBlocksMax?: number;
  readonly copyRangeBlocksHwMax?: number;
  readonly copyCrossDevice?: boolean;
}

/** A structure that the device gave about itself, in the standard's field names. */
export interface NativePart {
  /** The name `blockferry decode` knows the structure by. */
  readonly structure: string;
  readonly namespace?: number;
  /** The device at the bottom that it is of, where there may be several: `lun0`. */
  readonly device?: string;
  readonly fields: Readonly<Record<string, string | number | boolean | readonly number[]>>;
}

export interface InfoDocument {
  readonly schema: SchemaMark<"blockferry.info">;
  readonly device: DevicePart;
  readonly family: string;
  readonly limits: LimitsPart;
  readonly namespaces: readonly DeviceLimitsPart[];
  readonly native: readonly NativePart[];
  readonly store?: StorePart;
  /** Whose departures from the standard the device is known for, and which these are. */
  readonly peer?: { readonly name: string; readonly deviations: readonly string[] };
}

export interface DeviceLimitsPart {
  readonly name: string;
  readonly bytesPerBlock: number;
  readonly capacityBlocks: number;
  readonly limits: LimitsPart;
  /** Why the device has no copy command, where it has none. */
  readonly copyRefusal?: string;
}

/** What an emulated device keeps its blocks in. */
export interface StorePart {
  readonly kind: "file" | "memory";
  readonly path?: string;
  readonly bytes: number;
  /** How copies inside the image are carried out: `clone`, `kernel-copy`, `read-write`, `memory`, `device`. */
  readonly copyMeans: string;
  /** How other processes are kept out. */
  readonly lockMeans?: string;
}

export const limitsSchema: z.ZodMiniType<LimitsPart> = z.looseObject({
  bytesPerBlock: count,
  transferBlocksMax: count,
  copyShape: z.exactOptional(z.enum(["many-to-one", "one-to-one", "pairs", "token"])),
  copyBlocksMax: z.exactOptional(count),
  copyBlocksHwMax: z.exactOptional(count),
  copyRangesMax: z.exactOptional(count),
  copyRangesHwMax: z.exactOptional(count),
  copyRangeBlocksMax: z.exactOptional(count),
  copyRangeBlocksHwMax: z.exactOptional(count),
  copyCrossDevice: z.exactOptional(z.boolean()),
});

/** `blockferry info -o json`. */
export const infoDocument: z.ZodMiniType<InfoDocument> = z.looseObject({
  schema: schemaMark("blockferry.info"),
  device: devicePartSchema,
  family: z.string(),
  limits: limitsSchema,
  namespaces: z.array(
    z.looseObject({
      name: z.string(),
      bytesPerBlock: count,
      capacityBlocks: count,
      limits: limitsSchema,
      copyRefusal: z.exactOptional(z.string()),
    }),
  ),
  native: z.array(
    z.looseObject({
      structure: z.string(),
      namespace: z.exactOptional(count),
      device: z.exactOptional(z.string()),
      fields: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]),
      ),
    }),
  ),
  peer: z.exactOptional(z.looseObject({ name: z.string(), deviations: z.array(z.string()) })),
  store: z.exactOptional(
    z.looseObject({
      kind: z.enum(["file", "memory"]),
      path: z.exactOptional(z.string()),
      bytes: count,
      copyMeans: z.string(),
      lockMeans: z.exactOptional(z.string()),
    }),
  ),
});

import { type StatusName, status } from "@blockferry/core";
import * as z from "zod/mini";

/** What every document begins with: which schema it follows. The version counts breaking changes. */
export interface SchemaMark<Name extends string> {
  readonly name: Name;
  readonly version: 1;
}

export function schemaMark<Name extends string>(name: Name): z.ZodMiniType<SchemaMark<Name>> {
  return z.looseObject({ name: z.literal(name), version: z.literal(1) });
}

/** A whole number from 0 to 2^53-1. */
export const count: z.ZodMiniType<number> = z.int().check(z.gte(0));

/** Milliseconds. */
export const durationMs: z.ZodMiniType<number> = z.number().check(z.gte(0));

export const statusSchema: z.ZodMiniType<StatusName> = z.enum(
  Object.keys(status) as [StatusName, ...StatusName[]],
);

/** The device's own status, beside the core status it was mapped to. */
export interface DeviceStatusPart {
  /** `nvme`, `scsi`, `ata` or `file`. */
  readonly family: string;
  /** As the family writes it; NVMe: Status Code Type << 8 | Status Code. */
  readonly code: number;
  readonly name: string;
  readonly fields: Readonly<Record<string, number>>;
}

export const deviceStatusSchema: z.ZodMiniType<DeviceStatusPart> = z.looseObject({
  family: z.string(),
  code: count,
  name: z.string(),
  fields: z.record(z.string(), z.number()),
});

/** The device that a command worked on. */
export interface DevicePart {
  readonly uri: string;
  /** Layers above the device, bottom to top, as they were given. */
  readonly stack: readonly string[];
  readonly name: string;
  readonly bytesPerBlock: number;
  readonly capacityBlocks: number;
  /** How sure the bytes of its copy command are, where they are not from a published standard. */
  readonly provisional?: string;
}

export const devicePartSchema: z.ZodMiniType<DevicePart> = z.looseObject({
  uri: z.string(),
  stack: z.array(z.string()),
  name: z.string(),
  bytesPerBlock: count,
  capacityBlocks: count,
  provisional: z.exactOptional(z.string()),
});

import * as z from "zod/mini";
import { count, type DevicePart, devicePartSchema, type SchemaMark, schemaMark } from "./parts.ts";

export interface PlannedRangePart {
  /** Device of the source, where it is not that of the command. */
  readonly device?: string;
  readonly source: number;
  readonly blocks: number;
}

/** A command as it would be sent. */
export interface PlannedCommandPart {
  readonly index: number;
  /**
   * The device at the bottom of the stack that is written, by a command to it; addresses are its own. POPULATE TOKEN goes to
   * the device of the ranges.
   */
  readonly device: string;
  readonly destination: number;
  readonly blocks: number;
  readonly ranges: readonly PlannedRangePart[];
  /** The bytes in hexadecimal. */
  readonly command: string;
  readonly list: string;
}

/** Blocks that no one command can carry; with `--emulate` they would go through the host. */
export interface ResiduePart {
  readonly sourceDevice: string;
  readonly source: number;
  readonly destinationDevice: string;
  readonly destination: number;
  readonly blocks: number;
}

export interface PlanDocument {
  readonly schema: SchemaMark<"blockferry.plan">;
  readonly device: DevicePart;
  readonly destination: number;
  /** Device of the destination, where it is not that of the sources. */
  readonly destinationDevice?: string;
  readonly blocks: number;
  /** What the device is sent beside `commands`, for people. */
  readonly continuation?: string;
  readonly commands: readonly PlannedCommandPart[];
  readonly residue: readonly ResiduePart[];
}

const hex: z.ZodMiniType<string> = z.string().check(z.regex(/^(?:[0-9a-f]{2})*$/));

/** `blockferry plan -o json` and `blockferry copy -n -o json`. */
export const planDocument: z.ZodMiniType<PlanDocument> = z.looseObject({
  schema: schemaMark("blockferry.plan"),
  device: devicePartSchema,
  destination: count,
  destinationDevice: z.exactOptional(z.string()),
  blocks: count,
  continuation: z.exactOptional(z.string()),
  commands: z.array(
    z.looseObject({
      index: count,
      device: z.string(),
      destination: count,
      blocks: count,
      ranges: z.array(
        z.looseObject({ device: z.exactOptional(z.string()), source: count, blocks: count }),
      ),
      command: hex,
      list: hex,
    }),
  ),
  residue: z.array(
    z.looseObject({
      sourceDevice: z.string(),
      source: count,
      destinationDevice: z.string(),
      destination: count,
      blocks: count,
    }),
  ),
});

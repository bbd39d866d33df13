import * as z from "zod/mini";
import { count, type DevicePart, devicePartSchema, type SchemaMark, schemaMark } from "./parts.ts";

export interface PlannedRangePart {
  readonly source: number;
  readonly blocks: number;
}

/** A command as it would be sent. */
export interface PlannedCommandPart {
  readonly index: number;
  /** The device at the bottom of the stack that would get it; addresses are its own. */
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
  readonly blocks: number;
  readonly commands: readonly PlannedCommandPart[];
  readonly residue: readonly ResiduePart[];
}

const hex: z.ZodMiniType<string> = z.string().check(z.regex(/^(?:[0-9a-f]{2})*$/));

/** `blockferry plan -o json` and `blockferry copy -n -o json`. */
export const planDocument: z.ZodMiniType<PlanDocument> = z.looseObject({
  schema: schemaMark("blockferry.plan"),
  device: devicePartSchema,
  destination: count,
  blocks: count,
  commands: z.array(
    z.looseObject({
      index: count,
      device: z.string(),
      destination: count,
      blocks: count,
      ranges: z.array(z.looseObject({ source: count, blocks: count })),
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

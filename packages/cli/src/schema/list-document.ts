import * as z from "zod/mini";
import { type LimitsPart, limitsSchema } from "./info-document.ts";
import { count, type SchemaMark, schemaMark } from "./parts.ts";

/** A file system on a device, and whether it shares blocks. */
export interface ListedFileSystem {
  readonly type: string;
  readonly place: string;
  readonly source: string;
  readonly clones: "yes" | "no" | "unknown";
  /** How that is known. */
  readonly reason: string;
}

export interface ListedPart {
  readonly path: string;
  /** The same device by its generic file. */
  readonly generic?: string;
  /** `nvme`, `scsi`, or `block` for what takes no commands. */
  readonly family: string;
  readonly model: string;
  readonly bytes: number;
  readonly bytesPerBlock: number;
  /** Absent: the device was not asked, or did not answer. */
  readonly limits?: LimitsPart;
  /** Why the device has no copy command, or could not be asked. */
  readonly copyRefusal?: string;
  /** What the device says of copies, in the standard's field names. */
  readonly native: Readonly<Record<string, string | number | boolean | readonly number[]>>;
  /** Why it is not copied in without `--force`. */
  readonly users: readonly string[];
  readonly fileSystems: readonly ListedFileSystem[];
}

export interface ListDocument {
  readonly schema: SchemaMark<"blockferry.list">;
  readonly devices: readonly ListedPart[];
}

/** `blockferry list -o json`. */
export const listDocument: z.ZodMiniType<ListDocument> = z.looseObject({
  schema: schemaMark("blockferry.list"),
  devices: z.array(
    z.looseObject({
      path: z.string(),
      generic: z.exactOptional(z.string()),
      family: z.string(),
      model: z.string(),
      bytes: count,
      bytesPerBlock: count,
      limits: z.exactOptional(limitsSchema),
      copyRefusal: z.exactOptional(z.string()),
      native: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]),
      ),
      users: z.array(z.string()),
      fileSystems: z.array(
        z.looseObject({
          type: z.string(),
          place: z.string(),
          source: z.string(),
          clones: z.enum(["yes", "no", "unknown"]),
          reason: z.string(),
        }),
      ),
    }),
  ),
});

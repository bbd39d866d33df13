import * as z from "zod/mini";
import { nonEmpty, oneOf, size, whole } from "./uri-parameters.ts";

/** What an `ata-model:` URI says, checked. */
export interface AtaModelParameters {
  readonly size?: string | undefined;
  readonly create?: string | undefined;
  readonly bs?: "512" | "4096" | undefined;
  readonly preset?: "ideal" | "qemu-7.2" | undefined;
  readonly profile?: "acs6-provisional-66" | "acs6-provisional-68" | "none" | undefined;
  /** A file with a profile of WRITE GATHERED EXT, of the caller's own. */
  readonly gathered?: string | undefined;
  readonly provisional?: "send" | undefined;
  readonly entries?: number | undefined;
  readonly queued?: "on" | "off" | undefined;
  readonly sat?: "off" | "extended-copy" | "lid4" | "token" | "pass-through" | undefined;
  /** Whose way of ATA PASS-THROUGH the translator has. */
  readonly translator?:
    | "standard"
    | "libata-6.12"
    | "libata-6.12-ahci"
    | "libata-6.1-ahci"
    | undefined;
  /** Format of the translator's sense data. */
  readonly sense?: "fixed" | "descriptor" | undefined;
  readonly depth?: number | undefined;
  readonly fault?: readonly string[] | undefined;
}

const shape = {
  size: z.optional(size),
  create: z.optional(size),
  bs: z.optional(oneOf(["512", "4096"])),
  preset: z.optional(oneOf(["ideal", "qemu-7.2"])),
  profile: z.optional(oneOf(["acs6-provisional-66", "acs6-provisional-68", "none"])),
  gathered: z.optional(nonEmpty),
  provisional: z.optional(oneOf(["send"])),
  entries: z.optional(whole(1, 65_536)),
  queued: z.optional(oneOf(["on", "off"])),
  sat: z.optional(oneOf(["off", "extended-copy", "lid4", "token", "pass-through"])),
  translator: z.optional(oneOf(["standard", "libata-6.12", "libata-6.12-ahci", "libata-6.1-ahci"])),
  sense: z.optional(oneOf(["fixed", "descriptor"])),
  depth: z.optional(whole(1, 32)),
  fault: z.optional(z.array(nonEmpty)),
};

/** Names of the parameters. */
export const ataModelParameterNames: readonly string[] = Object.keys(shape);

/** Parameters of `ata-model:` URIs. `entries` lowers the source ranges of one WRITE GATHERED EXT. */
export const ataModelParameters: z.ZodMiniType<AtaModelParameters> = z.object(shape);

import * as z from "zod/mini";
import { furtherPlaces, nonEmpty, oneOf, size, whole } from "./uri-parameters.ts";

/** What a `scsi-model:` URI says, checked; further logical units are `lun1`, `lun2`, … */
export interface ScsiModelParameters {
  readonly size?: string | undefined;
  readonly create?: string | undefined;
  readonly bs?: "512" | "4096" | undefined;
  readonly profile?: "ideal" | "lio" | "scst" | "ctl" | undefined;
  readonly copy?: "extended-copy" | "lid4" | "token" | "off" | undefined;
  readonly designators?: "own" | "same" | undefined;
  readonly initiator?: "standard" | "vmware-vaai" | "windows-odx" | undefined;
  readonly segments?: number | undefined;
  readonly ranges?: number | undefined;
  readonly thin?: "on" | "off" | undefined;
  readonly depth?: number | undefined;
  readonly fault?: readonly string[] | undefined;
  readonly [unit: `lun${number}`]: string | undefined;
}

const shape = {
  size: z.optional(size),
  create: z.optional(size),
  bs: z.optional(oneOf(["512", "4096"])),
  profile: z.optional(oneOf(["ideal", "lio", "scst", "ctl"])),
  copy: z.optional(oneOf(["extended-copy", "lid4", "token", "off"])),
  designators: z.optional(oneOf(["own", "same"])),
  initiator: z.optional(oneOf(["standard", "vmware-vaai", "windows-odx"])),
  segments: z.optional(whole(1, 1024)),
  ranges: z.optional(whole(1, 1024)),
  thin: z.optional(oneOf(["on", "off"])),
  depth: z.optional(whole(1, 1024)),
  fault: z.optional(z.array(nonEmpty)),
  ...furtherPlaces("lun", 1),
};

/** Names of the parameters. */
export const scsiModelParameterNames: readonly string[] = Object.keys(shape);

/** Parameters of `scsi-model:` URIs. */
export const scsiModelParameters: z.ZodMiniType<ScsiModelParameters> = z.object(shape);

import * as z from "zod/mini";
import { furtherPlaces, nonEmpty, oneOf, whole } from "./uri-parameters.ts";

/** What the URI of a real device says, checked; further namespaces are `ns1`, `ns2`, …, further units `lun1`, `lun2`, … */
export interface LinuxDeviceParameters {
  readonly depth?: number | undefined;
  readonly copy?: "extended-copy" | "lid4" | "token" | undefined;
  readonly profile?: "standard" | "lio" | "scst" | "ctl" | undefined;
  /** A file with a profile of WRITE GATHERED EXT, of the caller's own. */
  readonly gathered?: string | undefined;
  readonly provisional?: "send" | undefined;
  readonly [further: `ns${number}` | `lun${number}`]: string | undefined;
}

const shape = {
  depth: z.optional(whole(1, 256)),
  copy: z.optional(oneOf(["extended-copy", "lid4", "token"])),
  profile: z.optional(oneOf(["standard", "lio", "scst", "ctl"])),
  gathered: z.optional(nonEmpty),
  provisional: z.optional(oneOf(["send"])),
  ...furtherPlaces("ns", 1),
  ...furtherPlaces("lun", 1),
};

/** Names of the parameters. */
export const linuxDeviceParameterNames: readonly string[] = Object.keys(shape);

/** Parameters of the URIs of real devices. */
export const linuxDeviceParameters: z.ZodMiniType<LinuxDeviceParameters> = z.object(shape);

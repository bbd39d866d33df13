import * as z from "zod/mini";
import { furtherPlaces, nonEmpty, oneOf, size, whole } from "./uri-parameters.ts";

/** What an `nvme-model:` URI says, checked; further namespaces are `ns2`, `ns3`, … */
export interface NvmeModelParameters {
  readonly size?: string | undefined;
  readonly create?: string | undefined;
  readonly bs?: string | undefined;
  readonly mssrl?: number | undefined;
  readonly mcl?: number | undefined;
  readonly msrc?: number | undefined;
  readonly mdts?: number | undefined;
  readonly depth?: number | undefined;
  readonly copy?: "on" | "off" | undefined;
  readonly peer?: "ideal" | "qemu-7.2" | "qemu-10" | "spdk" | undefined;
  readonly validate?: "upfront" | "eager" | undefined;
  /** Metadata bytes of each block. */
  readonly ms?: number | undefined;
  /** Type of protection information. */
  readonly pi?: "1" | "2" | "3" | undefined;
  /** Bits of the guard of protection information. */
  readonly pif?: "16" | "32" | "64" | undefined;
  /** A file for the metadata of the URI's own image. */
  readonly meta?: string | undefined;
  readonly fault?: readonly string[] | undefined;
  readonly [namespace: `ns${number}`]: string | undefined;
}

const shape = {
  size: z.optional(size),
  create: z.optional(size),
  bs: z.optional(oneOf(["512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"])),
  mssrl: z.optional(whole(1, 65_535)),
  mcl: z.optional(whole(1, 2 ** 32 - 1)),
  msrc: z.optional(whole(0, 255)),
  mdts: z.optional(whole(0, 15)),
  depth: z.optional(whole(1, 1024)),
  copy: z.optional(oneOf(["on", "off"])),
  peer: z.optional(oneOf(["ideal", "qemu-7.2", "qemu-10", "spdk"])),
  validate: z.optional(oneOf(["upfront", "eager"])),
  ms: z.optional(whole(1, 65_535)),
  pi: z.optional(oneOf(["1", "2", "3"])),
  pif: z.optional(oneOf(["16", "32", "64"])),
  meta: z.optional(nonEmpty),
  fault: z.optional(z.array(nonEmpty)),
  ...furtherPlaces("ns", 2),
};

/** Names of the parameters. */
export const nvmeModelParameterNames: readonly string[] = Object.keys(shape);

/**
 * Parameters of `nvme-model:` URIs. Limits are written as the fields of Identify Namespace are (NVM Command Set
 * Specification 1.2, figure 114): MSSRL and MCL one-based, MSRC 0's based, so that `msrc=0` allows one range.
 */
export const nvmeModelParameters: z.ZodMiniType<NvmeModelParameters> = z.object(shape);

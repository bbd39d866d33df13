import * as z from "zod/mini";
import { oneOf, whole } from "./uri-parameters.ts";

const nonEmpty: z.ZodMiniType<string> = z
  .string()
  .check(z.minLength(1, { error: "something, not empty" }));
const size: z.ZodMiniType<string> = z
  .string()
  .check(z.regex(/^[0-9]/, { error: "a size such as 1GiB (a plain number counts blocks)" }));

function namespaceParameters(): Record<string, z.ZodMiniOptional<z.ZodMiniType<string>>> {
  const numbers = Array.from({ length: 15 }, (_, i) => i + 2);
  return Object.fromEntries(numbers.map((n) => [`ns${n}`, z.optional(nonEmpty)]));
}

/**
 * Parameters of `nvme-model:` URIs. Limits are written as the fields of Identify Namespace are (NVM Command Set
 * Specification 1.2, figure 114): MSSRL and MCL one-based, MSRC 0's based, so that `msrc=0` allows one range.
 */
export const nvmeModelParameters = z.object({
  size: z.optional(size),
  create: z.optional(size),
  bs: z.optional(
    oneOf(["512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"] as const),
  ),
  mssrl: z.optional(whole(1, 65_535)),
  mcl: z.optional(whole(1, 2 ** 32 - 1)),
  msrc: z.optional(whole(0, 255)),
  mdts: z.optional(whole(0, 15)),
  depth: z.optional(whole(1, 4096)),
  copy: z.optional(oneOf(["on", "off"] as const)),
  peer: z.optional(oneOf(["ideal", "qemu-7.2", "qemu-10", "spdk"] as const)),
  validate: z.optional(oneOf(["upfront", "eager"] as const)),
  fault: z.optional(z.array(nonEmpty)),
  ...namespaceParameters(),
});

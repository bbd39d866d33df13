/**
 * The host's side of NVMe: limits, the command set, and controllers. The codec is `/codec`, the emulated device `/model`.
 *
 * @packageDocumentation
 */
export type { NvmeBlockFormat, NvmeCopyFormats } from "./block-format.ts";
export type { NvmeCommandOptions, NvmeDirective } from "./command-options.ts";
export { type NvmeCommandSetOptions, nvmeCommandSet, RANGE_LIST_BYTES_MAX } from "./command-set.ts";
export type {
  NvmeProtectionChecks,
  NvmeProtectionOptions,
  NvmeProtectionSide,
} from "./protection-options.ts";
export {
  type ByteOrder,
  type TagByteOrder,
  type TagByteOrderName,
  tagByteOrders,
} from "./tag-byte-order.ts";

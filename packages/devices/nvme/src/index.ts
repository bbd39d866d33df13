/**
 * The host's side of NVMe: limits, the command set, and controllers. The codec is `/codec`, the emulated device `/model`.
 *
 * @packageDocumentation
 */
export type { NvmeBlockFormat, NvmeCopyFormats } from "./block-format.ts";
export type { NvmeCommandOptions, NvmeDirective } from "./command-options.ts";
export { type NvmeCommandSetOptions, nvmeCommandSet, RANGE_LIST_BYTES_MAX } from "./command-set.ts";
export type { EncodableNamespace } from "./command-templates.ts";
export {
  type NvmeController,
  type NvmeControllerOptions,
  openNvmeController,
} from "./controller.ts";
export { type EncodedCopy, encodePlan } from "./encode-plan.ts";
export {
  type NvmeLimits,
  type NvmeLimitsSource,
  type NvmeSoftLimits,
  nvmeLimits,
} from "./limits.ts";
export type { NvmeNamespace } from "./namespace.ts";
export { type NvmeCliOptions, nvmeCliCommand } from "./nvme-cli.ts";
export { type NvmePeer, type NvmePeerName, nvmePeers, recognisePeer } from "./peers.ts";
export type {
  NvmeProtectionChecks,
  NvmeProtectionOptions,
  NvmeProtectionSide,
} from "./protection-options.ts";
export { coreStatusOf, describeCompletion } from "./status-map.ts";

/**
 * An emulated NVMe controller: bytes in, bytes out.
 *
 * @packageDocumentation
 */
export type { FastCopy, OptionalCommand, StoreCopyListener } from "./controller.ts";
export type { NvmeModelOptions } from "./controller-options.ts";
export type {
  BusyFault,
  CommandFault,
  ControllerFault,
  Fault,
  FaultPlan,
  LostCompletionFault,
  MediumFault,
  StatusFault,
} from "./fault-plan.ts";
export { type CopyLimits, formatNvmeMetadata } from "./namespace.ts";
export type { NvmeMetadataOptions, NvmeNamespaceOptions } from "./namespace-options.ts";
export { type NvmeModel, nvmeModel } from "./nvme-model.ts";
export type { HeadCheck, ListCheck, PeerBehaviour, RangeCheck, Validation } from "./peer.ts";
export { type PeerName, peers } from "./peers.ts";

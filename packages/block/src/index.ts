/**
 * The block layer engine: submit, remap, split, queue, plug, tags, dispatch, complete, cancel, emulate.
 *
 * @packageDocumentation
 */
export {
  type CopyOptions,
  type CopyProgress,
  copy,
  copyOn,
  type EngineCopyOptions,
} from "./copy.ts";
export type { CommandRecord, CopyMeans, CopySpan } from "./copy-record.ts";
export type { DeviceCopyRequest } from "./copy-request.ts";
export { type CopyCost, CopyResult, type CopyTotals, type RangeOutcome } from "./copy-result.ts";
export {
  type AsynchronousDevice,
  asynchronous,
  type BlockDevice,
  type BlockDeviceOptions,
  type BottomDevice,
  blockDevice,
  bottomsOf,
  type DevicePart,
  type LinearDevice,
  linear,
  type MappingDevice,
  mapping,
  numberDevices,
  partition,
  type StripedDevice,
  striped,
} from "./device.ts";
export {
  type BlockEngine,
  blockEngine,
  type SubmitOptions,
} from "./engine.ts";
export type { BlockEngineOptions } from "./engine-options.ts";
export {
  type CopySink,
  type EngineCounters,
  type EngineDefect,
  type EngineFaults,
  engineDefects,
  step,
} from "./engine-state.ts";
export { inOrder } from "./in-order.ts";
export { type OrderedPieces, orderPieces, overlappingRange, pieceKind } from "./overlap.ts";
export { type DevicePlan, planCopy } from "./plan-copy.ts";
export type { EngineBounds } from "./sizes.ts";

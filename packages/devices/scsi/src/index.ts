/**
 * The initiator's side of SCSI third-party copies: what a target is, limits, command sets. The codec is `/codec`, the
 * emulated target `/model`.
 *
 * @packageDocumentation
 */
export { describeCompletion } from "./answer.ts";
export { type ByteCopy, type EncodeByteCopiesOptions, encodeByteCopies } from "./byte-copies.ts";
export type {
  ExtendedCopyOptions,
  ListFormat,
  ListIdUsage,
  ScsiCommandOptions,
  TokenCopyOptions,
} from "./command-options.ts";
export type { CopyPath } from "./copy-paths.ts";
export { ddptTokenLines, ddptTokenWarning, ddptXcopyLines } from "./ddpt.ts";
export { type EncodedScsiCommand, type EncodePlanOptions, encodePlan } from "./encode-plan.ts";
export {
  type ExtendedCopyCommandSetOptions,
  extendedCopyCommandSet,
} from "./extended-copy-command-set.ts";
export type { ScsiSoftLimits } from "./limits.ts";
export {
  type ProfileLimits,
  recogniseProfile,
  type ScsiProfile,
  type ScsiProfileName,
  scsiProfiles,
} from "./profiles.ts";
export { openScsiTarget, type ScsiTarget, type ScsiTargetOptions } from "./scsi-target.ts";
export { type SgLineOptions, sgXcopyLines } from "./sg-xcopy.ts";
export { coreStatusOf, type SenseMeaning } from "./status-map.ts";
export {
  type TokenCopyCommandSetOptions,
  tokenCopyCommandSet,
} from "./token-copy-command-set.ts";
export type {
  EncodableUnit,
  ExtendedCopyAbility,
  ScsiUnit,
  TokenCopyAbility,
} from "./unit.ts";
export type { SkippedUnit } from "./unit-facts.ts";
export { encodeZeroWrites } from "./zero-writes.ts";

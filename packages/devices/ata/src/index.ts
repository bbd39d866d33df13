/**
 * The host's side of ATA: disks, their limits, and the command set with WRITE GATHERED EXT by profile. The codec is
 * `/codec`, the emulated disk `/model`, ATA PASS-THROUGH in front of it `/sat`.
 *
 * @packageDocumentation
 */
export type { AtaDevice } from "./ata-device.ts";
export { type AtaOverScsiOptions, ataOverScsi } from "./ata-over-scsi.ts";
export {
  checkProfile,
  isProvisional,
  type ProfileProblem,
  parseProfile,
  provisionalLabel,
  provisionalText,
  type WriteGatheredProfile,
  writeGatheredProfile,
  writeGatheredProfiles,
} from "./codec/write-gathered/index.ts";
export type { AtaCommandOptions } from "./command-options.ts";
export { type AtaCommandSetOptions, ataCommandSet } from "./command-set.ts";
export { type OpenAtaDeviceOptions, openAtaDevice } from "./open-ata-device.ts";
export {
  type PlannedWriteGathered,
  planWriteGathered,
  type WriteGatheredPlan,
} from "./plan-write-gathered.ts";
export type { ProvisionalUse } from "./provisional-use.ts";
export { describeRegisters, type EndedRegisters } from "./status-map.ts";

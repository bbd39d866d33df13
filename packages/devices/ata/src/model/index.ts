/**
 * An emulated ATA disk with every command of ATA PASS-THROUGH tools and WRITE GATHERED EXT by profile.
 *
 * @packageDocumentation
 */
export { type AtaModel, ataModel } from "./ata-model.ts";
export type { StoreCopyListener } from "./disk.ts";
export type {
  AtaFault,
  AtaFaultPlan,
  CommandFault,
  InterfaceCrcFault,
  LostFault,
  MediumFault,
  PowerFault,
  RegistersFault,
} from "./fault-plan.ts";
export type { AtaModelOptions } from "./model-options.ts";
export {
  type AtaIdentity,
  type AtaPreset,
  type AtaPresetName,
  ataPresets,
} from "./preset.ts";

/**
 * An emulated SCSI target: bytes in, bytes out.
 *
 * @packageDocumentation
 */
export type { CopyFailure } from "./copy-failures.ts";
export type {
  BusyFault,
  CommandFault,
  Fault,
  FaultPlan,
  LostCompletionFault,
  MediumFault,
  SenseFault,
  TargetFault,
} from "./fault-plan.ts";
export type {
  BlockLimits,
  CopyManagerLimits,
  ListCheck,
  OptionalCommand,
  Provisioning,
  RodTypeSupport,
  SenseStyle,
  TargetIdentity,
  TargetProfile,
  ThirdPartyCommand,
  TokenLimits,
} from "./profile.ts";
export { type ProfileName, profiles } from "./profiles.ts";
export { type ScsiModel, type ScsiNexus, scsiModel } from "./scsi-model.ts";
export type { SenseCode } from "./sense.ts";
export type { ModelClock, StoreCopyListener, TargetDefects } from "./target.ts";
export type {
  ScsiInitiatorOptions,
  ScsiLunMapping,
  ScsiModelOptions,
} from "./target-options.ts";
export type {
  ScsiUnitOptions,
  TranslatedAnswer,
  TranslatedCommand,
  UnitTranslator,
} from "./unit-options.ts";

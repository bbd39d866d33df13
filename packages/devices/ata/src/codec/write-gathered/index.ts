export {
  annotateGatheredList,
  annotateWriteGathered,
  decodeWriteGathered,
  type WriteGathered,
} from "./annotate.ts";
export {
  defaultProfile,
  isBuiltInProfile,
  writeGatheredProfile,
  writeGatheredProfiles,
} from "./built-in-profiles.ts";
export {
  checkProfile,
  type ProfileProblem,
  parseProfile,
} from "./check-profile.ts";
export {
  checkGatheredTaskFile,
  type GatheredCommandInput,
  gatheredForm,
  gatheredTaskFile,
} from "./command.ts";
export { entryBlocksMax } from "./entry-blocks-max.ts";
export { decodeGatheredList, encodeGatheredList, gatheredListBytes } from "./list.ts";
export type {
  FieldPlace,
  GatheredCapability,
  GatheredErrors,
  GatheredHeader,
  GatheredLimits,
  GatheredList,
  GatheredQueued,
  GatheredRegisters,
  ProfileProvenance,
  RegisterMeaning,
  WriteGatheredProfile,
} from "./profile.ts";
export { isProvisional, provisionalLabel, provisionalText } from "./provisional.ts";

/**
 * Schemas (zod) of the documents that the command line prints. `schemas/*.json` of the package are the same as JSON
 * Schema. Fields may be added within a version; none is removed or changed.
 *
 * @packageDocumentation
 */
export {
  type CompareDocument,
  type CostPart,
  compareDocument,
  type HazardCellPart,
  type HazardPart,
} from "./compare-document.ts";
export {
  type CopyCommandPart,
  type CopyDocument,
  type CopyLine,
  type CopyMeans,
  type CopyRangePart,
  copyDocument,
  copyLine,
  type VerificationPart,
} from "./copy-document.ts";
export {
  type DecodeDocument,
  type DecodedField,
  type DecodedFieldValue,
  decodeDocument,
} from "./decode-document.ts";
export { type ErrorDocument, errorDocument } from "./error-document.ts";
export {
  type BoundsPart,
  type CounterexamplePart,
  type ExploreDocument,
  type ExploredPart,
  exploreDocument,
  type RandomDocument,
  type RandomPart,
  type ReplayDocument,
  type RunPart,
  randomDocument,
  replayDocument,
  type StepPart,
  type ViolationPart,
} from "./explore-document.ts";
export {
  type DeviceLimitsPart,
  type InfoDocument,
  infoDocument,
  type LimitsPart,
  type NativePart,
  type StorePart,
} from "./info-document.ts";
export {
  type ListDocument,
  type ListedFileSystem,
  type ListedPart,
  listDocument,
} from "./list-document.ts";
export type { DevicePart, DeviceStatusPart, SchemaMark } from "./parts.ts";
export {
  type PlanDocument,
  type PlannedCommandPart,
  type PlannedRangePart,
  planDocument,
  type ResiduePart,
} from "./plan-document.ts";
export {
  type ScenarioPart,
  type ScenariosDocument,
  scenariosDocument,
} from "./scenarios-document.ts";

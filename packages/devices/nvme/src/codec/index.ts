/**
 * The bytes of NVMe Copy and its neighbours, both directions: one table per structure.
 * @packageDocumentation
 */
export {
  type BlockTags,
  commandTags,
  entryTags,
  type GuardBits,
  type PlacedTags,
  placeTags,
  storageTagBits,
  tagSpaceBits,
} from "./block-tags.ts";
export { type CompareCommand, compareCommand } from "./compare-command.ts";
export { type CompletionQueueEntry, completionQueueEntry } from "./completion.ts";
export { type CopyCommand, copyCommand } from "./copy-command.ts";
export {
  type DatasetManagementCommand,
  datasetManagementCommand,
} from "./dataset-management-command.ts";
export { type DatasetManagementRange, datasetManagementRange } from "./dataset-management-range.ts";
export { type FlushCommand, flushCommand } from "./flush-command.ts";
export { type GenericCommand, genericCommand } from "./generic-command.ts";
export { type GetFeaturesCommand, getFeaturesCommand } from "./get-features-command.ts";
export { type HostBehavior, hostBehavior } from "./host-behavior.ts";
export { type IdentifyCommand, identifyCommand } from "./identify-command.ts";
export { type IdentifyController, identifyController } from "./identify-controller.ts";
export { type IdentifyControllerNvm, identifyControllerNvm } from "./identify-controller-nvm.ts";
export { type IdentifyNamespace, identifyNamespace } from "./identify-namespace.ts";
export { type IdentifyNamespaceNvm, identifyNamespaceNvm } from "./identify-namespace-nvm.ts";
export { type NamespaceList, namespaceList } from "./namespace-list.ts";
export { type ProtectionInformation, prinfo, readPrinfo } from "./prinfo.ts";
export {
  advanceReferenceTag,
  type Crc64State,
  checkProtection,
  crc16T10,
  crc32c,
  crc64Nvme,
  crc64NvmeStart,
  crc64NvmeUpdate,
  generateProtection,
  type ProtectedBlocks,
  type ProtectionCheck,
  type ProtectionFault,
  type ProtectionFormat,
  type ProtectionSettings,
  type ProtectionType,
  protectionFault,
  protectionFormat,
  readTags,
  referenceTagIsLba,
  type TagSpace,
  tagSpace,
} from "./protection/index.ts";
export { type ReadCommand, readCommand } from "./read-command.ts";
export { type SetFeaturesCommand, setFeaturesCommand } from "./set-features-command.ts";
export { type SglDescriptor, sglDescriptor } from "./sgl-descriptor.ts";
export {
  guessSourceRangeFormat,
  type SourceRange0,
  type SourceRange1,
  type SourceRange2,
  type SourceRange3,
  type SourceRangeFormat,
  sourceRange0,
  sourceRange1,
  sourceRange2,
  sourceRange3,
  sourceRangeStructure,
} from "./source-range.ts";
export {
  type DecodeSourceRangesOptions,
  decodeSourceRanges,
  encodeSourceRanges,
  type SourceRange,
  type SourceRangeInput,
  type SourceRangesOptions,
  sourceRangeBytes,
} from "./source-ranges.ts";
export {
  fabricsStatuses,
  type NvmeStatus,
  nvmeStatus,
  nvmeStatuses,
  type RetryHint,
  type StatusContext,
} from "./status/index.ts";
export {
  type TagByteOrder,
  type TagByteOrderName,
  tagByteOrder,
  tagByteOrders,
} from "./tag-byte-order.ts";
export type { WireFormat, WireFormatOptions } from "./wire-format.ts";
export { nvmeStructures } from "./wire-formats.ts";
export { type WriteCommand, writeCommand } from "./write-command.ts";
export { type WriteZeroesCommand, writeZeroesCommand } from "./write-zeroes-command.ts";

/** Protection information: guard tags, tuples, generation and checks. Both ends of the protocol use it. */
export {
  checkProtection,
  type ProtectionCheck,
  type ProtectionFault,
  protectionFault,
} from "./check-protection.ts";
export { crc16T10 } from "./crc16-t10.ts";
export { crc32c } from "./crc32c.ts";
export { type Crc64State, crc64Nvme, crc64NvmeStart, crc64NvmeUpdate } from "./crc64-nvme.ts";
export { generateProtection } from "./generate-protection.ts";
export type { ProtectedBlocks } from "./protected-blocks.ts";
export {
  type ProtectionFormat,
  type ProtectionSettings,
  type ProtectionType,
  protectionFormat,
} from "./protection-format.ts";
export {
  advanceReferenceTag,
  readTags,
  referenceTagIsLba,
  type TagSpace,
  tagSpace,
} from "./tag-space.ts";

/**
 * The bytes of ATA, both directions: task files and FISes, ATA PASS-THROUGH and its sense data, identify data, logs,
 * range lists, and WRITE GATHERED EXT by profile.
 *
 * @packageDocumentation
 */
export { ataString, readAtaString } from "./ata-string.ts";
export { checksumOf, isChecksumGood } from "./checksum.ts";
export {
  type AtaCommand,
  type AtaProtocol,
  ataCommand,
  ataCommands,
  commandNames,
  opcode,
} from "./commands.ts";
export {
  type DsmForm,
  type DsmRange,
  type DsmXlRange,
  decodeDsmRanges,
  dsmRange,
  dsmXlRange,
  encodeDsmRanges,
} from "./data-set-management.ts";
export { errorBit, errorText } from "./error-register.ts";
export {
  type DataHeader,
  type DmaActivate,
  type DmaSetup,
  dataHeader,
  dmaActivate,
  dmaSetup,
  type PioSetup,
  pioSetup,
} from "./fis/data-transfer.ts";
export { decodeFis, fisStructure, fisType } from "./fis/fis.ts";
export { type RegisterDeviceToHost, registerDeviceToHost } from "./fis/register-device-to-host.ts";
export { type RegisterHostToDevice, registerHostToDevice } from "./fis/register-host-to-device.ts";
export { type SetDeviceBits, setDeviceBits } from "./fis/set-device-bits.ts";
export {
  bytesPerSector,
  decodeIdentify,
  type IdentifyDevice,
  identifyDevice,
  sectorsOf,
} from "./identify-device.ts";
export { type EmulationPage, emulationPage } from "./logs/emulation-page.ts";
export {
  type IdentifyCapabilities,
  type IdentifyCapacity,
  type IdentifyPageHeader,
  type IdentifyPageList,
  type IdentifySettings,
  identifyCapabilities,
  identifyCapacity,
  identifyPageHeader,
  identifyPageList,
  identifySettings,
} from "./logs/identify-pages.ts";
export { identifyPage, logAddress } from "./logs/log-address.ts";
export { type LogDirectory, logDirectory, pagesOfLog } from "./logs/log-directory.ts";
export { type NcqCommandError, ncqCommandError } from "./logs/ncq-command-error.ts";
export {
  type NcqNonData,
  type NcqSendReceive,
  ncqNonData,
  ncqSendReceive,
} from "./logs/ncq-subcommands.ts";
export {
  type AtaSense,
  isGood,
  type ParseSenseOptions,
  parseSense,
  type ReturnedRegisters,
} from "./sat/parse-sense.ts";
export {
  decodePassThrough,
  encodePassThrough,
  type PassThrough,
  type PassThroughForm,
  type PassThroughInput,
  type PassThroughTransfer,
  passThroughForm,
} from "./sat/pass-through.ts";
export {
  type PassThrough12,
  type PassThrough16,
  type PassThrough32,
  passThrough12,
  passThrough16,
  passThrough32,
  passThroughProtocol,
  transferLength,
} from "./sat/pass-through-cdb.ts";
export {
  type DescriptorSenseHeader,
  descriptorSenseHeader,
  type FixedSense,
  fixedSense,
  type StatusReturn,
  statusReturn,
} from "./sat/sense.ts";
export { statusBit, statusText } from "./status-register.ts";
export {
  addressOf,
  decodeTaskFile,
  LBA28_MAX,
  LBA48_MAX,
  type TaskFile,
  taskFile28,
  taskFileFis,
  type WholeTaskFile,
} from "./task-file.ts";
export { type AtaWireFormat, type AtaWireFormatOptions, ataStructures } from "./wire-formats.ts";
export * from "./write-gathered/index.ts";

import { type Decoded, type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { isChecksumGood } from "./checksum.ts";

const SIGNATURE = 0xa5;

const layout = {
  name: "IDENTIFY DEVICE data",
  bytes: 512,
  endian: "little",
  source: "ACS-4, 7.13.7 (Table 45); words that ACS-4 made obsolete: ATA8-ACS, 7.16",
  fields: [
    { at: "word 0[14:0]", kind: "opaque" },
    { name: "notAta", at: "word 0[15]", kind: "flag", meaning: "not an ATA device" },
    { name: "cylinders", at: "word 1", kind: "uint", meaning: "obsolete: logical cylinders" },
    { at: "word 2", kind: "opaque" },
    { name: "heads", at: "word 3", kind: "uint", meaning: "obsolete: logical heads" },
    { at: "word 4..5", kind: "opaque" },
    { name: "sectorsPerTrack", at: "word 6", kind: "uint", meaning: "obsolete: sectors per track" },
    { at: "word 7..9", kind: "opaque" },
    { name: "serialNumber", at: "word 10..19", kind: "bytes", meaning: "serial number" },
    { at: "word 20..22", kind: "opaque" },
    { name: "firmwareRevision", at: "word 23..26", kind: "bytes", meaning: "firmware revision" },
    { name: "modelNumber", at: "word 27..46", kind: "bytes", meaning: "model number" },
    { name: "multipleMax", at: "word 47[7:0]", kind: "uint", meaning: "sectors of a DRQ block" },
    { at: "word 47[15:8]", kind: "opaque" },
    { at: "word 48", kind: "opaque" },
    { at: "word 49[7:0]", kind: "opaque" },
    { name: "dma", at: "word 49[8]", kind: "flag", meaning: "DMA supported" },
    { name: "lba", at: "word 49[9]", kind: "flag", meaning: "LBA supported" },
    { at: "word 49[15:10]", kind: "opaque" },
    { at: "word 50..52", kind: "opaque" },
    { name: "words64to70Valid", at: "word 53[1]", kind: "flag", meaning: "words 64..70 are valid" },
    { name: "word88Valid", at: "word 53[2]", kind: "flag", meaning: "word 88 is valid" },
    { at: "word 53[0]", kind: "opaque" },
    { at: "word 53[15:3]", kind: "opaque" },
    { at: "word 54..58", kind: "opaque" },
    {
      name: "multipleCurrent",
      at: "word 59[7:0]",
      kind: "uint",
      meaning: "sectors of a DRQ block",
    },
    { name: "multipleValid", at: "word 59[8]", kind: "flag" },
    { at: "word 59[15:9]", kind: "opaque" },
    { name: "sectors28", at: "word 60..61", kind: "uint", meaning: "sectors of 28-bit commands" },
    { at: "word 62", kind: "opaque" },
    { at: "word 63", kind: "opaque" },
    { at: "word 64..68", kind: "opaque" },
    { at: "word 69[4:0]", kind: "opaque" },
    { name: "rzat", at: "word 69[5]", kind: "flag", meaning: "trimmed sectors read as zeroes" },
    { at: "word 69[13:6]", kind: "opaque" },
    { name: "drat", at: "word 69[14]", kind: "flag", meaning: "trimmed sectors read alike" },
    { at: "word 69[15]", kind: "opaque" },
    { at: "word 70..74", kind: "opaque" },
    { name: "queueDepth", at: "word 75[4:0]", kind: "zeroBased", meaning: "queued commands" },
    { at: "word 75[15:5]", kind: "opaque" },
    { at: "word 76[7:0]", kind: "opaque" },
    { name: "ncq", at: "word 76[8]", kind: "flag", meaning: "queued commands supported" },
    { at: "word 76[11:9]", kind: "opaque" },
    {
      name: "ncqPriority",
      at: "word 76[12]",
      kind: "flag",
      meaning: "priority of queued commands",
    },
    { at: "word 76[14:13]", kind: "opaque" },
    { name: "readLogDmaIsReadLog", at: "word 76[15]", kind: "flag" },
    { at: "word 77[4:0]", kind: "opaque" },
    { name: "ncqNonData", at: "word 77[5]", kind: "flag", meaning: "NCQ NON-DATA supported" },
    { name: "ncqSendReceive", at: "word 77[6]", kind: "flag", meaning: "SEND/RECEIVE FPDMA" },
    { at: "word 77[15:7]", kind: "opaque" },
    { at: "word 78[6:0]", kind: "opaque" },
    { name: "ncqAutosense", at: "word 78[7]", kind: "flag", meaning: "sense data in log page 10h" },
    { at: "word 78[15:8]", kind: "opaque" },
    { at: "word 79", kind: "opaque" },
    { name: "majorVersions", at: "word 80", kind: "bitset", meaning: "standards it follows" },
    { name: "minorVersion", at: "word 81", kind: "uint" },
    { name: "smart", at: "word 82[0]", kind: "flag", meaning: "SMART supported" },
    { name: "security", at: "word 82[1]", kind: "flag", meaning: "security supported" },
    { at: "word 82[2]", kind: "opaque" },
    { name: "powerManagement", at: "word 82[3]", kind: "flag" },
    { at: "word 82[4]", kind: "opaque" },
    { name: "writeCache", at: "word 82[5]", kind: "flag", meaning: "write cache supported" },
    { name: "readLookAhead", at: "word 82[6]", kind: "flag", meaning: "read look-ahead supported" },
    { at: "word 82[13:7]", kind: "opaque" },
    { name: "nop", at: "word 82[14]", kind: "flag", meaning: "NOP supported" },
    { at: "word 82[15]", kind: "opaque" },
    { at: "word 83[9:0]", kind: "opaque" },
    { name: "lba48", at: "word 83[10]", kind: "flag", meaning: "48-bit commands supported" },
    { at: "word 83[11]", kind: "opaque" },
    { name: "flushCache", at: "word 83[12]", kind: "flag" },
    { name: "flushCacheExt", at: "word 83[13]", kind: "flag" },
    {
      name: "words82to83",
      at: "word 83[15:14]",
      kind: "uint",
      meaning: "01b: 82 and 83 are valid",
    },
    { at: "word 84[4:0]", kind: "opaque" },
    { name: "gpl", at: "word 84[5]", kind: "flag", meaning: "general purpose logging" },
    { name: "writeDmaFuaExt", at: "word 84[6]", kind: "flag" },
    { at: "word 84[7]", kind: "opaque" },
    { name: "hasWwn", at: "word 84[8]", kind: "flag", meaning: "world wide name" },
    { at: "word 84[15:9]", kind: "opaque" },
    { name: "smartEnabled", at: "word 85[0]", kind: "flag" },
    { at: "word 85[4:1]", kind: "opaque" },
    { name: "writeCacheEnabled", at: "word 85[5]", kind: "flag" },
    { name: "readLookAheadEnabled", at: "word 85[6]", kind: "flag" },
    { at: "word 85[15:7]", kind: "opaque" },
    { at: "word 86", kind: "opaque" },
    { at: "word 87", kind: "opaque" },
    { name: "udma", at: "word 88", kind: "bitset", meaning: "Ultra DMA modes; 8 on: selected" },
    { at: "word 89..99", kind: "opaque" },
    { name: "sectors48", at: "word 100..103", kind: "uint", meaning: "sectors of 48-bit commands" },
    { at: "word 104", kind: "opaque" },
    { name: "dsmPagesMax", at: "word 105", kind: "uint", meaning: "512-byte blocks of one TRIM" },
    { name: "physicalExponent", at: "word 106[3:0]", kind: "uint", meaning: "log2 of sectors" },
    { at: "word 106[11:4]", kind: "opaque" },
    { name: "longSectors", at: "word 106[12]", kind: "flag", meaning: "sectors are not 512 bytes" },
    { name: "severalPerPhysical", at: "word 106[13]", kind: "flag" },
    { name: "word106", at: "word 106[15:14]", kind: "uint", meaning: "01b: word 106 is valid" },
    { at: "word 107", kind: "opaque" },
    {
      name: "wwn",
      at: ["word 108", "word 109", "word 110", "word 111"],
      kind: "wide",
      meaning: "world wide name",
    },
    { at: "word 112..116", kind: "opaque" },
    {
      name: "wordsPerSector",
      at: "word 117..118",
      kind: "uint",
      meaning: "where sectors are long",
    },
    { at: "word 119[1:0]", kind: "opaque" },
    { name: "writeUncorrectable", at: "word 119[2]", kind: "flag" },
    { name: "readLogDma", at: "word 119[3]", kind: "flag", meaning: "READ LOG DMA EXT supported" },
    { at: "word 119[5:4]", kind: "opaque" },
    { name: "senseReporting", at: "word 119[6]", kind: "flag", meaning: "sense data supported" },
    { at: "word 119[13:7]", kind: "opaque" },
    { name: "word119", at: "word 119[15:14]", kind: "uint", meaning: "01b: word 119 is valid" },
    { at: "word 120[5:0]", kind: "opaque" },
    { name: "senseReportingEnabled", at: "word 120[6]", kind: "flag" },
    { at: "word 120[15:7]", kind: "opaque" },
    { at: "word 121..128", kind: "opaque" },
    { name: "vendorSpecific", at: "word 129..159", kind: "bytes", meaning: "vendor specific" },
    { at: "word 160..168", kind: "opaque" },
    { name: "trim", at: "word 169[0]", kind: "flag", meaning: "TRIM supported" },
    { at: "word 169[15:1]", kind: "opaque" },
    { at: "word 170..205", kind: "opaque" },
    { at: "word 206", kind: "opaque" },
    { at: "word 207..208", kind: "opaque" },
    { name: "alignment", at: "word 209[13:0]", kind: "uint", meaning: "offset of LBA 0" },
    { at: "word 209[15:14]", kind: "opaque" },
    { at: "word 210..216", kind: "opaque" },
    { name: "rotationRate", at: "word 217", kind: "uint", meaning: "rpm; 1: not rotating" },
    { at: "word 218..221", kind: "opaque" },
    { name: "transportVersions", at: "word 222[11:0]", kind: "bitset" },
    { name: "transport", at: "word 222[15:12]", kind: "uint", meaning: "1: serial" },
    { at: "word 223..229", kind: "opaque" },
    {
      name: "sectorsExtended",
      at: "word 230..233",
      kind: "uint",
      meaning: "where word 69[3] is set",
    },
    { at: "word 234..254", kind: "opaque" },
    { name: "signature", at: "word 255[7:0]", kind: "uint", meaning: "A5h: there is a checksum" },
    { name: "checksum", at: "word 255[15:8]", kind: "uint", meaning: "makes the sum of bytes 0" },
  ],
} as const;

/** What a disk says about itself. */
export const identifyDevice: Structure<typeof layout> = structure(layout);

export type IdentifyDevice = Infer<typeof identifyDevice>;

/** Decodes IDENTIFY DEVICE data and checks its checksum, if it has one. Never throws. */
export function decodeIdentify(bytes: Uint8Array): Decoded<IdentifyDevice> {
  const decoded = identifyDevice.decode(bytes);
  if (!decoded.ok) return decoded;
  const { signature } = decoded.value;
  if (signature === SIGNATURE && !isChecksumGood(bytes.subarray(0, identifyDevice.size))) {
    const violated = "IDENTIFY DEVICE data: its bytes do not sum up to 0 (checksum, word 255)";
    return { ok: false, violated, field: "checksum" };
  }
  return decoded;
}

/** Bytes of a logical sector. */
export function bytesPerSector(identify: IdentifyDevice): number {
  const { word106, longSectors, wordsPerSector } = identify;
  return word106 === 1 && longSectors && wordsPerSector >= 256 ? wordsPerSector * 2 : 512;
}

/** Sectors that can be addressed. */
export function sectorsOf(identify: IdentifyDevice): number {
  const { words82to83, lba48, sectors48, sectors28 } = identify;
  return words82to83 === 1 && lba48 && sectors48 > 0 ? sectors48 : sectors28;
}

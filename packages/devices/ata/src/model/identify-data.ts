import { ataString } from "../codec/ata-string.ts";
import { checksumOf } from "../codec/checksum.ts";
import { identifyDevice } from "../codec/identify-device.ts";
import { EMULATION_SIGNATURE } from "../codec/logs/emulation-page.ts";
import type { Disk } from "./disk.ts";

const SECTORS_28_MAX = 0x0fffffff;
const WORD = 65_536;
/** Byte of the checksum, behind its signature (word 255). */
const CHECKSUM = 511;
const CHECKSUM_SIGNATURE = 0xa5;
const VENDOR_BYTES = 62;
const HEADS = 16;
const TRACK = 63;
const CYLINDERS_MAX = 16_383;

function putWords(bytes: Uint8Array, words: Readonly<Record<number, number>>): void {
  for (const [word, value] of Object.entries(words)) {
    const at = Number(word) * 2;
    bytes[at] = value % 256;
    bytes[at + 1] = Math.floor(value / 256);
  }
}

function putIdentity(bytes: Uint8Array, { identity }: Disk): void {
  identifyDevice.patch(bytes, {
    serialNumber: ataString(identity.serialNumber, 20),
    firmwareRevision: ataString(identity.firmwareRevision, 8),
    modelNumber: ataString(identity.modelNumber, 40),
  });
  if (identity.wwn === undefined) return;
  identifyDevice.patch(bytes, { wwn: identity.wwn, hasWwn: true });
  const enabled = bytes[87 * 2 + 1];
  bytes[87 * 2 + 1] = enabled % 2 === 1 ? enabled : enabled + 1;
}

/** Words that ACS-4, Table 45, ties to the disk's size, settings and features. */
function putAcs(bytes: Uint8Array, disk: Disk): void {
  const { sectors, bytesPerSector, physicalBytesPerSector, preset, settings } = disk;
  const exponent = Math.log2(physicalBytesPerSector / bytesPerSector);
  const has = (word: number, bit: number): number =>
    Math.floor((preset.words[word] ?? 0) / 2 ** bit) % 2 === 1 ? 2 ** bit : 0;
  putWords(bytes, {
    85: 0x4000 + (settings.writeCache ? 0x20 : 0) + (settings.smart ? 1 : 0),
    86: 0x8000 + (preset.words[83] ?? 0) - has(83, 14),
    87: preset.words[84] ?? 0x4000,
    119: 0x400c + (preset.senseReporting ? 0x40 : 0),
    120: 0x400c + (settings.senseReporting ? 0x40 : 0),
  });
  identifyDevice.patch(bytes, {
    readLookAhead: true,
    readLookAheadEnabled: settings.readLookAhead,
    sectors28: Math.min(sectors, SECTORS_28_MAX),
    sectors48: sectors,
    sectorsExtended: sectors,
    queueDepth: disk.queueDepth,
    dsmPagesMax: preset.dsmPagesMax,
    word106: 1,
    longSectors: bytesPerSector > 512,
    severalPerPhysical: exponent > 0,
    physicalExponent: exponent,
    wordsPerSector: bytesPerSector > 512 ? bytesPerSector / 2 : 0,
  });
  const vendor = new Uint8Array(VENDOR_BYTES);
  vendor.set(ataString(EMULATION_SIGNATURE, EMULATION_SIGNATURE.length));
  identifyDevice.patch(bytes, { vendorSpecific: vendor });
}

/** Words that QEMU's ide_identify() writes: the same, and a geometry. */
function putQemu(bytes: Uint8Array, disk: Disk): void {
  const { sectors, bytesPerSector, physicalBytesPerSector, settings } = disk;
  const cylinders = Math.min(Math.floor(sectors / (HEADS * TRACK)), CYLINDERS_MAX);
  const addressed = cylinders * HEADS * TRACK;
  putWords(bytes, {
    1: cylinders,
    3: HEADS,
    6: TRACK,
    54: cylinders,
    55: HEADS,
    56: TRACK,
    57: addressed % WORD,
    58: Math.floor(addressed / WORD),
    75: disk.queueDepth - 1,
    85: 0x4001 + (settings.writeCache ? 0x20 : 0),
    106: 0x6000 + Math.log2(physicalBytesPerSector / bytesPerSector),
  });
  identifyDevice.patch(bytes, {
    sectors28: Math.min(sectors, SECTORS_28_MAX),
    sectors48: sectors,
  });
}

/** IDENTIFY DEVICE data (ACS-4, 7.13.7). */
export function identifyData(disk: Disk): Uint8Array {
  const bytes = new Uint8Array(identifyDevice.size);
  putWords(bytes, disk.preset.words);
  const isQemu = disk.preset.identify === "qemu";
  if (isQemu) putQemu(bytes, disk);
  else putAcs(bytes, disk);
  putIdentity(bytes, disk);
  if (isQemu) return bytes;
  bytes[CHECKSUM - 1] = CHECKSUM_SIGNATURE;
  bytes[CHECKSUM] = checksumOf(bytes.subarray(0, CHECKSUM));
  return bytes;
}

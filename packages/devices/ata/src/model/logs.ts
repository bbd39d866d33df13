import { checksumOf } from "../codec/checksum.ts";
import {
  EMULATION_SIGNATURE,
  type EmulationPage,
  emulationPage,
} from "../codec/logs/emulation-page.ts";
import {
  identifyCapabilities,
  identifyCapacity,
  identifyPageHeader,
  identifyPageList,
  identifySettings,
} from "../codec/logs/identify-pages.ts";
import { identifyPage, LOG_PAGE_BYTES, logAddress } from "../codec/logs/log-address.ts";
import { logDirectory } from "../codec/logs/log-directory.ts";
import { ncqNonData, ncqSendReceive } from "../codec/logs/ncq-subcommands.ts";
import type { Command } from "./command.ts";
import { dataFor } from "./data-in.ts";
import type { Disk } from "./disk.ts";
import { identifyData } from "./identify-data.ts";
import { type CommandResult, result } from "./result.ts";

const NOT_QUEUED = 0x80;
const BUFFER_BYTES = 8n * 2n ** 20n;
const identifyPages: readonly number[] = [
  identifyPage.list,
  identifyPage.copy,
  identifyPage.capacity,
  identifyPage.supportedCapabilities,
  identifyPage.currentSettings,
  identifyPage.security,
  identifyPage.sata,
];
/** Pages of the IDENTIFY DEVICE data log, those that it skips included. */
const IDENTIFY_PAGES = 9;

/** Pages of a log; 0: there is none. */
function pagesOf(disk: Disk, address: number): number {
  if (!disk.preset.logs.includes(address)) return 0;
  if (address === logAddress.identifyDeviceData) return IDENTIFY_PAGES;
  return address === logAddress.successfulNcqSense ? 2 : 1;
}

function directoryPage(disk: Disk): Uint8Array {
  const pages = Array.from({ length: 255 }, (_, i) => pagesOf(disk, i + 1));
  return logDirectory.encode({ version: 1, pages });
}

/** Log 10h. Where no queued command has failed, NQ is set. */
function queuedErrorPage({ settings }: Disk): Uint8Array {
  const page = new Uint8Array(LOG_PAGE_BYTES);
  if (settings.queuedError === undefined) page[0] = NOT_QUEUED;
  else page.set(settings.queuedError);
  page[LOG_PAGE_BYTES - 1] = checksumOf(page.subarray(0, LOG_PAGE_BYTES - 1));
  return page;
}

function gatheringPage({ gathering, preset, queueDepth }: Disk): Uint8Array {
  const base = { signature: EMULATION_SIGNATURE, revision: 1 } satisfies Partial<EmulationPage>;
  if (gathering === undefined) return emulationPage.encode(base);
  const { profile, limits } = gathering;
  return emulationPage.encode({
    ...base,
    writeGathered: true,
    queued: profile.queued !== null && queueDepth > 0 && preset.commands.includes(0x64),
    command: profile.command,
    entriesMax: limits.entries,
    entryBlocksMax: limits.blocksPerEntry,
    blocksMax: limits.blocks,
    profile: profile.id,
  });
}

function capacityPage(disk: Disk): Uint8Array {
  const { sectors, bytesPerSector, physicalBytesPerSector } = disk;
  return identifyCapacity.encode({
    revision: 1,
    page: identifyPage.capacity,
    headerValid: true,
    sectors,
    sectorsValid: true,
    physicalExponent: Math.log2(physicalBytesPerSector / bytesPerSector),
    sectorSizeSupported: true,
    relationshipSupported: true,
    sizesValid: true,
    wordsPerSector: bytesPerSector / 2,
    wordsPerSectorValid: true,
    bufferBytes: BUFFER_BYTES,
    bufferBytesValid: true,
  });
}

function capabilitiesPage({ preset, gathering }: Disk): Uint8Array {
  const page = identifyCapabilities.encode({
    revision: 1,
    page: identifyPage.supportedCapabilities,
    headerValid: true,
    nop: true,
    zeroExt: preset.commands.includes(0x44),
    dsmXl: preset.commands.includes(0x07),
    capabilitiesValid: true,
  });
  putCapability(page, gathering?.profile.capability ?? null, identifyPage.supportedCapabilities);
  return page;
}

/** Sets the bit that a profile says tells of the command, in pages of the IDENTIFY DEVICE data log. */
function putCapability(
  page: Uint8Array,
  capability: {
    readonly log: number;
    readonly page: number;
    readonly byte: number;
    readonly bit: number;
  } | null,
  number: number,
): void {
  if (capability === null || capability.page !== number) return;
  if (capability.log !== logAddress.identifyDeviceData) return;
  page[capability.byte] |= 1 << capability.bit;
}

function identifyLogPage(disk: Disk, page: number): Uint8Array {
  switch (page) {
    case identifyPage.list: {
      const pages = new Uint8Array(503);
      pages.set(identifyPages);
      return identifyPageList.encode({ revision: 1, entries: identifyPages.length, pages });
    }
    case identifyPage.copy:
      return identifyData(disk);
    case identifyPage.capacity:
      return capacityPage(disk);
    case identifyPage.supportedCapabilities:
      return capabilitiesPage(disk);
    case identifyPage.currentSettings:
      return identifySettings.encode({ revision: 1, page, headerValid: true, settingsValid: true });
    case identifyPage.security:
    case identifyPage.sata:
      return identifyPageHeader.encode({ revision: 1, page, headerValid: true });
    default:
      return new Uint8Array(LOG_PAGE_BYTES);
  }
}

function logPage(disk: Disk, address: number, page: number): Uint8Array {
  const { preset } = disk;
  switch (address) {
    case logAddress.directory:
      return directoryPage(disk);
    case logAddress.ncqCommandError:
      return queuedErrorPage(disk);
    case logAddress.ncqNonData:
      return ncqNonData.encode({
        abortQueue: preset.nonDataSubcommands.includes(0),
        abortAll: preset.nonDataSubcommands.includes(0),
      });
    case logAddress.ncqSendReceive:
      return ncqSendReceive.encode({
        dsm: preset.sendSubcommands.includes(0),
        dsmTrim: preset.sendSubcommands.includes(0),
        readLogDma: preset.receiveSubcommands.includes(1),
      });
    case logAddress.identifyDeviceData:
      return identifyLogPage(disk, page);
    case logAddress.emulation:
      return gatheringPage(disk);
    default:
      return new Uint8Array(LOG_PAGE_BYTES);
  }
}

/** READ LOG EXT and READ LOG DMA EXT (ACS-4, 7.24 and 7.25), and the queued form of the latter. */
export function readLog(disk: Disk, command: Command, pages: number): CommandResult {
  const { lba } = command;
  const address = lba % 256;
  const first = (Math.floor(lba / 256) % 256) + (Math.floor(lba / 2 ** 32) % 256) * 256;
  const last = pagesOf(disk, address);
  if (pages === 0 || first + pages > last) return result.invalidField;
  const bytes = new Uint8Array(pages * LOG_PAGE_BYTES);
  for (let i = 0; i < pages; i += 1)
    bytes.set(logPage(disk, address, first + i), i * LOG_PAGE_BYTES);
  const ended = dataFor(command, bytes);
  if (ended === result.good && address === logAddress.ncqCommandError) {
    disk.settings.isHeld = false;
    disk.settings.queuedError = undefined;
  }
  return ended;
}

/** True for the read of log 10h, which ends what a failed queued command has begun. */
export const readsQueuedError = ({ opcode, lba }: Command): boolean =>
  (opcode === 0x2f || opcode === 0x47) && lba % 256 === logAddress.ncqCommandError;

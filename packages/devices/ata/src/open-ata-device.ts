import { FerryError, type Transport } from "@blockferry/core";
import type { AtaDevice } from "./ata-device.ts";
import { readAtaString } from "./codec/ata-string.ts";
import { opcode } from "./codec/commands.ts";
import {
  bytesPerSector,
  decodeIdentify,
  type IdentifyDevice,
  sectorsOf,
} from "./codec/identify-device.ts";
import {
  EMULATION_SIGNATURE,
  type EmulationPage,
  emulationPage,
} from "./codec/logs/emulation-page.ts";
import { logAddress } from "./codec/logs/log-address.ts";
import { logDirectory, pagesOfLog } from "./codec/logs/log-directory.ts";
import type { GatheredLimits } from "./codec/write-gathered/profile.ts";
import { provisionalText } from "./codec/write-gathered/provisional.ts";
import { type GatheredOfDevice, gatheredOfDisk, gatheredOfEmulation } from "./find-gathered.ts";
import { gatheredLimits, queueLimits } from "./limits.ts";
import type { ProvisionalUse } from "./provisional-use.ts";
import { type Logs, readLogPage, sendTaskFile } from "./read-log.ts";
import { describeRegisters, isSuccess } from "./status-map.ts";

export interface OpenAtaDeviceOptions extends ProvisionalUse {
  readonly signal?: AbortSignal;
}

async function identify(transport: Transport, signal?: AbortSignal): Promise<IdentifyDevice> {
  const bytes = new Uint8Array(512);
  const taskFile = { command: opcode.identifyDevice };
  const { status, error } = await sendTaskFile(transport, taskFile, bytes, signal);
  if (!isSuccess(status)) {
    const ended = { status, error, lba: 0, count: 0, device: 0, command: opcode.identifyDevice };
    const { name, fields } = describeRegisters(ended, undefined);
    throw new FerryError("FERRY_ATA_IDENTIFY", `IDENTIFY DEVICE failed: ${name}`, {
      details: { ...fields },
    });
  }
  const decoded = decodeIdentify(bytes);
  if (!decoded.ok) throw new FerryError("FERRY_ATA_IDENTIFY", decoded.violated ?? "too short");
  const { notAta, words82to83, lba48 } = decoded.value;
  if (notAta || words82to83 !== 1 || !lba48) {
    const what = notAta ? "is no ATA disk" : "has no 48-bit commands";
    throw new FerryError("FERRY_ATA_UNSUPPORTED", `the device ${what}`, {
      hint: "Copies need a disk that takes 48-bit addresses (IDENTIFY DEVICE word 83, bit 10).",
    });
  }
  return decoded.value;
}

async function openLogs(
  transport: Transport,
  { gpl, word119, readLogDma }: IdentifyDevice,
  signal?: AbortSignal,
): Promise<Logs | undefined> {
  if (!gpl) return undefined;
  const isDma = word119 === 1 && readLogDma;
  const page = await readLogPage(transport, isDma, logAddress.directory, 0, signal);
  const decoded = page === undefined ? undefined : logDirectory.decode(page);
  return decoded?.ok === true ? { isDma, directory: decoded.value } : undefined;
}

async function readEmulation(
  transport: Transport,
  { vendorSpecific }: IdentifyDevice,
  logs: Logs | undefined,
  signal?: AbortSignal,
): Promise<EmulationPage | undefined> {
  const signature = readAtaString(vendorSpecific.subarray(0, EMULATION_SIGNATURE.length));
  if (signature !== EMULATION_SIGNATURE || logs === undefined) return undefined;
  if (pagesOfLog(logs.directory, logAddress.emulation) === 0) return undefined;
  const page = await readLogPage(transport, logs.isDma, logAddress.emulation, 0, signal);
  const decoded = page === undefined ? undefined : emulationPage.decode(page);
  return decoded?.ok === true && decoded.value.signature === EMULATION_SIGNATURE
    ? decoded.value
    : undefined;
}

function refusalOf(
  found: GatheredOfDevice | string,
  limits: GatheredLimits | undefined,
): string | undefined {
  if (typeof found === "string") return found;
  return limits === undefined ? "the transport has no room for a list of one range" : undefined;
}

/**
 * Asks a disk what it is and what it can do. Copies are possible where it is emulated, or where the caller brings a
 * profile of WRITE GATHERED EXT and allows it; elsewhere the limits have no copy command.
 *
 * @throws FerryError `FERRY_ATA_IDENTIFY`, `FERRY_ATA_UNSUPPORTED`, `FERRY_ATA_PROVISIONAL`, `FERRY_TRANSPORT_…`
 */
export async function openAtaDevice(
  transport: Transport,
  options: OpenAtaDeviceOptions = {},
): Promise<AtaDevice> {
  const { signal } = options;
  const data = await identify(transport, signal);
  const logs = await openLogs(transport, data, signal);
  const emulation = await readEmulation(transport, data, logs, signal);
  const modelNumber = readAtaString(data.modelNumber);
  const found =
    emulation === undefined
      ? await gatheredOfDisk(transport, modelNumber, logs, options)
      : gatheredOfEmulation(emulation, options.profile);
  const { supports } = transport;
  const may = typeof found === "string" ? undefined : found;
  const gathered =
    may === undefined ? undefined : gatheredLimits(may.profile, may.limits, supports);
  const copyRefusal = refusalOf(found, gathered);
  const profile = copyRefusal === undefined ? may?.profile : undefined;
  const bytesPerBlock = bytesPerSector(data);
  return {
    family: "ata",
    capacityBlocks: sectorsOf(data),
    bytesPerBlock,
    limits: queueLimits(bytesPerBlock, gathered, supports.dataBytesMax),
    modelNumber,
    serialNumber: readAtaString(data.serialNumber),
    firmwareRevision: readAtaString(data.firmwareRevision),
    physicalBytesPerBlock:
      bytesPerBlock *
      (data.word106 === 1 && data.severalPerPhysical ? 2 ** data.physicalExponent : 1),
    emulated: emulation !== undefined,
    queueDepth: data.ncq ? data.queueDepth : 0,
    forceUnitAccess: data.writeDmaFuaExt,
    trimPagesMax: data.trim ? Math.max(1, data.dsmPagesMax) : undefined,
    writeGathered: profile,
    copyRefusal,
    writeGatheredQueued: profile !== undefined && may?.isQueued === true,
    provisional: profile === undefined ? undefined : provisionalText(profile),
  };
}

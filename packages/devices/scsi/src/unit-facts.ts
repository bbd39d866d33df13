import { FerryError } from "@blockferry/core";
import type { Decoded } from "@blockferry/core/bytes";
import { nameOfAnswer } from "./answer.ts";
import { type Asker, understood } from "./ask.ts";
import { readCapacity10Cdb, readCapacity16Cdb } from "./codec/cdb/capacity-cdb.ts";
import { inquiryCdb, testUnitReadyCdb } from "./codec/cdb/inquiry-cdb.ts";
import { modeSense6Cdb } from "./codec/cdb/mode-cdb.ts";
import { receiveCopyOperatingParametersCdb } from "./codec/cdb/receive-copy-cdb.ts";
import { operatingParameters } from "./codec/copy/operating-parameters.ts";
import { vpdBlockLimits } from "./codec/inquiry/block-pages.ts";
import type { Designator } from "./codec/inquiry/designator.ts";
import {
  vpdDeviceIdentification,
  vpdSupportedPages,
  vpdUnitSerialNumber,
} from "./codec/inquiry/identification-pages.ts";
import { type StandardInquiry, standardInquiry } from "./codec/inquiry/standard-inquiry.ts";
import { modeData6 } from "./codec/parameter/mode-data.ts";
import { readCapacity10Data, readCapacity16Data } from "./codec/parameter/read-capacity.ts";
import { vpdThirdPartyCopy } from "./codec/third-party/third-party-copy-page.ts";
import { type CopyManagerFacts, copyManagerFacts } from "./copy-manager.ts";

const INQUIRY_BYTES = 96;
const PAGE_BYTES = 4096;
const MODE_BYTES = 192;
const PARAMETERS_BYTES = 512;
const PAGE = { supported: 0x00, serial: 0x80, identification: 0x83, copy: 0x8f, limits: 0xb0 };
const ALL_MODE_PAGES = 0x3f;
/** PERIPHERAL QUALIFIER 0: the unit is there. */
const CONNECTED = 0;
const DISK = 0x00;
/** RETURNED LOGICAL BLOCK ADDRESS and LOGICAL BLOCK LENGTH IN BYTES (SBC-3 5.16.2). */
const CAPACITY_16_BYTES_MIN = 12;
const CAPACITY_10_MAX = 0xffff_ffff;

/** What a logical unit says of itself. */
export interface UnitFacts {
  readonly lun: number;
  readonly inquiry: StandardInquiry;
  readonly serial: string | undefined;
  readonly designators: readonly Designator[];
  readonly capacityBlocks: number;
  readonly bytesPerBlock: number;
  /** Blocks; 0: not reported. */
  readonly transferBlocksMax: number;
  readonly readonly: boolean;
  readonly copyManager: CopyManagerFacts;
}

/** A logical unit that is no use to copies, and why. */
export interface SkippedUnit {
  readonly lun: number;
  readonly reason: string;
}

const hexByte = (code: number): string => `${code.toString(16).toUpperCase().padStart(2, "0")}h`;

interface Decoder<T> {
  readonly name: string;
  decode(bytes: Uint8Array, options?: { readonly lenient?: boolean }): Decoded<T>;
}

async function vitalPage<T>(
  asker: Asker,
  lun: number,
  pageCode: number,
  decoder: Decoder<T>,
  pages: readonly number[],
): Promise<T | undefined> {
  if (!pages.includes(pageCode)) return undefined;
  const cdb = inquiryCdb.encode({ evpd: true, pageCode, allocationLength: PAGE_BYTES });
  const reply = await asker.ask(lun, cdb, PAGE_BYTES);
  if (!("data" in reply)) return undefined;
  return understood(decoder.decode(reply.data, { lenient: true }), lun, decoder.name);
}

function capacityOf(
  lun: number,
  lastLba: number | bigint,
  blockLength: number,
): Pick<UnitFacts, "capacityBlocks" | "bytesPerBlock"> {
  const rule =
    BigInt(lastLba) >= BigInt(Number.MAX_SAFE_INTEGER)
      ? `its last address ${lastLba} is above 2^53-2`
      : blockLength < 1
        ? "its blocks have no bytes"
        : undefined;
  if (rule !== undefined) {
    throw new FerryError("FERRY_SCSI_DATA", `READ CAPACITY of logical unit ${lun}: ${rule}`, {
      details: { lun, rule },
    });
  }
  return { capacityBlocks: Number(lastLba) + 1, bytesPerBlock: blockLength };
}

/** What translators such as libata cut off behind the block length is reserved, or zero, which says nothing. */
function filledUp(data: Uint8Array): Uint8Array {
  if (data.length < CAPACITY_16_BYTES_MIN || data.length >= readCapacity16Data.size) return data;
  const whole = new Uint8Array(readCapacity16Data.size);
  whole.set(data);
  return whole;
}

async function capacity(
  asker: Asker,
  lun: number,
): Promise<Pick<UnitFacts, "capacityBlocks" | "bytesPerBlock"> | string> {
  const sixteen = readCapacity16Cdb.encode({ allocationLength: readCapacity16Data.size });
  const long = await asker.ask(lun, sixteen, readCapacity16Data.size);
  if ("data" in long) {
    const decoded = readCapacity16Data.decode(filledUp(long.data), 0, { lenient: true });
    const { lastLba, blockLength } = understood(decoded, lun, readCapacity16Data.name);
    return capacityOf(lun, lastLba, blockLength);
  }
  const short = await asker.ask(lun, readCapacity10Cdb.encode({}), readCapacity10Data.size);
  if (!("data" in short)) return nameOfAnswer(short.refusal);
  const decoded = readCapacity10Data.decode(short.data, 0, { lenient: true });
  const { lastLba, blockLength } = understood(decoded, lun, readCapacity10Data.name);
  if (lastLba === CAPACITY_10_MAX) {
    return `it is too large for READ CAPACITY(10), and it refuses READ CAPACITY(16): ${nameOfAnswer(long.refusal)}`;
  }
  return capacityOf(lun, lastLba, blockLength);
}

/** WP of the mode parameter header; a unit that does not say is taken to be writable. */
async function isReadonly(asker: Asker, lun: number): Promise<boolean> {
  const cdb = modeSense6Cdb.encode({ pageCode: ALL_MODE_PAGES, allocationLength: MODE_BYTES });
  const reply = await asker.ask(lun, cdb, MODE_BYTES);
  if (!("data" in reply)) return false;
  const decoded = modeData6.decode(reply.data, { lenient: true });
  return decoded.ok && decoded.value.wp;
}

async function copyManager(
  asker: Asker,
  lun: number,
  inquiry: StandardInquiry,
  pages: readonly number[],
): Promise<CopyManagerFacts> {
  const page = await vitalPage(asker, lun, PAGE.copy, vpdThirdPartyCopy, pages);
  if (!inquiry.thirdPartyCopy && page === undefined) {
    return { extendedCopy: undefined, tokenCopy: undefined };
  }
  const cdb = receiveCopyOperatingParametersCdb.encode({ allocationLength: PARAMETERS_BYTES });
  const reply = await asker.ask(lun, cdb, PARAMETERS_BYTES);
  const { name } = operatingParameters;
  const parameters =
    "data" in reply
      ? understood(operatingParameters.decode(reply.data, { lenient: true }), lun, name)
      : undefined;
  return copyManagerFacts(page, parameters);
}

/**
 * Asks a logical unit what it is. A unit that is not there, is no disk, or has no medium is skipped.
 * @throws FerryError `FERRY_SCSI_REFUSED` (INQUIRY), `FERRY_SCSI_DATA` naming the rule that its data breaks.
 */
export async function unitFacts(asker: Asker, lun: number): Promise<UnitFacts | SkippedUnit> {
  const cdb = inquiryCdb.encode({ allocationLength: INQUIRY_BYTES });
  const data = await asker.demand(lun, cdb, INQUIRY_BYTES);
  const inquiry = understood(
    standardInquiry.decode(data, { lenient: true }),
    lun,
    standardInquiry.name,
  );
  if (inquiry.peripheralQualifier !== CONNECTED) return { lun, reason: "there is no such unit" };
  if (inquiry.peripheralDeviceType !== DISK) {
    return { lun, reason: `it is no disk (device type ${hexByte(inquiry.peripheralDeviceType)})` };
  }
  await asker.ask(lun, testUnitReadyCdb.encode({}), 0);
  const size = await capacity(asker, lun);
  if (typeof size === "string") return { lun, reason: size };
  const all = await vitalPage(asker, lun, PAGE.supported, vpdSupportedPages, [PAGE.supported]);
  const pages = all?.pages ?? [];
  const serial = await vitalPage(asker, lun, PAGE.serial, vpdUnitSerialNumber, pages);
  const names = await vitalPage(asker, lun, PAGE.identification, vpdDeviceIdentification, pages);
  const blockLimits = await vitalPage(asker, lun, PAGE.limits, vpdBlockLimits, pages);
  return {
    lun,
    inquiry,
    serial: serial?.serialNumber.trim(),
    designators: names?.designators ?? [],
    ...size,
    transferBlocksMax: blockLimits?.maximumTransferLength ?? 0,
    readonly: await isReadonly(asker, lun),
    copyManager: await copyManager(asker, lun, inquiry, pages),
  };
}

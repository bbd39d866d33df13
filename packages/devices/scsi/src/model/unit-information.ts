import { readCapacity16Cdb } from "../codec/cdb/capacity-cdb.ts";
import { reportLunsCdb, requestSenseCdb } from "../codec/cdb/inquiry-cdb.ts";
import { readCapacity10Data, readCapacity16Data } from "../codec/parameter/read-capacity.ts";
import { reportLunsData } from "../codec/parameter/report-luns.ts";
import { encodeLun } from "../codec/scsi-command-record.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import { type Refusal, refuseCdb, type SenseCode, senseCodes } from "./sense.ts";
import { senseBytes } from "./sense-bytes.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

const LAST_LBA_MAX = 0xffff_ffff;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** READ CAPACITY(10): FFFFFFFFh where the address does not fit (SBC-3, READ CAPACITY(10)). */
export function readCapacity10(_target: Target, command: Command): Refusal | undefined {
  const { unit } = command;
  const lastLba = Math.min(unit.blocks - 1, LAST_LBA_MAX);
  respond(
    command,
    readCapacity10Data.encode({ lastLba, blockLength: unit.bytesPerBlock }),
    NO_LIMIT,
  );
  return undefined;
}

/** READ CAPACITY(16) data of a unit. */
const capacityData = (target: Target, unit: Unit): Uint8Array =>
  readCapacity16Data.encode({
    lastLba: unit.blocks - 1,
    blockLength: unit.bytesPerBlock,
    logicalBlocksPerPhysicalBlockExponent: unit.physicalBlockExponent,
    lbpme: unit.thin,
    lbprz: unit.thin && target.profile.provisioning.readsZero,
  });

const capacityAllocation = fieldReader(readCapacity16Cdb, "allocationLength");

/** READ CAPACITY(16). */
export function readCapacity16(target: Target, command: Command): Refusal | undefined {
  respond(command, capacityData(target, command.unit), capacityAllocation(command.cdb));
  return undefined;
}

const lunsFields = {
  selectReport: fieldReader(reportLunsCdb, "selectReport"),
  allocationLength: fieldReader(reportLunsCdb, "allocationLength"),
};
const SELECT_REPORT_AT = reportLunsCdb.offsetOf("selectReport");
const ALLOCATION_AT = reportLunsCdb.offsetOf("allocationLength");
const ALLOCATION_MIN = 16;
/** Which logical units are reported: there are no well-known ones. */
const select = { ordinary: 0x00, wellKnown: 0x01, all: 0x02 } as const;

/** REPORT LUNS: those that this initiator may use (SPC-4 6.33). */
export function reportLuns(_target: Target, command: Command): Refusal | undefined {
  const { cdb, nexus } = command;
  const selected = lunsFields.selectReport(cdb);
  if (selected > select.all) return refuseCdb(SELECT_REPORT_AT);
  const allocation = lunsFields.allocationLength(cdb);
  if (allocation < ALLOCATION_MIN) return refuseCdb(ALLOCATION_AT);
  const numbers = selected === select.wellKnown ? [] : [...nexus.paths.keys()];
  const luns = numbers.sort((a, b) => a - b).map((lun) => encodeLun(lun));
  respond(command, reportLunsData.encode({ luns }), allocation);
  return undefined;
}

const requestFields = {
  desc: fieldReader(requestSenseCdb, "desc"),
  allocationLength: fieldReader(requestSenseCdb, "allocationLength"),
};

/** REQUEST SENSE: a waiting unit attention, or no sense; for a unit that is not there, that it is not (SPC-4 6.39). */
export function requestSense(
  target: Target,
  command: Command,
  isThere: boolean,
): Refusal | undefined {
  const { cdb } = command;
  let sense: SenseCode = senseCodes.none;
  if (isThere) sense = command.path.attentions.shift() ?? senseCodes.none;
  else sense = senseCodes.unitNotSupported;
  const format = requestFields.desc(cdb) === 1 ? "descriptor" : "fixed";
  respond(command, senseBytes(target, sense, format), requestFields.allocationLength(cdb));
  return undefined;
}

import { inquiryCdb } from "../codec/cdb/inquiry-cdb.ts";
import { standardInquiry } from "../codec/inquiry/standard-inquiry.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import { type Refusal, refuseCdb } from "./sense.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";
import { vitalPage } from "./vital-pages.ts";

const field = {
  evpd: fieldReader(inquiryCdb, "evpd"),
  pageCode: fieldReader(inquiryCdb, "pageCode"),
  allocationLength: fieldReader(inquiryCdb, "allocationLength"),
};
const PAGE_CODE_AT = inquiryCdb.offsetOf("pageCode");

/** No logical unit is there, nor can one be (SPC-4 table 154): qualifier 3, device type 1Fh. */
const NO_UNIT = { peripheralQualifier: 3, peripheralDeviceType: 0x1f } as const;
const DISK = { peripheralQualifier: 0, peripheralDeviceType: 0 } as const;
const RESPONSE_DATA_FORMAT = 2;

/** Standard INQUIRY data (SPC-4 6.6.2). */
function standardData(target: Target, unit: Unit | undefined): Uint8Array {
  const { identity, thirdPartyCommands } = target.profile;
  return standardInquiry.encode({
    ...(unit === undefined ? NO_UNIT : DISK),
    rmb: unit?.removable ?? false,
    version: identity.version,
    hisup: identity.hisup,
    responseDataFormat: RESPONSE_DATA_FORMAT,
    sccs: identity.sccs,
    tpgs: identity.tpgs,
    thirdPartyCopy: thirdPartyCommands.length > 0,
    multip: identity.multiP,
    cmdque: true,
    vendor: identity.vendor,
    product: unit?.product ?? identity.product,
    revision: identity.revision,
    extension: { versionDescriptors: [...identity.versionDescriptors] },
  });
}

/** INQUIRY (SPC-4 6.6). It is answered for logical units that are not there, too. */
export function inquiry(
  target: Target,
  command: Command,
  unit: Unit | undefined,
): Refusal | undefined {
  const { cdb } = command;
  const page = field.pageCode(cdb);
  if (field.evpd(cdb) === 0) {
    if (page !== 0) return refuseCdb(PAGE_CODE_AT);
    respond(command, standardData(target, unit), field.allocationLength(cdb));
    return undefined;
  }
  const data = unit === undefined ? undefined : vitalPage(target, unit, page);
  if (data === undefined) return refuseCdb(PAGE_CODE_AT);
  respond(command, data, field.allocationLength(cdb));
  return undefined;
}

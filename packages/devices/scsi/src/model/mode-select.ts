import { modeSelect6Cdb, modeSelect10Cdb } from "../codec/cdb/mode-cdb.ts";
import { modePage } from "../codec/parameter/mode-pages.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, parameterList } from "./command.ts";
import { changeable, pageCodeOf, withSenseFormat } from "./mode-sense.ts";
import { attend } from "./nexus.ts";
import { type Refusal, refuse, refuseCdb, refuseList, senseCodes } from "./sense.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";
import { uint16, uint24 } from "./wire-numbers.ts";

const readersOf = (cdb: typeof modeSelect6Cdb | typeof modeSelect10Cdb) => ({
  pf: fieldReader(cdb, "pf"),
  rtd: fieldReader(cdb, "rtd"),
  sp: fieldReader(cdb, "sp"),
  length: fieldReader(cdb, "parameterListLength"),
});

/** What differs between the two commands: the CDB, and the header of the list (SPC-4 7.5.5). */
interface Form {
  readonly fields: ReturnType<typeof readersOf>;
  readonly headerBytes: number;
  /** Where BLOCK DESCRIPTOR LENGTH is, and of how many bytes. */
  readonly descriptorBytesAt: number;
  readonly descriptorBytes: (list: Uint8Array, at: number) => number;
}

const six: Form = {
  fields: readersOf(modeSelect6Cdb),
  headerBytes: 4,
  descriptorBytesAt: 3,
  descriptorBytes: (list, at) => list[at],
};
const ten: Form = {
  fields: readersOf(modeSelect10Cdb),
  headerBytes: 8,
  descriptorBytesAt: 6,
  descriptorBytes: uint16,
};

const PF_BIT = 4;
const RTD_BIT = 1;
const SP_BIT = 0;
const SHORT_DESCRIPTOR_BYTES = 8;
const BLOCK_LENGTH_AT = 5;
const PS = 0x80;
const CODE = 0x3f;
const SPF = 0x40;
const CONTROL_MODE_PAGE = 0x0a;
const D_SENSE_AT = 2;
const D_SENSE = 4;

/** A block descriptor may say what is so, and no more. */
function checkBlockDescriptor(
  unit: Unit,
  { headerBytes, descriptorBytesAt, descriptorBytes }: Form,
  list: Uint8Array,
): Refusal | undefined {
  const bytes = descriptorBytes(list, descriptorBytesAt);
  if (bytes === 0) return undefined;
  if (bytes !== SHORT_DESCRIPTOR_BYTES) return refuseList(descriptorBytesAt);
  if (list.length < headerBytes + bytes) return refuse(senseCodes.listLength);
  const at = headerBytes + BLOCK_LENGTH_AT;
  return uint24(list, at) === unit.bytesPerBlock ? undefined : refuseList(at);
}

/** The first byte of a page that cannot be what it is told to be; `undefined`: all can. */
function fixedByte(
  given: Uint8Array,
  current: Uint8Array,
  changes: Uint8Array,
): number | undefined {
  // Byte 0 and 1 are compared before: page code and length.
  for (let at = 2; at < current.length; at += 1) {
    if (((given[at] ^ current[at]) & ~changes[at]) !== 0) return at;
  }
  return undefined;
}

/** Checks the page at `at`. Returns its bytes, or the refusal. */
function takePage(target: Target, unit: Unit, list: Uint8Array, at: number): Uint8Array | Refusal {
  const page = target.profile.modePages.find((one) => pageCodeOf(one) === (list[at] & CODE));
  if (page === undefined || (list[at] & SPF) !== 0) return refuseList(at, 5);
  if (list.length < at + 2) return refuse(senseCodes.listLength);
  const current = modePage.encode(withSenseFormat(page, unit.senseFormat));
  if (list[at + 1] !== current.length - 2) return refuseList(at + 1);
  const given = list.subarray(at, at + current.length);
  if (given.length < current.length) return refuse(senseCodes.listLength);
  // PS is reserved in MODE SELECT.
  if ((given[0] & PS) !== 0) return refuseList(at, 7);
  const wrong = fixedByte(given, current, modePage.encode(changeable(target, page)));
  return wrong === undefined ? given : refuseList(at + wrong);
}

/** A change that other initiators did not make is told them (SPC-4 6.11). */
function setDescriptorSense(target: Target, command: Command, wanted: boolean): void {
  const { unit, nexus } = command;
  const format = wanted ? "descriptor" : "fixed";
  if (unit.senseFormat === format) return;
  unit.senseFormat = format;
  for (const other of target.nexuses.values()) {
    const path = other === nexus ? undefined : other.pathOf.get(unit);
    if (path !== undefined) attend(path, senseCodes.modeParametersChanged);
  }
}

function modeSelect(target: Target, command: Command, form: Form): Refusal | undefined {
  const { cdb, unit } = command;
  const { fields, headerBytes, descriptorBytesAt, descriptorBytes } = form;
  if (fields.pf(cdb) === 0) return refuseCdb(1, PF_BIT);
  if (fields.rtd(cdb) === 1) return refuseCdb(1, RTD_BIT);
  if (fields.sp(cdb) === 1) return refuseCdb(1, SP_BIT);
  const length = fields.length(cdb);
  if (length === 0) return undefined;
  const list = parameterList(command, length);
  if (list.length < Math.max(length, headerBytes)) return refuse(senseCodes.listLength);
  const refused = checkBlockDescriptor(unit, form, list);
  if (refused !== undefined) return refused;
  let wantsDescriptors = unit.senseFormat === "descriptor";
  for (let at = headerBytes + descriptorBytes(list, descriptorBytesAt); at < list.length; ) {
    const page = takePage(target, unit, list, at);
    if (!(page instanceof Uint8Array)) return page;
    if (page[0] === CONTROL_MODE_PAGE) wantsDescriptors = (page[D_SENSE_AT] & D_SENSE) !== 0;
    at += page.length;
  }
  setDescriptorSense(target, command, wantsDescriptors);
  return undefined;
}

/** MODE SELECT(6) (SPC-4 6.11): D_SENSE of the Control mode page can be changed, nothing else. */
export const modeSelectSix = (target: Target, command: Command): Refusal | undefined =>
  modeSelect(target, command, six);

/** MODE SELECT(10) (SPC-4 6.12). */
export const modeSelectTen = (target: Target, command: Command): Refusal | undefined =>
  modeSelect(target, command, ten);

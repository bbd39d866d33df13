import { modeSense6Cdb, modeSense10Cdb } from "../codec/cdb/mode-cdb.ts";
import { modeData6, modeData10 } from "../codec/parameter/mode-data.ts";
import type { ModePageInput } from "../codec/parameter/mode-pages.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import type { SenseFormat } from "./profile.ts";
import { code, type Refusal, refuse, refuseCdb, senseKey } from "./sense.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

const readersOf = (cdb: typeof modeSense6Cdb | typeof modeSense10Cdb) => ({
  dbd: fieldReader(cdb, "dbd"),
  pageControl: fieldReader(cdb, "pageControl"),
  pageCode: fieldReader(cdb, "pageCode"),
  subpageCode: fieldReader(cdb, "subpageCode"),
  allocationLength: fieldReader(cdb, "allocationLength"),
});
const six = readersOf(modeSense6Cdb);
const ten = readersOf(modeSense10Cdb);
const llbaa = fieldReader(modeSense10Cdb, "llbaa");

const CONTROL_MODE_PAGE = 0x0a;
const ALL_PAGES = 0x3f;
const ALL_SUBPAGES = 0xff;
const PAGE_CODE_AT = 2;
const SUBPAGE_CODE_AT = 3;
/** PC (SPC-4 table 344). */
const control = { current: 0, changeable: 1, default: 2, saved: 3 } as const;
const SAVING_NOT_SUPPORTED = code(senseKey.illegalRequest, 0x39, 0x00);
const SHORT_BLOCKS_MAX = 0xffff_ffff;

export const pageCodeOf = (page: ModePageInput): number =>
  page.pageCode === "other" ? page.code : page.pageCode;

/** The page with what can be changed set: D_SENSE, where there is MODE SELECT. */
export function changeable({ profile }: Target, page: ModePageInput): ModePageInput {
  if (page.pageCode === CONTROL_MODE_PAGE) {
    return { pageCode: page.pageCode, dSense: profile.optionalCommands.includes("MODE SELECT") };
  }
  if (page.pageCode !== "other") return { pageCode: page.pageCode } as ModePageInput;
  return { ...page, parameters: new Uint8Array(page.parameters.length) };
}

/** The page with sense data in this format. */
export const withSenseFormat = (page: ModePageInput, format: SenseFormat): ModePageInput =>
  page.pageCode === CONTROL_MODE_PAGE ? { ...page, dSense: format === "descriptor" } : page;

interface Question {
  readonly isLong: boolean;
  readonly hasBlocks: boolean;
  readonly pageControl: number;
  readonly pageCode: number;
}

function pagesOf(
  target: Target,
  { senseFormat, senseFormatDefault }: Unit,
  { pageCode, pageControl }: Question,
): ModePageInput[] {
  const { modePages } = target.profile;
  const pages = modePages.filter((one) => pageCode === ALL_PAGES || pageCodeOf(one) === pageCode);
  if (pageControl === control.changeable) return pages.map((one) => changeable(target, one));
  const format = pageControl === control.current ? senseFormat : senseFormatDefault;
  return pages.map((one) => withSenseFormat(one, format));
}

function modeData(
  target: Target,
  unit: Unit,
  question: Question,
  encode: typeof modeData6.encode | typeof modeData10.encode,
): Uint8Array {
  const { profile } = target;
  const blocks = profile.modeBlocksAreLastLba ? unit.blocks - 1 : unit.blocks;
  const number = question.isLong ? blocks : Math.min(blocks, SHORT_BLOCKS_MAX);
  const descriptor = { blocks: number, blockLength: unit.bytesPerBlock };
  return encode({
    wp: unit.readonly,
    dpofua: profile.dpoFua,
    blockDescriptors: question.hasBlocks ? [descriptor] : [],
    pages: pagesOf(target, unit, question),
    ...(question.isLong ? { longLba: true } : {}),
  });
}

function modeSense(
  target: Target,
  command: Command,
  fields: typeof six,
  isTen: boolean,
): Refusal | undefined {
  const { cdb, unit } = command;
  const question: Question = {
    isLong: isTen && llbaa(cdb) === 1,
    hasBlocks: fields.dbd(cdb) === 0,
    pageControl: fields.pageControl(cdb),
    pageCode: fields.pageCode(cdb),
  };
  if (question.pageControl === control.saved) return refuse(SAVING_NOT_SUPPORTED);
  const subpage = fields.subpageCode(cdb);
  if (subpage !== 0 && subpage !== ALL_SUBPAGES) return refuseCdb(SUBPAGE_CODE_AT);
  if (question.pageCode !== ALL_PAGES && pagesOf(target, unit, question).length === 0) {
    return refuseCdb(PAGE_CODE_AT, 5);
  }
  const encode = isTen ? modeData10.encode : modeData6.encode;
  respond(command, modeData(target, unit, question, encode), fields.allocationLength(cdb));
  return undefined;
}

/** MODE SENSE(6) (SPC-4 6.13). */
export const modeSenseSix = (target: Target, command: Command): Refusal | undefined =>
  modeSense(target, command, six, false);

/** MODE SENSE(10) (SPC-4 6.14). */
export const modeSenseTen = (target: Target, command: Command): Refusal | undefined =>
  modeSense(target, command, ten, true);

import type { CopySegment } from "@blockferry/core";
import type { PlannedCommand } from "@blockferry/core/plan";
import {
  extendedCopyLid1Cdb,
  extendedCopyLid4Cdb,
  populateTokenCdb,
  writeUsingTokenCdb,
} from "./codec/cdb/extended-copy-cdb.ts";
import { receiveRodTokenInformationCdb } from "./codec/cdb/receive-copy-cdb.ts";
import { extendedCopyLid1List } from "./codec/copy/extended-copy-lid1.ts";
import { extendedCopyLid4List } from "./codec/copy/extended-copy-lid4.ts";
import { populateTokenList } from "./codec/copy/populate-token.ts";
import type { SegmentDescriptorInput } from "./codec/copy/segment.ts";
import { writeUsingTokenList } from "./codec/copy/write-using-token.ts";
import type { ExtendedCopyOptions, TokenCopyOptions } from "./command-options.ts";
import { listIdUsage } from "./copy-list-header.ts";
import { namedCscds } from "./named-cscds.ts";
import { REPORT_BYTES } from "./token-report.ts";
import type { EncodableUnit } from "./unit.ts";

/** A command, ready to be sent. */
export interface EncodedScsiCommand {
  /** Its name in the standard. */
  readonly title: string;
  /** The logical unit that gets it. */
  readonly lun: number;
  readonly cdb: Uint8Array;
  /** Parameter list; `undefined`: none. */
  readonly dataOut: Uint8Array | undefined;
  /** Bytes of data that it may bring. */
  readonly dataInBytes: number;
}

export interface EncodePlanOptions {
  /** Units by the device numbers of the plan's segments. */
  readonly units: ReadonlyMap<number, EncodableUnit>;
  readonly extendedCopy?: ExtendedCopyOptions | undefined;
  readonly tokenCopy?: TokenCopyOptions | undefined;
  /** Of the first command; the next ones count on. Default 1. */
  readonly listIdentifier?: number | undefined;
  /** What to show as the token, of which nobody knows before there is one. Default 512 zeroes. */
  readonly token?: Uint8Array | undefined;
}

const PRIORITY_DEFAULT = 1;
const TOKEN_BYTES = 512;

/** @throws RangeError */
export function unitNumbered(
  units: ReadonlyMap<number, EncodableUnit>,
  device: number,
): EncodableUnit {
  const unit = units.get(device);
  if (unit === undefined) throw new RangeError(`there is no unit for device ${device} of the plan`);
  return unit;
}

/** One EXTENDED COPY with these segments, whose units are `named`. */
export function extendedCopyCommand(
  segments: readonly SegmentDescriptorInput[],
  named: ReturnType<typeof namedCscds>,
  lun: number,
  listIdentifier: number,
  options: ExtendedCopyOptions,
): EncodedScsiCommand {
  const { listFormat = "lid1", listIdUsage: usage = "auto", priority = PRIORITY_DEFAULT } = options;
  const used = usage === "auto" ? "discard" : usage;
  const isLid1 = listFormat === "lid1";
  const list = (isLid1 ? extendedCopyLid1List : extendedCopyLid4List).encode({
    listIdentifier: used === "none" ? 0 : listIdentifier,
    listIdUsage: listIdUsage[used],
    priority,
    cscds: named.cscds,
    segments,
  });
  const cdb = isLid1 ? extendedCopyLid1Cdb : extendedCopyLid4Cdb;
  return {
    title: cdb.name,
    lun,
    cdb: cdb.encode({ parameterListLength: list.length }),
    dataOut: list,
    dataInBytes: 0,
  };
}

function segmentInput(
  { source, destination, blocks }: CopySegment,
  idOf: (device: number) => number,
  unit: EncodableUnit,
): SegmentDescriptorInput {
  const ends = {
    sourceCscd: idOf(source.device),
    destinationCscd: idOf(destination.device),
    sourceLba: source.lba,
    destinationLba: destination.lba,
  };
  return unit.extendedCopy?.segmentType === 0x0a
    ? { type: 0x0a, ...ends, bytes: blocks * unit.bytesPerBlock }
    : { type: 0x02, ...ends, blocks };
}

function pairsCommand(
  { segments }: PlannedCommand,
  listIdentifier: number,
  { units, extendedCopy = {} }: EncodePlanOptions,
): EncodedScsiCommand {
  const target = unitNumbered(units, segments[0].destination.device);
  const named = namedCscds(segments, units);
  const inputs = segments.map((one) => segmentInput(one, named.idOf, target));
  return extendedCopyCommand(inputs, named, target.lun, listIdentifier, extendedCopy);
}

function ask(lun: number, listIdentifier: number): EncodedScsiCommand {
  const cdb = receiveRodTokenInformationCdb;
  return {
    title: cdb.name,
    lun,
    cdb: cdb.encode({ listIdentifier, allocationLength: REPORT_BYTES }),
    dataOut: undefined,
    dataInBytes: REPORT_BYTES,
  };
}

/** Where WRITE USING TOKEN writes to, and what. */
export interface TokenWrite {
  readonly lun: number;
  readonly ranges: readonly { readonly lba: number; readonly blocks: number }[];
  readonly rodToken: Uint8Array;
  readonly offsetIntoRod: number;
  readonly deletes: boolean;
}

/** One WRITE USING TOKEN. */
export function writeUsingTokenCommand(
  write: TokenWrite,
  listIdentifier: number,
  { immediate: immed = false, groupNumber = 0 }: TokenCopyOptions,
): EncodedScsiCommand {
  const { lun, ranges, rodToken, offsetIntoRod, deletes: delTkn } = write;
  const list = writeUsingTokenList.encode({ immed, delTkn, offsetIntoRod, rodToken, ranges });
  const parameterListLength = list.length;
  return {
    title: writeUsingTokenCdb.name,
    lun,
    cdb: writeUsingTokenCdb.encode({ listIdentifier, parameterListLength, groupNumber }),
    dataOut: list,
    dataInBytes: 0,
  };
}

function populateCommand(
  segments: readonly CopySegment[],
  lun: number,
  listIdentifier: number,
  options: TokenCopyOptions,
): EncodedScsiCommand {
  const { immediate: immed = false, inactivitySeconds = 0, rodType, groupNumber = 0 } = options;
  const list = populateTokenList.encode({
    immed,
    inactivityTimeout: inactivitySeconds,
    ...(rodType === undefined ? {} : { rtv: true, rodType }),
    ranges: segments.map(({ source, blocks }) => ({ lba: source.lba, blocks })),
  });
  const parameterListLength = list.length;
  return {
    title: populateTokenCdb.name,
    lun,
    cdb: populateTokenCdb.encode({ listIdentifier, parameterListLength, groupNumber }),
    dataOut: list,
    dataInBytes: 0,
  };
}

function tokenCommands(
  { segments, blocks }: PlannedCommand,
  listIdentifier: number,
  options: EncodePlanOptions,
): EncodedScsiCommand[] {
  const { units, tokenCopy = {}, token = new Uint8Array(TOKEN_BYTES) } = options;
  const { lun: from } = unitNumbered(units, segments[0].source.device);
  const { destination } = segments[0];
  const { lun: to } = unitNumbered(units, destination.device);
  const write = {
    lun: to,
    ranges: [{ lba: destination.lba, blocks }],
    rodToken: token,
    offsetIntoRod: 0,
    deletes: tokenCopy.deleteTokens !== false,
  };
  return [
    populateCommand(segments, from, listIdentifier, tokenCopy),
    ask(from, listIdentifier),
    writeUsingTokenCommand(write, listIdentifier + 1, tokenCopy),
    ...(tokenCopy.confirmWrites === false ? [] : [ask(to, listIdentifier + 1)]),
  ];
}

/**
 * The exact bytes of planned copies: EXTENDED COPY, or the commands of a token copy, by the shape of the destination's
 * limits. What a queue sends is the same but for list identifiers.
 *
 * @throws RangeError for a device without a unit, and for what does not fit a field.
 */
export function encodePlan(
  commands: readonly PlannedCommand[],
  options: EncodePlanOptions,
): EncodedScsiCommand[] {
  let listIdentifier = options.listIdentifier ?? 1;
  return commands.flatMap((command) => {
    const { device } = command.segments[0].destination;
    const { limits } = unitNumbered(options.units, device);
    if (limits.copyShape !== "token") return [pairsCommand(command, listIdentifier++, options)];
    const encoded = tokenCommands(command, listIdentifier, options);
    listIdentifier += 2;
    return encoded;
  });
}

import { type CopyLimits, copyLimits, type QueueLimits } from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import { movesDataAlone, type NvmeBlockFormat, type NvmeCopyFormats } from "./block-format.ts";
import { copyCommand } from "./codec/copy-command.ts";
import { type TagByteOrder, tagByteOrder } from "./codec/tag-byte-order.ts";
import type { NvmeCommandOptions } from "./command-options.ts";
import { type ListForm, listForm } from "./list-form.ts";
import { type ProtectionSide, prinfo, protectionSide } from "./protection-options.ts";
import { opcode, SQE_BYTES } from "./queue-entry.ts";
import { applicationTagWord, TagWords } from "./tag-words.ts";

const SQE_WORDS = SQE_BYTES / 4;
const HEAD = copyCommand.field("opc").dword;
const NSID = copyCommand.field("nsid").dword;
/** Bytes 15:12 of the SGL descriptor in DPTR, with its type. */
const DATA_TYPE = copyCommand.field("dptr").dword + 3;
const CDW12 = copyCommand.field("nr").dword;
const CDW13 = copyCommand.field("dspec").dword;
const CDW15 = copyCommand.field("lbat").dword;

/** PSDT 01b: the data pointer is an SGL (NVM Express Base Specification 2.2, Figure 92). */
export const PSDT_SGL = 0x4000;
/** Transport SGL Data Block, the type of most transports (NVM Express Base Specification 2.2, section 4.3.2). */
const TRANSPORT_SGL = 0x5a000000;
const FORCE_UNIT_ACCESS = 1 << 30;
const LIMITED_RETRY = 1 << 31;
/** STCW of Copy, STC of Read and Write. */
const STORAGE_TAG_CHECK = 1 << 24;
const STORAGE_TAG_CHECK_READ = 1 << 25;
const PRINFO_READ_SHIFT = 12;
const PRINFO_SHIFT = 26;
/** PRINFOR where sources carry protection information and the destination has none: check the guard and strip. */
export const STRIP: number = 0b1100 << PRINFO_READ_SHIFT;
/** NR is 8, NLB 16 bits wide, 0's based. */
const RANGES_MAX = 256;
const RANGE_BLOCKS_MAX = 65536;

/** What is known of a namespace to encode commands for it. */
export interface EncodableNamespace {
  readonly nsid: number;
  readonly limits: QueueLimits;
  readonly format: NvmeBlockFormat;
  readonly copyFormats: NvmeCopyFormats;
}

/** Tags to be written for each command and each range. */
export interface CommandTags {
  readonly source: TagWords;
  readonly destination: TagWords;
}

/** What copies to a namespace have in common. */
export interface CopyTemplates {
  readonly bounds: CommandBounds;
  /** For sources in the namespace itself. */
  readonly same: ListForm;
  /** For sources in other namespaces; `undefined`: none is within reach. */
  readonly cross: ListForm | undefined;
}

/** What commands to a namespace have in common: submission queue entries, all words that no command changes. */
export interface CommandTemplates {
  /** As a signed word. */
  readonly nsid: number;
  /** `undefined`: the namespace has no copy command. */
  readonly copy: CopyTemplates | undefined;
  readonly read: Int32Array;
  readonly write: Int32Array;
  readonly flush: Int32Array;
  readonly tags: CommandTags | undefined;
  /** Bytes of a block on the wire; `undefined` where reads and writes would lose metadata. */
  readonly transferBytes: number | undefined;
}

interface Sides {
  readonly source: ProtectionSide;
  readonly destination: ProtectionSide;
}

function sidesOf(format: NvmeBlockFormat, options: NvmeCommandOptions): Sides | undefined {
  const { protection } = format;
  if (protection === undefined) return undefined;
  return {
    source: protectionSide("source", protection, options.protection?.source),
    destination: protectionSide("destination", protection, options.protection?.destination),
  };
}

function template(code: number, nsid: number, hasData: boolean): Int32Array {
  const words = new Int32Array(SQE_WORDS);
  words[HEAD] = hasData ? code | PSDT_SGL : code;
  words[NSID] = nsid;
  if (hasData) words[DATA_TYPE] = TRANSPORT_SGL;
  return words;
}

function checkField(name: string, value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name} must be a whole number from 0 to ${max}, not ${value}`);
  }
  return value;
}

/** LR, and what else the write part of a command asks for, in CDW12. */
function writeBits(options: NvmeCommandOptions): number {
  const type = checkField("directive.type", options.directive?.type ?? 0, 15);
  return (
    (options.forceUnitAccess === true ? FORCE_UNIT_ACCESS : 0) | (type << 20) | retryBit(options)
  );
}

function retryBit(options: NvmeCommandOptions): number {
  return options.limitedRetry === true ? LIMITED_RETRY : 0;
}

function directiveWord(options: NvmeCommandOptions): number {
  return checkField("directive.specific", options.directive?.specific ?? 0, 0xffff) << 16;
}

/** PRINFO and STC of one side, in CDW12 of Read and Write. */
function transferProtection(side: ProtectionSide): number {
  return (prinfo(side) << PRINFO_SHIFT) | (side.check.storageTag === true ? STORAGE_TAG_CHECK : 0);
}

function transferTemplates(
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
  sides: Sides | undefined,
): Pick<CommandTemplates, "read" | "write" | "flush"> {
  const read = template(opcode.read, namespace.nsid, true);
  const write = template(opcode.write, namespace.nsid, true);
  read[CDW12] = retryBit(options);
  write[CDW12] = writeBits(options);
  write[CDW13] = directiveWord(options);
  if (sides !== undefined) {
    read[CDW12] |= transferProtection(sides.source);
    read[CDW15] = applicationTagWord(sides.source);
    write[CDW12] |= transferProtection(sides.destination);
    write[CDW15] = applicationTagWord(sides.destination);
  }
  return { read, write, flush: template(opcode.flush, namespace.nsid, false) };
}

function boundsOf(limits: CopyLimits): CommandBounds {
  return {
    rangesMax: Math.min(limits.rangesMax, RANGES_MAX),
    rangeBlocksMax: Math.min(limits.rangeBlocksMax, RANGE_BLOCKS_MAX),
    blocksMax: limits.blocksMax,
  };
}

function copyProtection(sides: Sides): number {
  const { source, destination } = sides;
  return (
    (prinfo(source) << PRINFO_READ_SHIFT) |
    transferProtection(destination) |
    (source.check.storageTag === true ? STORAGE_TAG_CHECK_READ : 0)
  );
}

function copyTemplates(
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
  sides: Sides | undefined,
  order: TagByteOrder,
  numberOf: (key: string) => number,
): CopyTemplates | undefined {
  const limits = copyLimits(namespace.limits);
  const { same, cross } = namespace.copyFormats;
  if (limits === undefined || same === undefined) return undefined;
  const command = template(opcode.copy, namespace.nsid, true);
  command[CDW13] = directiveWord(options);
  if (sides !== undefined) command[CDW15] = applicationTagWord(sides.destination);
  const fastCopyOnly = options.fastCopyOnly === true;
  const protection = sides === undefined ? 0 : copyProtection(sides);
  const applicationTags = sides === undefined ? 0 : applicationTagWord(sides.source, order);
  const cdw12 = writeBits(options) | protection;
  const shared = { command, fastCopyOnly, applicationTags, numberOf };
  const own = fastCopyOnly ? (cross ?? same) : same;
  return {
    bounds: boundsOf(limits),
    same: listForm({ ...shared, cdw12, descriptorFormat: own }),
    cross:
      cross === undefined ? undefined : listForm({ ...shared, cdw12, descriptorFormat: cross }),
  };
}

/**
 * Prepares what commands to a namespace have in common. `numberOf` gives equal keys equal numbers.
 *
 * @throws RangeError for an option out of range.
 * @throws FerryError `FERRY_NVME_FAST_COPY`
 */
export function commandTemplates(
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
  numberOf: (key: string) => number,
): CommandTemplates {
  const { format } = namespace;
  const { protection } = format;
  const sides = sidesOf(format, options);
  const order = tagByteOrder(options.tagByteOrder ?? "standard");
  return {
    nsid: namespace.nsid | 0,
    copy: copyTemplates(namespace, options, sides, order, numberOf),
    ...transferTemplates(namespace, options, sides),
    tags:
      protection === undefined || sides === undefined
        ? undefined
        : {
            source: new TagWords(protection, sides.source, order),
            destination: new TagWords(protection, sides.destination, order),
          },
    transferBytes: movesDataAlone(format, options.protection) ? format.bytesPerBlock : undefined,
  };
}

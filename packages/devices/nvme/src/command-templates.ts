import type { QueueLimits } from "@blockferry/core";
import { copyLimits, FerryError } from "@blockferry/core";
import type { CommandBounds, RangeLayout } from "@blockferry/core/plan";
import type { NvmeBlockFormat, NvmeCopyFormats } from "./block-format.ts";
import { copyCommand } from "./codec/copy-command.ts";
import type { NvmeCommandOptions } from "./command-options.ts";
import { type ProtectionSide, prinfo, protectionSide } from "./protection-options.ts";
import { opcode, SQE_BYTES } from "./queue-entry.ts";
import { type TagByteOrder, tagByteOrders } from "./tag-byte-order.ts";
import { applicationTagWord, TagWords } from "./tag-words.ts";

const SQE_WORDS = SQE_BYTES / 4;
const HEAD = copyCommand.field("opc").dword;
const NSID = copyCommand.field("nsid").dword;
/** Bytes 15:12 of the SGL descriptor in DPTR, with its type. */
const DATA_TYPE = copyCommand.field("dptr").dword + 3;
const CDW12 = copyCommand.field("nr").dword;
const CDW13 = copyCommand.field("dspec").dword;
const CDW15 = copyCommand.field("lbat").dword;
/** PSDT 01b: the data pointer is an SGL (NVM Express Base Specification 2.1, Figure 91). */
export const PSDT_SGL = 0x4000;
/** Transport SGL Data Block descriptor in byte 39 (NVM Express Base Specification 2.1, section 4.3.2). */
const TRANSPORT_SGL = 0x5a000000 | 0;
const FORCE_UNIT_ACCESS = 1 << 30;
const LIMITED_RETRY = 1 << 31;
const STORAGE_TAG_CHECK_WRITE = 1 << 24;
const STORAGE_TAG_CHECK_READ = 1 << 25;
/** SOPT bit 15, FCO, in word 5 of an entry (NVM Command Set Specification 1.2, Figure 39). */
const FAST_COPY_ONLY = 1 << 31;

/** What is known of a namespace to encode commands for it. */
export interface EncodableNamespace {
  readonly nsid: number;
  readonly limits: QueueLimits;
  readonly format: NvmeBlockFormat;
  readonly copyFormats: NvmeCopyFormats;
}

/** One way to write the range list of a copy. */
export interface ListForm {
  readonly descriptorFormat: number;
  /** CDW12 without NR. */
  readonly cdw12: number;
  readonly layout: RangeLayout;
  readonly entryWords: number;
  readonly entryBytes: number;
  /** Words of an entry that no range changes. */
  readonly entry: Int32Array;
}

/** Tags to be written per command and per range. */
export interface CommandTags {
  readonly source: TagWords;
  readonly destination: TagWords;
  readonly order: TagByteOrder;
}

/** Everything about a namespace that commands to it have in common. */
export interface CommandTemplates {
  /** As a signed word. */
  readonly nsid: number;
  /** `undefined` where the namespace has no copy command. */
  readonly bounds: CommandBounds | undefined;
  readonly same: ListForm | undefined;
  readonly cross: ListForm | undefined;
  readonly copy: Int32Array;
  readonly read: Int32Array;
  readonly write: Int32Array;
  readonly flush: Int32Array;
  readonly tags: CommandTags | undefined;
  /** Bytes of a block on the wire; `undefined` where reads and writes would lose metadata. */
  readonly transferBytes: number | undefined;
}

function listForm(
  descriptorFormat: number,
  cdw12: number,
  options: NvmeCommandOptions,
  tagWord: number,
): ListForm {
  const isShort = descriptorFormat === 0 || descriptorFormat === 2;
  const namesSource = descriptorFormat === 2 || descriptorFormat === 3;
  if (options.fastCopyOnly === true && !namesSource) {
    throw new FerryError(
      "FERRY_NVME_FAST_COPY",
      `fast copy only is a bit of source range formats 2h and 3h, and the namespace has only ${descriptorFormat}h`,
      { hint: "Leave fastCopyOnly out, or use a controller that has formats 2h or 3h enabled." },
    );
  }
  const entryWords = isShort ? 8 : 10;
  const entry = new Int32Array(entryWords);
  entry[entryWords === 8 ? 7 : 9] = tagWord;
  if (options.fastCopyOnly === true) entry[5] = FAST_COPY_ONLY;
  return {
    descriptorFormat,
    cdw12: cdw12 | (descriptorFormat << 8),
    layout: {
      entryWords,
      deviceWord: namesSource ? 0 : -1,
      lowWord: 2,
      highWord: 3,
      blocksWord: 4,
      blocksBias: -1,
    },
    entryWords,
    entryBytes: entryWords * 4,
    entry,
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
    throw new RangeError(`${name} must be 0..${max}, not ${value}`);
  }
  return value;
}

interface Sides {
  readonly source: ProtectionSide;
  readonly destination: ProtectionSide;
}

function sidesOf(namespace: EncodableNamespace, options: NvmeCommandOptions): Sides | undefined {
  const { protection } = namespace.format;
  if (protection === undefined) return undefined;
  return {
    source: protectionSide("source", protection, options.protection?.source),
    destination: protectionSide("destination", protection, options.protection?.destination),
  };
}

function transferBytesOf(format: NvmeBlockFormat, sides: Sides | undefined): number | undefined {
  if (format.metadataBytes === 0) return format.bytesPerBlock;
  const controllerMakesAll =
    sides !== undefined &&
    sides.source.action &&
    sides.destination.action &&
    format.protection?.bytes === format.metadataBytes;
  return controllerMakesAll ? format.bytesPerBlock : undefined;
}

function orderOf(options: NvmeCommandOptions): TagByteOrder {
  const { tagByteOrder = "specification" } = options;
  if (typeof tagByteOrder !== "string") return tagByteOrder;
  const order = tagByteOrders[tagByteOrder];
  if (order === undefined) {
    throw new RangeError(
      `tagByteOrder must be one of ${Object.keys(tagByteOrders).join(", ")}, not ${tagByteOrder}`,
    );
  }
  return order;
}

function tagsOf(
  namespace: EncodableNamespace,
  sides: Sides | undefined,
  order: TagByteOrder,
): CommandTags | undefined {
  const { protection } = namespace.format;
  if (protection === undefined || sides === undefined) return undefined;
  return {
    source: new TagWords(protection, sides.source),
    destination: new TagWords(protection, sides.destination),
    order,
  };
}

/** PRINFOR and PRINFOW of a copy, with the storage tag checks. */
function copyProtectionBits(sides: Sides | undefined): number {
  if (sides === undefined) return 0;
  return (
    (prinfo(sides.source) << 12) |
    (prinfo(sides.destination) << 26) |
    (sides.source.check.storageTag === true ? STORAGE_TAG_CHECK_READ : 0) |
    (sides.destination.check.storageTag === true ? STORAGE_TAG_CHECK_WRITE : 0)
  );
}

function transferTemplates(
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
  sides: Sides | undefined,
): Pick<CommandTemplates, "read" | "write" | "flush"> {
  const retry = options.limitedRetry === true ? LIMITED_RETRY : 0;
  const read = template(opcode.read, namespace.nsid, true);
  const write = template(opcode.write, namespace.nsid, true);
  read[CDW12] = retry;
  write[CDW12] = retry | writeBits(options);
  write[CDW13] = directiveSpecific(options);
  if (sides !== undefined) {
    const check = STORAGE_TAG_CHECK_WRITE;
    read[CDW12] |= prinfo(sides.source) << 26;
    if (sides.source.check.storageTag === true) read[CDW12] |= check;
    read[CDW15] = applicationTagWord(sides.source, "little");
    write[CDW12] |= prinfo(sides.destination) << 26;
    if (sides.destination.check.storageTag === true) write[CDW12] |= check;
    write[CDW15] = applicationTagWord(sides.destination, "little");
  }
  return { read, write, flush: template(opcode.flush, namespace.nsid, false) };
}

function writeBits(options: NvmeCommandOptions): number {
  const type = checkField("directive.type", options.directive?.type ?? 0, 15);
  return (options.forceUnitAccess === true ? FORCE_UNIT_ACCESS : 0) | (type << 20);
}

function directiveSpecific(options: NvmeCommandOptions): number {
  return checkField("directive.specific", options.directive?.specific ?? 0, 0xffff) << 16;
}

/** PRINFOR for a plain destination whose sources may carry protection information: check the guard and strip. */
const STRIP = 0b1100 << 12;

/**
 * Prepares all that commands to a namespace have in common.
 *
 * @throws RangeError for an option out of range.
 * @throws FerryError `FERRY_NVME_FAST_COPY`
 */
export function commandTemplates(
  namespace: EncodableNamespace,
  options: NvmeCommandOptions,
): CommandTemplates {
  const sides = sidesOf(namespace, options);
  const order = orderOf(options);
  const copy = template(opcode.copy, namespace.nsid, true);
  copy[CDW13] = directiveSpecific(options);
  let tagWord = 0;
  if (sides !== undefined) {
    copy[CDW15] = applicationTagWord(sides.destination, "little");
    tagWord = applicationTagWord(sides.source, order.applicationTag);
  }
  const retry = options.limitedRetry === true ? LIMITED_RETRY : 0;
  const cdw12 = retry | writeBits(options) | copyProtectionBits(sides);
  const limits = copyLimits(namespace.limits);
  const { cross } = namespace.copyFormats;
  const same =
    options.fastCopyOnly === true
      ? (cross ?? namespace.copyFormats.same)
      : namespace.copyFormats.same;
  const copies = limits !== undefined && same !== undefined;
  const crossBits = sides === undefined ? cdw12 | STRIP : cdw12;
  return {
    nsid: namespace.nsid | 0,
    bounds: copies ? limits : undefined,
    same: copies ? listForm(same, cdw12, options, tagWord) : undefined,
    cross: copies && cross !== undefined ? listForm(cross, crossBits, options, tagWord) : undefined,
    copy,
    ...transferTemplates(namespace, options, sides),
    tags: tagsOf(namespace, sides, order),
    transferBytes: transferBytesOf(namespace.format, sides),
  };
}

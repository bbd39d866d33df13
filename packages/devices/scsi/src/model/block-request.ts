import { compareAndWriteCdb, orwrite16Cdb, writeAtomic16Cdb } from "../codec/cdb/atomic-cdb.ts";
import {
  preFetch10Cdb,
  preFetch16Cdb,
  synchronizeCache10Cdb,
  synchronizeCache16Cdb,
} from "../codec/cdb/cache-cdb.ts";
import { read6Cdb, read10Cdb, read12Cdb, read16Cdb } from "../codec/cdb/read-cdb.ts";
import {
  verify10Cdb,
  verify12Cdb,
  verify16Cdb,
  writeAndVerify10Cdb,
  writeAndVerify12Cdb,
  writeAndVerify16Cdb,
} from "../codec/cdb/verify-cdb.ts";
import { write6Cdb, write10Cdb, write12Cdb, write16Cdb } from "../codec/cdb/write-cdb.ts";
import { writeSame10Cdb, writeSame16Cdb } from "../codec/cdb/write-same-cdb.ts";
import { fieldReader } from "./cdb-field.ts";
import type { Command } from "./command.ts";
import { type Refusal, refuseAddress, refuseCdb } from "./sense.ts";
import { isOutOfRange, type Unit } from "./unit.ts";

/** Where a command has its address and its number of blocks. */
export interface BlockFields {
  readonly lba: (cdb: Uint8Array) => number;
  readonly blocks: (cdb: Uint8Array) => number;
  /** Byte of the number of blocks. */
  readonly blocksAt: number;
}

type Cdb = Parameters<typeof fieldReader>[0];

function fieldsOf(cdb: Cdb, blocks: string): BlockFields {
  const lba = fieldReader(cdb, "lba");
  const count = fieldReader(cdb, blocks);
  const info = cdb.fields.find((one) => one.name === blocks);
  return { lba, blocks: count, blocksAt: info?.byte ?? 0 };
}

/** In six bytes a number of 0 means 256 blocks (SBC-3, READ(6)). */
function sixFields(cdb: Cdb): BlockFields {
  const fields = fieldsOf(cdb, "transferLength");
  return { ...fields, blocks: (bytes) => fields.blocks(bytes) || 256 };
}

/** Address and length of the commands of block devices, by operation code. */
const blockFields: Readonly<Record<number, BlockFields>> = {
  8: sixFields(read6Cdb),
  10: sixFields(write6Cdb),
  40: fieldsOf(read10Cdb, "transferLength"),
  42: fieldsOf(write10Cdb, "transferLength"),
  46: fieldsOf(writeAndVerify10Cdb, "transferLength"),
  47: fieldsOf(verify10Cdb, "verificationLength"),
  52: fieldsOf(preFetch10Cdb, "prefetchLength"),
  53: fieldsOf(synchronizeCache10Cdb, "blocks"),
  65: fieldsOf(writeSame10Cdb, "blocks"),
  136: fieldsOf(read16Cdb, "transferLength"),
  137: fieldsOf(compareAndWriteCdb, "blocks"),
  138: fieldsOf(write16Cdb, "transferLength"),
  139: fieldsOf(orwrite16Cdb, "transferLength"),
  142: fieldsOf(writeAndVerify16Cdb, "transferLength"),
  143: fieldsOf(verify16Cdb, "verificationLength"),
  144: fieldsOf(preFetch16Cdb, "prefetchLength"),
  145: fieldsOf(synchronizeCache16Cdb, "blocks"),
  147: fieldsOf(writeSame16Cdb, "blocks"),
  156: fieldsOf(writeAtomic16Cdb, "transferLength"),
  168: fieldsOf(read12Cdb, "transferLength"),
  170: fieldsOf(write12Cdb, "transferLength"),
  174: fieldsOf(writeAndVerify12Cdb, "transferLength"),
  175: fieldsOf(verify12Cdb, "verificationLength"),
};

export const fieldsOfCommand = ({ cdb }: Command): BlockFields => blockFields[cdb[0]];

/** The least value of byte 1 that has one of the bits 7 to 5. */
const PROTECT_LOWEST = 0x20;
const FUA = fieldReader(write10Cdb, "fua");
/** RDPROTECT and the like stand in byte 1 bits 7 to 5 of all these commands. */
const PROTECT_AT = 1;

/** FUA, bit 3 of byte 1 in commands of ten bytes and more. */
export const forcesUnitAccess = (cdb: Uint8Array): boolean => cdb[0] >= 0x20 && FUA(cdb) === 1;

/** No logical unit has protection information: commands may not ask for it (SBC-3 4.22.2). */
export const checkProtectField = (cdb: Uint8Array): Refusal | undefined =>
  cdb[0] >= 0x20 && cdb[PROTECT_AT] >= PROTECT_LOWEST ? refuseCdb(PROTECT_AT, 7) : undefined;

/** LOGICAL BLOCK ADDRESS OUT OF RANGE, by the first block that is. An empty range may end at the capacity. */
export function checkAddress(unit: Unit, lba: number, blocks: number): Refusal | undefined {
  if (!isOutOfRange(unit, lba, blocks)) return undefined;
  return refuseAddress(Math.max(lba, unit.blocks));
}

/** More blocks than one command may have (SBC-3, Block Limits VPD page, MAXIMUM TRANSFER LENGTH). */
export const checkTransferLength = (
  blocks: number,
  blocksMax: number,
  at: number,
): Refusal | undefined => (blocksMax > 0 && blocks > blocksMax ? refuseCdb(at) : undefined);

import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

/*
 * What crosses the border between a transport and a SCSI device: the arguments and the results of Execute Command
 * (SAM-5 5.1) without those that a transport keeps to itself.
 *
 * command:    0..7  logical unit number   8..  CDB, 6 to 32 bytes; a queue's commands have 16
 * completion: 0     status                1    sense data length
 *             4..7  bytes moved           8..11  bytes wanted
 *             12..263  sense data
 */

/** Bytes of the logical unit number in front of a CDB. */
export const LUN_BYTES = 8;
/** Bytes of a CDB in a queue: shorter ones are followed by zeroes. */
export const QUEUE_CDB_BYTES = 16;
/** Bytes of a command in a queue. */
export const SCSI_COMMAND_BYTES: number = LUN_BYTES + QUEUE_CDB_BYTES;
/** Greatest number of bytes of a command outside of a queue: its CDB has 32. */
export const SCSI_COMMAND_BYTES_MAX: number = LUN_BYTES + 32;
/** Bytes of a completion. */
export const SCSI_COMPLETION_BYTES = 264;

const command = {
  name: "SCSI command",
  bytes: 24,
  endian: "big",
  source: "SAM-5 5.1",
  fields: [
    {
      name: "logicalUnitNumber",
      at: "bytes 0..7",
      kind: "bytes",
      meaning: "Logical unit number (SAM-5 4.7)",
    },
    { name: "cdb", at: "bytes 8..23", kind: "bytes", meaning: "CDB, followed by zeroes" },
  ],
} as const;

const completion = {
  name: "SCSI completion",
  bytes: 264,
  endian: "big",
  source: "SAM-5 5.1",
  fields: [
    {
      name: "status",
      at: "byte 0",
      kind: "enumeration",
      names: {
        0: "GOOD",
        2: "CHECK CONDITION",
        4: "CONDITION MET",
        8: "BUSY",
        24: "RESERVATION CONFLICT",
        40: "TASK SET FULL",
        48: "ACA ACTIVE",
        64: "TASK ABORTED",
      },
      meaning: "STATUS",
    },
    { name: "senseLength", at: "byte 1", kind: "uint", meaning: "Sense Data Length" },
    { at: "bytes 2..3", kind: "reserved" },
    { name: "moved", at: "bytes 4..7", kind: "uint", meaning: "Bytes of data that were moved" },
    {
      name: "wanted",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "Bytes of data that the command asks for",
    },
    { name: "sense", at: "bytes 12..263", kind: "bytes", meaning: "Sense Data, then zeroes" },
  ],
} as const;

/** A command with a CDB of at most 16 bytes. */
export const scsiCommand: Structure<typeof command> = structure(command);
/** What came of a command. */
export const scsiCompletion: Structure<typeof completion> = structure(completion);

export type ScsiCommand = Infer<typeof scsiCommand>;
export type ScsiCompletion = Infer<typeof scsiCompletion>;

const FLAT = 0x40;
const LUN_MAX = 16383;

/**
 * Writes a logical unit number of one level: peripheral device addressing up to 255, flat space addressing from 256 to
 * 16383 (SAM-5 4.7.7.2, 4.7.7.3), as Linux and most targets write it.
 * @throws RangeError
 */
export function encodeLun(
  lun: number,
  target: Uint8Array = new Uint8Array(LUN_BYTES),
  offset = 0,
): Uint8Array {
  if (!Number.isInteger(lun) || lun < 0 || lun > LUN_MAX) {
    throw new RangeError(`a logical unit number is 0..${LUN_MAX}, not ${lun}`);
  }
  target.fill(0, offset, offset + LUN_BYTES);
  target[offset] = lun > 255 ? FLAT + Math.floor(lun / 256) : 0;
  target[offset + 1] = lun % 256;
  return target;
}

/**
 * The logical unit number of one level at `offset`, of either addressing method; -1 for a well-known unit, more levels
 * than one, or a number on another bus.
 */
export function decodeLun(bytes: Uint8Array, offset = 0): number {
  for (let i = 2; i < LUN_BYTES; i += 1) if (bytes[offset + i] !== 0) return -1;
  const first = bytes[offset];
  if (first === 0) return bytes[offset + 1];
  if (first < FLAT || first >= 2 * FLAT) return -1;
  return (first - FLAT) * 256 + bytes[offset + 1];
}

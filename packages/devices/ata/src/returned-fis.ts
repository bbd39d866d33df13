import { errorBit } from "./codec/error-register.ts";
import { registerDeviceToHost } from "./codec/fis/register-device-to-host.ts";
import {
  type AtaSense,
  isGood,
  parseSense,
  type ReturnedRegisters,
} from "./codec/sat/parse-sense.ts";
import { statusBit } from "./codec/status-register.ts";
import type { WholeTaskFile } from "./codec/task-file.ts";

/*
 * What crosses the border between a transport and a SCSI device (as the SCSI device package has it):
 * completion: 0 status, 1 sense data length, 12..263 sense data
 */
const SENSE_AT = 12;
const GOOD = 0x00;
const CHECK_CONDITION = 0x02;
const BUSY_STATUSES: ReadonlySet<number> = new Set([0x08, 0x28, 0x30]);
const UNIT_ATTENTION = 6;
const MEDIUM_ERROR = 3;
const OUT_OF_RANGE = 0x2100;

const READY = statusBit.ready;
const FAILED = READY + statusBit.error;

const bitsOf = (value: number): number[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => Math.floor(value / 2 ** bit) % 2 === 1);

type Ended = Pick<ReturnedRegisters, "status" | "error" | "lba" | "count" | "device">;

function fisOf({ status, error, lba, count, device }: Ended): Uint8Array {
  return registerDeviceToHost.encode({
    ...{ status: bitsOf(status), error: bitsOf(error) },
    ...{ lba, count, device },
  });
}

/** Registers of a translator's refusal that came without the disk's: libata's table, read backwards. */
function errorOf({ senseKey, asc, ascq }: AtaSense): number {
  if (senseKey === MEDIUM_ERROR) return errorBit.uncorrectable;
  return asc * 256 + ascq === OUT_OF_RANGE ? errorBit.idNotFound : errorBit.abort;
}

/** Where the upper half of LBA was lost, LBA says nothing: it is the command's own then, at which nothing is done. */
function registersOf(registers: ReturnedRegisters, sent: WholeTaskFile): Ended {
  return registers.whole ? registers : { ...registers, lba: sent.lba };
}

/**
 * The Register Device to Host FIS that a SCSI completion of ATA PASS-THROUGH tells of. Registers come in descriptor and in
 * fixed format; without them the status or the sense code says what they would. A unit attention, and a busy unit, are BSY:
 * the command was not carried out.
 */
export function returnedFis(completion: Uint8Array, sent: WholeTaskFile): Uint8Array {
  const nothing = { lba: sent.lba, count: 0, device: sent.device };
  const [status, senseBytes] = completion;
  if (status === GOOD) return fisOf({ ...nothing, status: READY, error: 0 });
  if (BUSY_STATUSES.has(status)) return fisOf({ ...nothing, status: statusBit.busy, error: 0 });
  const aborted = fisOf({ ...nothing, status: FAILED, error: errorBit.abort });
  if (status !== CHECK_CONDITION) return aborted;
  const decoded = parseSense(completion.subarray(SENSE_AT, SENSE_AT + senseBytes));
  if (!decoded.ok) return aborted;
  const sense = decoded.value;
  if (sense.senseKey === UNIT_ATTENTION) {
    return fisOf({ ...nothing, status: statusBit.busy, error: 0 });
  }
  if (sense.registers === undefined) {
    return fisOf({ ...nothing, status: FAILED, error: errorOf(sense) });
  }
  const ended = registersOf(sense.registers, sent);
  // DRQ that a PIO data-in command leaves behind is no failure.
  return isGood(ended) ? fisOf({ ...ended, status: READY, error: 0 }) : fisOf(ended);
}

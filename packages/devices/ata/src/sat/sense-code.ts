import { errorBit } from "../codec/error-register.ts";
import { statusBit } from "../codec/status-register.ts";

/** SENSE KEY, ADDITIONAL SENSE CODE and its qualifier. */
export interface SenseCode {
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
}

const code = (senseKey: number, asc: number, ascq: number): SenseCode => ({ senseKey, asc, ascq });

type SenseCodeName =
  | "informationAvailable"
  | "unrecoveredRead"
  | "internalFailure"
  | "invalidOperationCode"
  | "outOfRange"
  | "invalidField"
  | "aborted"
  | "interfaceCrc";

export const senseCode: Readonly<Record<SenseCodeName, SenseCode>> = {
  informationAvailable: code(0x1, 0x00, 0x1d),
  unrecoveredRead: code(0x3, 0x11, 0x04),
  internalFailure: code(0x4, 0x44, 0x00),
  invalidOperationCode: code(0x5, 0x20, 0x00),
  outOfRange: code(0x5, 0x21, 0x00),
  invalidField: code(0x5, 0x24, 0x00),
  aborted: code(0xb, 0x00, 0x00),
  interfaceCrc: code(0xb, 0x47, 0x00),
};

/** The sense code of STATUS and ERROR where the device has no sense data: libata's table, ata_to_sense_error(). */
export function senseCodeOf(status: number, error: number): SenseCode {
  const crc = errorBit.interfaceCrc + errorBit.abort;
  if ((error & crc) === crc) return senseCode.interfaceCrc;
  if ((error & errorBit.uncorrectable) !== 0) return senseCode.unrecoveredRead;
  if ((error & errorBit.idNotFound) !== 0) return senseCode.outOfRange;
  if ((error & errorBit.abort) === 0 && (status & statusBit.deviceFault) !== 0) {
    return senseCode.internalFailure;
  }
  return senseCode.aborted;
}

/** A sense code in the 24 bits of an LBA field, as REQUEST SENSE DATA EXT returns it. */
export function senseCodeOfLba(lba: number): SenseCode {
  return code(Math.floor(lba / 65_536) % 16, Math.floor(lba / 256) % 256, lba % 256);
}

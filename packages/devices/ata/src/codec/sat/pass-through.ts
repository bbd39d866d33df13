import type { AnyStructure, Decoded, DecodeOptions } from "@blockferry/core/bytes";
import type { TaskFile, WholeTaskFile } from "../task-file.ts";
import { DEVICE_LBA } from "../task-file.ts";
import { passThrough12, passThrough16, passThrough32 } from "./pass-through-cdb.ts";

/** Lengths of ATA PASS-THROUGH CDBs. */
export type PassThroughForm = 12 | 16 | 32;

/** How the data of a pass-through command is transferred. */
export interface PassThroughTransfer {
  /** PROTOCOL: see `passThroughProtocol`. */
  readonly protocol: number;
  /** The command is 48-bit. */
  readonly extend: boolean;
  readonly multipleCount: number;
  readonly offLine: number;
  readonly ckCond: boolean;
  readonly tType: boolean;
  readonly tDir: boolean;
  readonly bytBlok: boolean;
  /** T_LENGTH: see `transferLength`. */
  readonly tLength: number;
}

/** An ATA PASS-THROUGH command of any length. */
export interface PassThrough extends PassThroughTransfer {
  readonly form: PassThroughForm;
  readonly taskFile: WholeTaskFile;
}

const structures: Readonly<Record<PassThroughForm, AnyStructure>> = {
  12: passThrough12,
  16: passThrough16,
  32: passThrough32,
};

/** The length of the ATA PASS-THROUGH command that a CDB begins, by its operation code and service action. */
export function passThroughForm(cdb: Uint8Array): PassThroughForm | undefined {
  if (cdb[0] === 0xa1) return 12;
  if (cdb[0] === 0x85) return 16;
  return cdb[0] === 0x7f && cdb[8] === 0x1f && cdb[9] === 0xf0 ? 32 : undefined;
}

/** Decodes ATA PASS-THROUGH(12), (16) or (32). Never throws. */
export function decodePassThrough(cdb: Uint8Array, options?: DecodeOptions): Decoded<PassThrough> {
  if (cdb.length === 0) return { ok: false, need: 12 };
  const form = passThroughForm(cdb);
  if (form === undefined) {
    if (cdb[0] === 0x7f && cdb.length < 10) return { ok: false, need: 10 - cdb.length };
    const violated = "ATA PASS-THROUGH: operation code must be A1h, 85h, or 7Fh with 1FF0h";
    return { ok: false, violated, field: "operationCode" };
  }
  const decoded = structures[form].decode(cdb, 0, options);
  if (!decoded.ok) return decoded;
  const value = decoded.value as PassThroughTransfer & WholeTaskFile;
  const { protocol, extend, multipleCount, offLine, ckCond } = value;
  const { tType, tDir, bytBlok, tLength } = value;
  const { command, feature, count, lba, device, icc = 0, auxiliary = 0 } = value;
  const taskFile = { command, feature, count, lba, device, icc, auxiliary };
  const transfer = {
    protocol,
    extend,
    multipleCount,
    offLine,
    ckCond,
    tType,
    tDir,
    bytBlok,
    tLength,
  };
  return { ok: true, value: { form, ...transfer, taskFile } };
}

export interface PassThroughInput extends Partial<Omit<PassThroughTransfer, "protocol">> {
  /** Length of the CDB; default 16, or 32 where ICC or AUXILIARY is not 0. */
  readonly form?: PassThroughForm;
  readonly protocol: number;
  readonly taskFile: TaskFile;
}

/**
 * Encodes ATA PASS-THROUGH. Flags left out are 0.
 * @throws RangeError naming a field that the form has no room for.
 */
export function encodePassThrough(input: PassThroughInput): Uint8Array {
  const { taskFile, form: wanted, ...transfer } = input;
  const { icc = 0, auxiliary = 0, ...registers } = taskFile;
  const form = wanted ?? (icc === 0 && auxiliary === 0 ? 16 : 32);
  if (form !== 32 && (icc !== 0 || auxiliary !== 0)) {
    throw new RangeError(`ATA PASS-THROUGH(${form}) has no ICC and no AUXILIARY; use form 32`);
  }
  const extra = form === 32 ? { icc, auxiliary } : {};
  const whole = { device: DEVICE_LBA, ...registers, ...transfer, ...extra };
  return structures[form].encode(whole);
}

/** The structure of ATA PASS-THROUGH of one length. */
export function passThroughStructure(form: PassThroughForm): AnyStructure {
  return structures[form];
}

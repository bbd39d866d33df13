import type { Decoded } from "@blockferry/core/bytes";
import { statusBit } from "../status-register.ts";
import {
  descriptorSenseHeader,
  fixedSense,
  informationDescriptor,
  senseKeySpecific,
  statusReturn,
} from "./sense.ts";

/** Registers that a command left, as far as sense data holds them. */
export interface ReturnedRegisters {
  readonly error: number;
  readonly status: number;
  readonly device: number;
  readonly count: number;
  readonly lba: number;
  /** The command was 48-bit. */
  readonly extend: boolean;
  /** False: COUNT(15:8) or LBA(47:24) was not 0 and is lost, as in sense data of fixed format. */
  readonly whole: boolean;
}

/** Sense data of either format, as a pass-through command returns it. */
export interface AtaSense {
  readonly format: "fixed" | "descriptor";
  readonly deferred: boolean;
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
  readonly registers?: ReturnedRegisters;
  /** INFORMATION: an LBA. */
  readonly information?: number;
  /** Byte of the CDB that was at fault. */
  readonly fieldPointer?: number;
}

export interface ParseSenseOptions {
  /**
   * The sense data answers ATA PASS-THROUGH(12) or (16). In fixed format nothing else tells registers from an
   * INFORMATION field; Linux returns the latter for ATA PASS-THROUGH(32). Default true.
   */
  readonly hasRegisters?: boolean;
}

/** 00h/1Dh ATA PASS-THROUGH INFORMATION AVAILABLE. */
const INFORMATION_AVAILABLE = 0x001d;

const bitsToNumber = (bits: readonly number[]): number =>
  bits.reduce((sum, bit) => sum + 2 ** bit, 0);

function parseFixed(bytes: Uint8Array, hasRegisters: boolean): Decoded<AtaSense> {
  // What a target left out at the end counts as zeroes.
  const whole = new Uint8Array(fixedSense.size);
  whole.set(bytes.subarray(0, Math.min(whole.length, 8 + bytes[7])));
  const decoded = fixedSense.decode(whole);
  if (!decoded.ok) return decoded;
  const { value } = decoded;
  const { senseKey, asc, ascq, responseCode, valid, countUpper, lbaUpper, sksv } = value;
  const isAvailable = asc * 256 + ascq === INFORMATION_AVAILABLE;
  const registers: ReturnedRegisters = {
    error: bitsToNumber(value.error),
    status: bitsToNumber(value.status),
    device: value.device,
    count: value.count,
    lba: value.lba,
    extend: value.extend,
    whole: !countUpper && !lbaUpper,
  };
  const view = new DataView(whole.buffer);
  return {
    ok: true,
    value: {
      format: "fixed",
      deferred: responseCode === 0x71,
      senseKey,
      asc,
      ascq,
      ...(hasRegisters && (valid || isAvailable) ? { registers } : {}),
      ...(!hasRegisters && valid ? { information: view.getUint32(3) } : {}),
      ...(sksv && senseKey === 5 ? { fieldPointer: value.fieldPointer } : {}),
    },
  };
}

type Found = Pick<AtaSense, "registers" | "information" | "fieldPointer">;

function parseDescriptor(bytes: Uint8Array, at: number): Decoded<Found> {
  const options = { lenient: true };
  switch (bytes[at]) {
    case 0x00: {
      const decoded = informationDescriptor.decode(bytes, at, options);
      if (!decoded.ok) return decoded;
      const { valid, information } = decoded.value;
      return { ok: true, value: valid ? { information } : {} };
    }
    case 0x02: {
      const decoded = senseKeySpecific.decode(bytes, at, options);
      if (!decoded.ok) return decoded;
      const { sksv, fieldPointer } = decoded.value;
      return { ok: true, value: sksv ? { fieldPointer } : {} };
    }
    case 0x09: {
      const decoded = statusReturn.decode(bytes, at, options);
      if (!decoded.ok) return decoded;
      const { error, status, device, count, lba, extend } = decoded.value;
      const registers: ReturnedRegisters = {
        error: bitsToNumber(error),
        status: bitsToNumber(status),
        device,
        count: extend ? count : count % 256,
        lba: extend ? lba : lba % 2 ** 24,
        extend,
        whole: true,
      };
      return { ok: true, value: { registers } };
    }
    default:
      return { ok: true, value: {} };
  }
}

function parseDescriptors(bytes: Uint8Array): Decoded<AtaSense> {
  const header = descriptorSenseHeader.decode(bytes);
  if (!header.ok) return header;
  const { senseKey, asc, ascq, responseCode, additionalLength } = header.value;
  const end = descriptorSenseHeader.size + additionalLength;
  if (bytes.length < end) return { ok: false, need: end - bytes.length };
  let found: Found = {};
  for (let at = descriptorSenseHeader.size; at + 2 <= end; at += 2 + bytes[at + 1]) {
    const decoded = parseDescriptor(bytes.subarray(0, end), at);
    if (!decoded.ok) {
      const violated = `Descriptor format sense data: the descriptor at byte ${at} is cut off`;
      return decoded.violated === undefined ? { ok: false, violated, field: "" } : decoded;
    }
    found = { ...found, ...decoded.value };
  }
  const deferred = responseCode === 0x73;
  return { ok: true, value: { format: "descriptor", deferred, senseKey, asc, ascq, ...found } };
}

/** Reads sense data of either format. Never throws. */
export function parseSense(bytes: Uint8Array, options: ParseSenseOptions = {}): Decoded<AtaSense> {
  if (bytes.length < 8) return { ok: false, need: 8 - bytes.length };
  const code = bytes[0] % 0x80;
  if (code === 0x70 || code === 0x71) return parseFixed(bytes, options.hasRegisters !== false);
  if (code === 0x72 || code === 0x73) return parseDescriptors(bytes);
  const shown = code.toString(16).padStart(2, "0");
  const violated = `sense data: response code ${shown}h is none of 70h..73h`;
  return { ok: false, violated, field: "responseCode" };
}

/**
 * Whether the device carried the command out, by the registers that came back. Asked instead of the sense key, because
 * Linux answers a PIO data-in command that asked for its registers with ABORTED COMMAND over AHCI although the data
 * arrived: STATUS is then 58h, DRQ set and neither ERR nor DF (measured on Linux 6.12).
 */
export function isGood(registers: Pick<ReturnedRegisters, "status">): boolean {
  const bits = statusBit.error + statusBit.deviceFault + statusBit.busy;
  return (registers.status & bits) === 0;
}

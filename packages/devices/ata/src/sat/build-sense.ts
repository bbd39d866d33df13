import type { ReturnedRegisters } from "../codec/sat/parse-sense.ts";
import {
  descriptorSenseHeader,
  fixedSense,
  informationDescriptor,
  senseKeySpecific,
  statusReturn,
} from "../codec/sat/sense.ts";
import type { SatDialect } from "./dialect.ts";
import type { SenseCode } from "./sense-code.ts";

const CURRENT_FIXED = 0x70;
const CURRENT_DESCRIPTORS = 0x72;
const FIXED_LENGTH = 0x0a;

const bitsOf = (value: number): number[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => Math.floor(value / 2 ** bit) % 2 === 1);

/** Sense data of descriptor format with at most one descriptor. */
function withDescriptor(code: SenseCode, descriptor: Uint8Array): Uint8Array {
  const header = descriptorSenseHeader.encode({
    ...code,
    responseCode: CURRENT_DESCRIPTORS,
    additionalLength: descriptor.length,
  });
  const bytes = new Uint8Array(header.length + descriptor.length);
  bytes.set(header);
  bytes.set(descriptor, header.length);
  return bytes;
}

/** Fixed format with the registers behind its header, and VALID clear: ata_gen_passthru_sense() of Linux 6.1. */
function misplaced(fixed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(fixed.length);
  bytes.set(fixed.subarray(0, 3));
  bytes[0] = CURRENT_FIXED;
  bytes[7] = fixed[7];
  bytes.set(fixed.subarray(3, 7), 8);
  bytes.set(fixed.subarray(12, 14), 12);
  bytes.set(fixed.subarray(8, 10), 16);
  return bytes;
}

/**
 * Sense data that returns registers. In fixed format the upper halves are lost.
 *
 * @param fixedAt where registers begin in fixed format; default where the standard has them
 */
export function registersSense(
  code: SenseCode,
  registers: Omit<ReturnedRegisters, "whole">,
  inDescriptors: boolean,
  fixedAt: SatDialect["fixedRegistersAt"] = 3,
): Uint8Array {
  const { extend, count, lba, device } = registers;
  const error = bitsOf(registers.error);
  const status = bitsOf(registers.status);
  if (inDescriptors) {
    const shown = { extend, error, count, lba, device, status };
    const lower = { ...shown, count: count % 256, lba: lba % 2 ** 24 };
    return withDescriptor(code, statusReturn.encode(extend ? shown : lower));
  }
  const fixed = fixedSense.encode({
    ...code,
    responseCode: CURRENT_FIXED,
    additionalLength: FIXED_LENGTH,
    valid: true,
    error,
    status,
    device,
    extend,
    count: count % 256,
    lba: lba % 2 ** 24,
    countUpper: extend && count >= 256,
    lbaUpper: extend && lba >= 2 ** 24,
  });
  return fixedAt === 3 ? fixed : misplaced(fixed);
}

/** Sense data that names an address and no registers. */
export function informationSense(
  code: SenseCode,
  information: number,
  inDescriptors: boolean,
): Uint8Array {
  if (inDescriptors) {
    return withDescriptor(code, informationDescriptor.encode({ valid: true, information }));
  }
  const bytes = fixedSense.encode({
    ...code,
    responseCode: CURRENT_FIXED,
    additionalLength: FIXED_LENGTH,
    valid: information < 2 ** 32,
  });
  new DataView(bytes.buffer).setUint32(3, information % 2 ** 32);
  return bytes;
}

/** Sense data that says which byte of the CDB is wrong. `length`: ADDITIONAL SENSE LENGTH of fixed format. */
export function pointerSense(
  code: SenseCode,
  fieldPointer: number,
  inDescriptors: boolean,
  length: number = FIXED_LENGTH,
): Uint8Array {
  const pointer = { sksv: true, cd: true, fieldPointer };
  if (inDescriptors) return withDescriptor(code, senseKeySpecific.encode(pointer));
  const bytes = new Uint8Array(8 + length);
  const head = { ...code, responseCode: CURRENT_FIXED, additionalLength: length };
  return fixedSense.encode({ ...head, ...pointer }, bytes);
}

/** Sense data that is a code and nothing else. */
export function plainSense(code: SenseCode, inDescriptors: boolean): Uint8Array {
  if (inDescriptors) return withDescriptor(code, new Uint8Array(0));
  const head = { responseCode: CURRENT_FIXED, additionalLength: FIXED_LENGTH };
  return fixedSense.encode({ ...code, ...head });
}

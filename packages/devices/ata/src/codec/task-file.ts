import type { Decoded } from "@blockferry/core/bytes";
import { registerHostToDevice } from "./fis/register-host-to-device.ts";

/** DEVICE bit 6: addresses are LBAs (ACS-4, 6.4). */
export const DEVICE_LBA = 0x40;
/** Highest address and count of a 28-bit command, and of a 48-bit one. */
export const LBA28_MAX: number = 2 ** 28 - 1;
export const LBA48_MAX: number = 2 ** 48 - 1;

/** The fields of a command (ACS-4, 4.1). Fields left out are 0, DEVICE is 40h. */
export interface TaskFile {
  readonly command: number;
  readonly feature?: number;
  readonly count?: number;
  readonly lba?: number;
  readonly device?: number;
  readonly icc?: number;
  readonly auxiliary?: number;
}

/** The fields of a command, all present. */
export type WholeTaskFile = Required<TaskFile>;

/** The FIS that carries a command. @throws RangeError naming the field that is out of range. */
export function taskFileFis(taskFile: TaskFile): Uint8Array {
  return registerHostToDevice.encode({ device: DEVICE_LBA, ...taskFile, c: true });
}

/**
 * The task file of a command with a 28-bit address, whose bits 27:24 travel in DEVICE.
 * @throws RangeError for an address above 2^28-1 or a count that is not 1..256.
 */
export function taskFile28(command: number, lba: number, count: number, feature = 0): TaskFile {
  if (!Number.isInteger(lba) || lba < 0 || lba > LBA28_MAX) {
    throw new RangeError(`a 28-bit address must be 0..${LBA28_MAX}, not ${lba}`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new RangeError(`a 28-bit count must be 1..256, not ${count}`);
  }
  const high = Math.floor(lba / 2 ** 24);
  return { command, feature, count: count % 256, lba: lba % 2 ** 24, device: DEVICE_LBA + high };
}

/** The command in a Register Host to Device FIS. Never throws. */
export function decodeTaskFile(bytes: Uint8Array): Decoded<WholeTaskFile> {
  const decoded = registerHostToDevice.decode(bytes);
  if (!decoded.ok) return decoded;
  const { command, feature, count, lba, device, icc, auxiliary } = decoded.value;
  return { ok: true, value: { command, feature, count, lba, device, icc, auxiliary } };
}

/** The address that a task file means: 28 bits with DEVICE(3:0) on top, or 48 bits. */
export function addressOf(taskFile: WholeTaskFile, extended: boolean): number {
  return extended ? taskFile.lba : (taskFile.lba % 2 ** 24) + (taskFile.device % 16) * 2 ** 24;
}

import { fromHex } from "@blockferry/core/bytes";
import type { ScsiUnitOptions } from "./unit-options.ts";

/** A name of a logical unit, as the Device Identification VPD page and E4h CSCD descriptors have it (SPC-4 7.8.6). */
export interface Designator {
  /** 1 binary, 2 ASCII, 3 UTF-8. */
  readonly codeSet: number;
  /** 1 T10 vendor ID based, 2 EUI-64 based, 3 NAA, 8 SCSI name string. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** How NAA designators come about where none is given. */
export type NaaRule = "locally-assigned" | "lio";

export const asciiBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** FNV-1a, 32 bits: spreads serial numbers and designators. */
export function hashOf(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  return hash >>> 0;
}

/** NAA 3h, Locally Assigned (SPC-4 7.8.6.6.4): 60 bits of the administrator's choice. */
function locallyAssigned(serial: string): Uint8Array {
  const naa = new Uint8Array(8);
  const view = new DataView(naa.buffer);
  view.setUint32(0, hashOf(asciiBytes(serial)));
  view.setUint32(4, hashOf(asciiBytes(`${serial}/`)));
  naa[0] = 0x30 + (naa[0] % 16);
  return naa;
}

/**
 * NAA 6h as Linux' target makes it (target_core_xcopy.c, spc_gen_naa_6h_vendor_specific): 6001405h and the first 25
 * hexadecimal digits of the serial number. Two serial numbers that share them give one designator.
 */
function lioNaa(serial: string): Uint8Array {
  const digits = serial
    .replace(/[^0-9a-f]/gi, "")
    .slice(0, 25)
    .padEnd(25, "0");
  return fromHex(`6001405${digits}`);
}

function requireNaa(given: Uint8Array | string): Uint8Array {
  const naa = typeof given === "string" ? fromHex(given) : new Uint8Array(given);
  const format = Math.floor(naa[0] / 16);
  const isLong = naa.length === 16 && format === 6;
  const isShort = naa.length === 8 && (format === 2 || format === 3 || format === 5);
  if (!isLong && !isShort) {
    throw new RangeError("naa must be 8 bytes that begin with 2, 3 or 5, or 16 that begin with 6");
  }
  return naa;
}

function requireEui(given: Uint8Array): Uint8Array {
  if (![8, 12, 16].includes(given.length)) {
    throw new RangeError(`eui64 must have 8, 12 or 16 bytes, not ${given.length}`);
  }
  return new Uint8Array(given);
}

/** SCSI name string: UTF-8, ended and padded to a multiple of four by zeros (SPC-4 7.8.6.11). */
function nameBytes(name: string): Uint8Array {
  const text = asciiBytes(name);
  const padded = new Uint8Array(Math.ceil((text.length + 1) / 4) * 4);
  padded.set(text);
  return padded;
}

/** The designators of a logical unit, the NAA first. */
export function designatorsOf(
  options: ScsiUnitOptions,
  serial: string,
  t10Name: string,
  rule: NaaRule,
): readonly Designator[] {
  const made = rule === "lio" ? lioNaa(serial) : locallyAssigned(serial);
  const naa = options.naa === undefined ? made : requireNaa(options.naa);
  const designators: Designator[] = [
    { codeSet: 1, type: 3, bytes: naa },
    { codeSet: 2, type: 1, bytes: asciiBytes(t10Name) },
  ];
  if (options.eui64 !== undefined) {
    designators.push({ codeSet: 1, type: 2, bytes: requireEui(options.eui64) });
  }
  if (options.scsiName !== undefined) {
    designators.push({ codeSet: 3, type: 8, bytes: nameBytes(options.scsiName) });
  }
  return designators;
}

/** True if two logical units could be taken for each other. */
export function isSameDesignator(one: Designator, other: Designator): boolean {
  return (
    one.type === other.type &&
    one.codeSet === other.codeSet &&
    one.bytes.length === other.bytes.length &&
    one.bytes.every((byte, index) => byte === other.bytes[index])
  );
}

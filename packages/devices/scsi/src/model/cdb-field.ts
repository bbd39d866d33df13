import type { FieldInfo } from "@blockferry/core/bytes";
import { uint16, uint24, uint32, uint64 } from "./wire-numbers.ts";

/*
 * Fields of CDBs and parameter lists, read straight out of their bytes: where they lie is taken from the codec's tables,
 * and no object is made for each command.
 */

/** Reads one field of a structure that begins at `offset`, default 0. */
export type FieldReader = (bytes: Uint8Array, offset?: number) => number;

interface Fields {
  readonly name: string;
  readonly fields: readonly FieldInfo[];
}

const BITS = /\[(\d+)(?::(\d+))?\]$/;

type Whole = (bytes: Uint8Array, at: number) => number;

const whole: Readonly<Record<number, Whole>> = {
  1: (bytes, at) => bytes[at],
  2: uint16,
  3: uint24,
  4: uint32,
  8: uint64,
};

/** A reader of the named field. @throws TypeError if there is no such field, or none of whole bytes or of 32 bits. */
export function fieldReader(structure: Fields, name: string): FieldReader {
  const info = structure.fields.find((one) => one.name === name);
  const read = info && whole[info.bytes];
  if (info === undefined || read === undefined) {
    throw new TypeError(`${structure.name}: no number can be read from a field "${name}"`);
  }
  const { byte } = info;
  const bits = BITS.exec(info.at);
  if (bits === null) return (bytes, offset = 0) => read(bytes, offset + byte);
  const low = Number(bits[2] ?? bits[1]);
  const divisor = 2 ** low;
  const modulus = 2 ** info.bits;
  return (bytes, offset = 0) => Math.floor(read(bytes, offset + byte) / divisor) % modulus;
}

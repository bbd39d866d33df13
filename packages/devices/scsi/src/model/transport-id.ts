import { asciiBytes } from "./designators.ts";

/** iSCSI, TPID format 00b: the initiator's name alone (SPC-4 7.6.4.6). */
const ISCSI = 0x05;
const HEADER_BYTES = 4;
const NAME_BYTES_MIN = 20;

/** The TransportID of an initiator: its name, ended by a zero, padded to a multiple of four, 20 bytes at least. */
export function transportIdOf(initiator: string): Uint8Array {
  const name = asciiBytes(initiator);
  const length = Math.max(NAME_BYTES_MIN, Math.ceil((name.length + 1) / 4) * 4);
  const id = new Uint8Array(HEADER_BYTES + length);
  id.set([ISCSI, 0, Math.floor(length / 256), length % 256]);
  id.set(name, HEADER_BYTES);
  return id;
}

/** The initiator's name in a TransportID; undefined if it has another form. */
export function initiatorOf(id: Uint8Array): string | undefined {
  if (id.length <= HEADER_BYTES || id[0] !== ISCSI) return undefined;
  const name = id.subarray(HEADER_BYTES);
  const end = name.indexOf(0);
  return end <= 0 ? undefined : String.fromCharCode(...name.subarray(0, end));
}

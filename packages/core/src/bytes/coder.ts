import type { Decoded } from "./decoded.ts";

/** Both directions of one structure, bounds already checked by the caller. */
export interface Coder {
  encode(value: unknown, bytes: Uint8Array, offset: number): void;
  decode(bytes: Uint8Array, offset: number, lenient: boolean): Decoded<unknown>;
}

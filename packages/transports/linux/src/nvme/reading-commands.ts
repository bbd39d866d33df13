import type { PassThroughQueue } from "../pass-through.ts";

/** Get Log Page, Identify, Get Features (NVM Express Base 2.2, Figure 142). */
const admin: ReadonlySet<number> = new Set([0x02, 0x06, 0x0a]);
/** Flush, Read, Compare (NVM Command Set 1.2, Figure 22). */
const io: ReadonlySet<number> = new Set([0x00, 0x02, 0x05]);

/** True for commands that change nothing on the device: all that a device opened for reading is sent. */
export function changesNothing(queue: PassThroughQueue, opcode: number): boolean {
  return (queue === "admin" ? admin : io).has(opcode);
}

import { FerryError } from "@blockferry/core";

/** Gives list identifiers to the slots of one queue. */
export interface ListIdentifiers {
  /** An identifier for `slot`: no other slot has it, and the one that `sequence` gave before is another where possible. */
  of(slot: number, sequence: number): number;
}

/** Gives every queue identifiers of its own. */
export interface ListIdentifierSpace {
  /** @throws FerryError `FERRY_SCSI_LIST_IDENTIFIERS` when there are more slots than identifiers. */
  forQueue(depth: number): ListIdentifiers;
}

/** Queues that can be told apart where there are identifiers enough. */
const QUEUE_BITS_MAX = 8;

/**
 * List identifiers of 8 (LID1) or 32 bits. Commands of one initiator must differ in them while they are in flight
 * (SPC-4 6.4.3.1), whichever queue they come from: the identifier has the queue, the slot, and what is left a sequence.
 */
export function listIdentifierSpace(bits: 8 | 32): ListIdentifierSpace {
  let queues = 0;
  return {
    forQueue(depth) {
      const slots = 2 ** Math.ceil(Math.log2(depth));
      const all = 2 ** bits;
      if (slots > all) {
        throw new FerryError(
          "FERRY_SCSI_LIST_IDENTIFIERS",
          `${depth} commands in flight cannot be told apart by list identifiers of ${bits} bits`,
          { hint: `Make the queue at most ${all} deep, or leave list identifiers out.` },
        );
      }
      const apart = Math.min(2 ** QUEUE_BITS_MAX, all / slots);
      const queue = queues % apart;
      queues += 1;
      const rounds = all / slots / apart;
      return {
        of: (slot, sequence) => slot + slots * (queue + apart * ((sequence >>> 0) % rounds)),
      };
    },
  };
}

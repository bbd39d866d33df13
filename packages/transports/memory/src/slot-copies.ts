import type { QueueMemory } from "@blockferry/core";

/**
 * The device's own copy of what a slot sent: the command and its list as they were at the doorbell. Allocated once, for
 * every slot; the host may do with queue memory what it wants.
 */
export interface SlotCopies {
  /** Copies the command and `listBytes` of its list out of queue memory. */
  take(slot: number, listBytes: number): void;
  command(slot: number): Uint8Array;
  /** The list that was taken; undefined if it was empty. */
  list(slot: number): Uint8Array | undefined;
}

export function slotCopies(memory: QueueMemory): SlotCopies {
  const commands = memory.commandBytes.map((bytes) => new Uint8Array(bytes.length));
  const whole = memory.listBytes.map((bytes) => new Uint8Array(bytes.length));
  // Views are kept while a slot's list stays as long as it was: making one costs more than copying a command.
  const lists: (Uint8Array | undefined)[] = whole.map(() => undefined);
  const sources: (Uint8Array | undefined)[] = whole.map(() => undefined);
  return {
    take(slot, listBytes) {
      commands[slot].set(memory.commandBytes[slot]);
      if (listBytes === 0) {
        lists[slot] = undefined;
        return;
      }
      if (lists[slot]?.length !== listBytes) {
        lists[slot] = whole[slot].subarray(0, listBytes);
        sources[slot] = memory.listBytes[slot].subarray(0, listBytes);
      }
      (lists[slot] as Uint8Array).set(sources[slot] as Uint8Array);
    },
    command: (slot) => commands[slot],
    list: (slot) => lists[slot],
  };
}

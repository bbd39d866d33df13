/** Slots in the order in which they came, at most `capacity`. */
export interface SlotRing {
  readonly length: number;
  push(slot: number): void;
  /** The oldest one. The ring is not empty. */
  shift(): number;
  /** Takes a slot out of the middle; true if it was there. */
  remove(slot: number): boolean;
  clear(): void;
}

export function slotRing(capacity: number): SlotRing {
  const slots = new Int32Array(capacity);
  let head = 0;
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(slot) {
      slots[(head + length) % capacity] = slot;
      length += 1;
    },
    shift() {
      const slot = slots[head];
      head = (head + 1) % capacity;
      length -= 1;
      return slot;
    },
    remove(slot) {
      for (let index = 0; index < length; index += 1) {
        if (slots[(head + index) % capacity] !== slot) continue;
        for (let after = index + 1; after < length; after += 1) {
          slots[(head + after - 1) % capacity] = slots[(head + after) % capacity];
        }
        length -= 1;
        return true;
      }
      return false;
    },
    clear() {
      head = 0;
      length = 0;
    },
  };
}

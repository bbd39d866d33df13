import { RANGE_WORDS } from "@blockferry/core/plan";
import { populateTokenHeader } from "./codec/copy/populate-token.ts";
import { rangeDescriptor } from "./codec/copy/range-descriptor.ts";
import { ROD_TOKEN_BYTES } from "./codec/copy/rod-token.ts";
import { writeUsingTokenHeader } from "./codec/copy/write-using-token.ts";
import { swapped, wordsOf } from "./wire-words.ts";

/*
 * Parameter lists of POPULATE TOKEN and WRITE USING TOKEN in words of queue memory. Both begin with the length of what
 * follows it and flags, both end with the length of their range descriptors before these.
 */

export const RANGE_DESCRIPTOR_BYTES: number = rangeDescriptor.size;
const DESCRIPTOR_WORDS = RANGE_DESCRIPTOR_BYTES / 4;
/** DATA LENGTH has 16 bits and does not count itself. */
const LIST_BYTES_MAX = 0xffff + 2;

/** Range descriptors that one POPULATE TOKEN can have, by the width of its length field. */
export const POPULATE_RANGES_MAX: number = Math.floor(
  (LIST_BYTES_MAX - populateTokenHeader.size) / RANGE_DESCRIPTOR_BYTES,
);

export const populateListBytes = (ranges: number): number =>
  populateTokenHeader.size + ranges * RANGE_DESCRIPTOR_BYTES;

/** Bytes of a WRITE USING TOKEN list with one range. */
export const WRITE_LIST_BYTES: number = writeUsingTokenHeader.size + RANGE_DESCRIPTOR_BYTES;

const POPULATE_WORDS = populateTokenHeader.size / 4;
const WRITE_WORDS = writeUsingTokenHeader.size / 4;
const TOKEN_AT = writeUsingTokenHeader.offsetOf("rodToken");
const OFFSET_WORD = writeUsingTokenHeader.offsetOf("offsetIntoRod") / 4;
const DELETE = 2;
const FLAGS_SHIFT = 16;

/** The first word: bytes 0 and 1 are the data length, byte 2 the flags. */
const firstWord = (listBytes: number, flags: number): number => {
  const length = listBytes - 2;
  return ((length & 0xff) << 8) | (length >>> 8) | (flags << FLAGS_SHIFT);
};

/** What all POPULATE TOKEN lists of a command set have in common. */
export interface PopulateForm {
  readonly template: Int32Array;
  readonly flags: number;
}

export function populateForm(options: {
  readonly immediate: boolean;
  readonly inactivitySeconds: number;
  readonly rodType: number | undefined;
}): PopulateForm {
  const { immediate: immed, inactivitySeconds: inactivityTimeout, rodType } = options;
  const head = populateTokenHeader.encode({
    immed,
    inactivityTimeout,
    ...(rodType === undefined ? {} : { rtv: true, rodType }),
  });
  return { template: wordsOf(head), flags: head[2] };
}

/** Writes a POPULATE TOKEN list with the planned ranges; returns its bytes. */
export function writePopulateList(
  form: PopulateForm,
  plan: Int32Array,
  ranges: number,
  lists: Int32Array,
  listAt: number,
): number {
  const bytes = populateListBytes(ranges);
  const { template } = form;
  lists[listAt] = firstWord(bytes, form.flags);
  lists[listAt + 1] = template[1];
  lists[listAt + 2] = template[2];
  lists[listAt + 3] = swapped(ranges * RANGE_DESCRIPTOR_BYTES);
  let at = listAt + POPULATE_WORDS;
  for (let from = 0; from < ranges * RANGE_WORDS; from += RANGE_WORDS) {
    lists[at] = swapped(plan[from + 2]);
    lists[at + 1] = swapped(plan[from + 1]);
    lists[at + 2] = swapped(plan[from + 3]);
    lists[at + 3] = 0;
    at += DESCRIPTOR_WORDS;
  }
  return bytes;
}

/** Writes a WRITE USING TOKEN list with one range, all but the token; returns its bytes. */
export function writeWriteList(
  flags: { readonly immediate: boolean; readonly deletes: boolean },
  offset: number,
  low: number,
  high: number,
  blocks: number,
  lists: Int32Array,
  listAt: number,
): number {
  lists[listAt] = firstWord(
    WRITE_LIST_BYTES,
    (flags.immediate ? 1 : 0) | (flags.deletes ? DELETE : 0),
  );
  lists[listAt + 1] = 0;
  lists[listAt + OFFSET_WORD] = 0;
  lists[listAt + OFFSET_WORD + 1] = swapped(offset);
  const end = listAt + WRITE_WORDS;
  lists[end - 2] = 0;
  lists[end - 1] = swapped(RANGE_DESCRIPTOR_BYTES);
  lists[end] = swapped(high);
  lists[end + 1] = swapped(low);
  lists[end + 2] = swapped(blocks);
  lists[end + 3] = 0;
  return WRITE_LIST_BYTES;
}

/** Puts the token that begins at byte `from` of a slot's list memory into the WRITE USING TOKEN list at its front. */
export function putToken(list: Uint8Array, from: number): void {
  list.copyWithin(TOKEN_AT, from, from + ROD_TOKEN_BYTES);
}

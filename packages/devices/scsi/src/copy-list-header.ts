import { extendedCopyLid1Header } from "./codec/copy/extended-copy-lid1.ts";
import { extendedCopyLid4Header } from "./codec/copy/extended-copy-lid4.ts";
import type { ListFormat } from "./command-options.ts";
import { swapped, wordsOf } from "./wire-words.ts";

/** LIST ID USAGE as a number (SPC-4 table 173). */
export const listIdUsage = { hold: 0, discard: 2, none: 3 } as const;

/** The head of an EXTENDED COPY parameter list, written in words of queue memory. */
export interface CopyListHeader {
  readonly words: number;
  /** Service action of the command. */
  readonly serviceAction: number;
  /** Greatest length of the segment descriptor list, bytes. */
  readonly segmentBytesMax: number;
  /** Bits of a list identifier. */
  readonly identifierBits: 8 | 32;
  /** Writes all that no command changes. */
  prepare(lists: Int32Array, at: number): void;
  /** Writes what each command changes. */
  fill(
    lists: Int32Array,
    at: number,
    identifier: number,
    cscdBytes: number,
    segmentBytes: number,
  ): void;
}

/** Two bytes of a big-endian number, as they stand in the lower half of a word of the host. */
const half = (value: number): number => ((value & 0xff) << 8) | ((value >>> 8) & 0xff);

function lid1Header(usage: number, priority: number): CopyListHeader {
  const template = wordsOf(extendedCopyLid1Header.encode({ listIdUsage: usage, priority }));
  const [first] = template;
  return {
    words: template.length,
    serviceAction: 0x00,
    segmentBytesMax: 2 ** 31 - 1,
    identifierBits: 8,
    prepare: (lists, at) => lists.set(template, at),
    fill(lists, at, identifier, cscdBytes, segmentBytes) {
      lists[at] = first | identifier | (half(cscdBytes) << 16);
      lists[at + 2] = swapped(segmentBytes);
    },
  };
}

function lid4Header(usage: number, priority: number): CopyListHeader {
  const template = wordsOf(extendedCopyLid4Header.encode({ listIdUsage: usage, priority }));
  return {
    words: template.length,
    serviceAction: 0x01,
    segmentBytesMax: 0xffff,
    identifierBits: 32,
    prepare: (lists, at) => lists.set(template, at),
    fill(lists, at, identifier, cscdBytes, segmentBytes) {
      lists[at + 5] = swapped(identifier);
      lists[at + 10] = half(cscdBytes) << 16;
      lists[at + 11] = half(segmentBytes);
    },
  };
}

/** The head of a list of this format. */
export function copyListHeader(
  format: ListFormat,
  usage: keyof typeof listIdUsage,
  priority: number,
): CopyListHeader {
  const number = listIdUsage[usage];
  return format === "lid1" ? lid1Header(number, priority) : lid4Header(number, priority);
}

import type { CopyFailure } from "./copy-failures.ts";
import {
  type FieldPointer,
  type Forwarded,
  type Refusal,
  refuse,
  type SenseCode,
  samStatus,
  senseCodes,
  senseKey,
} from "./sense.ts";
import type { Target } from "./target.ts";

/** How the target's profile answers this failure of a list; undefined if it is none to it. */
export function listRefusal(
  target: Target,
  failure: CopyFailure,
  byte?: number,
  bit?: number,
): Refusal | undefined {
  const sense = target.profile.failures[failure];
  if (sense === undefined) return undefined;
  if (byte === undefined || sense.key !== senseKey.illegalRequest) return refuse(sense);
  // What is wrong with the CDB has another code than what is wrong with the list.
  const inCdb = sense.asc === senseCodes.invalidFieldInCdb.asc;
  const fieldPointer: FieldPointer = bit === undefined ? { inCdb, byte } : { inCdb, byte, bit };
  return refuse(sense, { fieldPointer });
}

/** Where in a copy a failure showed. */
export interface SegmentPlace {
  readonly segment: number;
  /** Byte within the segment descriptor. */
  readonly byte?: number;
  readonly forwarded?: Forwarded;
}

/** How the target's profile answers this failure of a segment; undefined if it is none to it. */
export function segmentRefusal(
  target: Target,
  failure: CopyFailure,
  place: SegmentPlace,
): Refusal | undefined {
  const sense = target.profile.failures[failure];
  if (sense === undefined) return undefined;
  if (sense.key !== senseKey.copyAborted) return refuse(sense);
  const { segment, byte, forwarded } = place;
  return refuse(sense, {
    segmentPointer: byte === undefined ? { segment } : { segment, byte, inSegment: true },
    ...(forwarded === undefined ? {} : { forwarded }),
  });
}

/** What an end of a copy answered to the copy manager: CHECK CONDITION with this sense data. */
export const forwardedCheck = (
  end: Forwarded["end"],
  sense: SenseCode,
  information?: number,
): Forwarded => ({
  end,
  status: samStatus.checkCondition,
  sense: information === undefined ? sense : { ...sense, information },
});

export const forwardedConflict = (end: Forwarded["end"]): Forwarded => ({
  end,
  status: samStatus.reservationConflict,
  sense: undefined,
});

/** COPY ABORTED without anything known of why: nothing moves any more, and no failure says so. */
export const stuck: Refusal = refuse({ key: senseKey.copyAborted, asc: 0x00, ascq: 0x00 });

import type { OtherSenseDescriptor } from "./descriptor-sense.ts";
import type { SenseKeySpecific } from "./sense-key-specific.ts";

/** Status and sense data that a copy manager got from one end of a copy (SPC-4 5.17.7.4). */
export interface ForwardedSense {
  readonly source: "copy source" | "copy destination" | "unknown";
  /** Status code. */
  readonly status: number;
  readonly senseData: Uint8Array;
  /** The sense data is cut off; descriptor format only. */
  readonly truncated?: true;
}

/** Sense data of either format: what is not there is left out. */
export interface SenseData {
  readonly format: "fixed" | "descriptor";
  /** True: of a command that has ended before (71h, 73h). */
  readonly deferred: boolean;
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
  /** For most commands an LBA; of COPY ABORTED the residual of the segment. */
  readonly information?: bigint;
  /** Not of COPY ABORTED, whose `copySegment` and `forwarded` stand there. */
  readonly commandSpecificInformation?: bigint;
  /** Segment that was being processed, from 0; of COPY ABORTED only. */
  readonly copySegment?: number;
  readonly forwarded?: readonly ForwardedSense[];
  readonly senseKeySpecific?: SenseKeySpecific;
  readonly fieldReplaceableUnitCode?: number;
  readonly filemark?: true;
  readonly eom?: true;
  readonly ili?: true;
  /** SDAT_OVFL: there was more sense data than fitted. */
  readonly overflow?: true;
  /** Descriptors that are not taken apart; descriptor format only. */
  readonly descriptors?: readonly OtherSenseDescriptor[];
}

/** Sense data to encode; the default is fixed format, of this command. */
export interface SenseDataInput {
  readonly format?: "fixed" | "descriptor" | undefined;
  readonly deferred?: boolean | undefined;
  readonly senseKey: number;
  readonly asc?: number | undefined;
  readonly ascq?: number | undefined;
  /** In fixed format a value above 2^32-1 is left out, as the standard demands. */
  readonly information?: number | bigint | undefined;
  readonly commandSpecificInformation?: number | bigint | undefined;
  readonly copySegment?: number | undefined;
  readonly forwarded?: readonly ForwardedSense[] | undefined;
  readonly senseKeySpecific?: SenseKeySpecific | undefined;
  readonly fieldReplaceableUnitCode?: number | undefined;
  readonly filemark?: boolean | undefined;
  readonly eom?: boolean | undefined;
  readonly ili?: boolean | undefined;
  readonly overflow?: boolean | undefined;
  readonly descriptors?: readonly OtherSenseDescriptor[] | undefined;
}

import type { SenseMeaning } from "./status-map.ts";

/** What both command sets ask of every command. */
export interface ScsiCommandOptions {
  /** Writes are on the medium before they complete (FUA). Copies have no such bit. Default false. */
  readonly forceUnitAccess?: boolean | undefined;
  /** GROUP NUMBER of reads, writes and token commands, 0..63. Default 0. */
  readonly groupNumber?: number | undefined;
  /** Sense codes that this peer uses otherwise than the standard says. */
  readonly senseMeanings?: readonly SenseMeaning[] | undefined;
}

/**
 * How EXTENDED COPY commands are told apart (LIST ID USAGE, SPC-4 6.4.3.2).
 *
 * - `none`: they are not; no status can be asked for.
 * - `discard`: by a list identifier; the copy manager need not keep results.
 * - `hold`: by a list identifier; the copy manager keeps results.
 * - `auto`: `none` where all units of the queue say that they can (SNLID), else `discard`.
 */
export type ListIdUsage = "auto" | "none" | "discard" | "hold";

/** `lid1`: EXTENDED COPY(LID1), in SPC-3 and SPC-4. `lid4`: EXTENDED COPY(LID4), from SPC-4 on. */
export type ListFormat = "lid1" | "lid4";

export interface ExtendedCopyOptions extends ScsiCommandOptions {
  /** Default `lid1`, which every copy manager has that has EXTENDED COPY at all, up to SPC-4. */
  readonly listFormat?: ListFormat | undefined;
  /** Default `auto`. */
  readonly listIdUsage?: ListIdUsage | undefined;
  /** PRIORITY, 0 (first) to 7. Default 1. */
  readonly priority?: number | undefined;
  /**
   * Whether the segment that failed, by its sense data, tells that those before it are copied (the standard). Default
   * true.
   */
  readonly trustSegmentsDone?: boolean | undefined;
}

export interface TokenCopyOptions extends ScsiCommandOptions {
  /** IMMED: the device works in the background and is asked how far it is. Default false. */
  readonly immediate?: boolean | undefined;
  /** INACTIVITY TIMEOUT of tokens, seconds; 0 is the device's default. Default 0. */
  readonly inactivitySeconds?: number | undefined;
  /** ROD TYPE of tokens. Default: the device chooses (RTV clear). */
  readonly rodType?: number | undefined;
  /** DEL_TKN with the last write from a token. Default true. */
  readonly deleteTokens?: boolean | undefined;
  /**
   * Asks after each write how many blocks were written. Without it a write that the device cut short without an error
   * goes unnoticed. Default true.
   */
  readonly confirmWrites?: boolean | undefined;
  /** How long to wait where the device gives no estimate, milliseconds. Default 20. */
  readonly pollMs?: number | undefined;
  /** So many answers without progress in a row end the copy as timed out. Default 100. */
  readonly stalledPollsMax?: number | undefined;
}

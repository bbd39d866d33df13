import type { TagByteOrder, TagByteOrderName } from "./codec/tag-byte-order.ts";
import type { NvmeProtectionOptions } from "./protection-options.ts";

/** Directive of the write part (NVM Command Set Specification 1.2, Figure 33: DTYPE, DSPEC). */
export interface NvmeDirective {
  /** 0..15; 1 is Streams, 2 Data Placement. */
  readonly type: number;
  /** 0..65535. */
  readonly specific: number;
}

/** What every command of a queue asks for. */
export interface NvmeCommandOptions {
  /** Copies and writes are on the medium before they complete (FUA). Default false. */
  readonly forceUnitAccess?: boolean | undefined;
  /** The controller tries less hard to recover data (LR). Default false. */
  readonly limitedRetry?: boolean | undefined;
  readonly directive?: NvmeDirective | undefined;
  /**
   * Copies are refused rather than done slowly (FCO, a bit of formats 2h and 3h; it needs a controller that has one of
   * them enabled). Default false.
   */
  readonly fastCopyOnly?: boolean | undefined;
  /** Protection information; default by the type that the namespace is formatted with. */
  readonly protection?: NvmeProtectionOptions | undefined;
  /** Byte order of tags inside source range entries. Default `standard`. */
  readonly tagByteOrder?: TagByteOrder | TagByteOrderName | undefined;
  /**
   * What DW0 of a failed Copy is worth: the number of leading ranges that were copied (the standard), or nothing. Default
   * true.
   */
  readonly trustRangesDone?: boolean | undefined;
  /**
   * A Copy names sources in one namespace only, for controllers that mistake one for another where they are mixed. Default
   * false.
   */
  readonly separateSourceNamespaces?: boolean | undefined;
}

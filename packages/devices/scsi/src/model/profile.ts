import type { ModePageInput } from "../codec/parameter/mode-pages.ts";
import type { CopyFailure } from "./copy-failures.ts";
import type { NaaRule } from "./designators.ts";
import type { SenseCode } from "./sense.ts";

/** Checks of an EXTENDED COPY parameter list before anything moves. */
export type ListCheck =
  | "header"
  | "cscdCount"
  | "segmentListCount"
  | "listBytes"
  | "inlineBytes"
  | "truncation"
  | "cscdListShape"
  | "cscdTypes"
  | "segments"
  | "someSegments"
  | "listIdUsage"
  | "listIdInUse"
  | "designators"
  | "blockSizes";

/** Optional commands, by what the standards call them. */
export type OptionalCommand =
  | "COMPARE AND WRITE"
  | "GET LBA STATUS"
  | "MODE SELECT"
  | "ORWRITE"
  | "PRE-FETCH"
  | "REPORT SUPPORTED OPERATION CODES"
  | "REPORT TARGET PORT GROUPS"
  | "UNMAP"
  | "VERIFY"
  | "WRITE AND VERIFY"
  | "WRITE ATOMIC"
  | "WRITE SAME"
  | "WRITE SCATTERED";

/** Third-party copy commands, by operation code and service action, as `83h/10h`. */
export type ThirdPartyCommand = `${"83" | "84"}h/${string}h`;

/** Numbers of the copy manager, as RECEIVE COPY OPERATING PARAMETERS and VPD page 8Fh report them. */
export interface CopyManagerLimits {
  readonly cscdDescriptorsMax: number;
  readonly segmentDescriptorsMax: number;
  /** Bytes of CSCD and segment descriptors together. */
  readonly descriptorListBytesMax: number;
  /** Bytes of one segment; 0 = no limit. */
  readonly segmentBytesMax: number;
  readonly inlineBytesMax: number;
  /** Copies in the background at a time; one more is answered with BUSY. */
  readonly concurrentCopiesMax: number;
  /** Power of two of bytes that the length of a segment must be a multiple of. */
  readonly granularityExponent: number;
  /** As reported; inline data is used for ROD tokens alone. */
  readonly inlineGranularityExponent: number;
  /** As reported; no data is held. */
  readonly heldGranularityExponent: number;
  /** How long the results of a finished copy are held. */
  readonly heldResultsMs: number;
  /** Results held for one initiator and logical unit; the oldest are given up first. */
  readonly heldResultsMax: number;
}

/** Numbers of ROD tokens, as VPD page 8Fh reports them. */
export interface TokenLimits {
  /** Range descriptors of one command. */
  readonly rangesMax: number;
  /** MAXIMUM TOKEN TRANSFER SIZE: blocks of one command; 0 = no limit. */
  readonly transferBlocksMax: number;
  /** OPTIMAL TRANSFER COUNT, blocks; 0 = not reported. */
  readonly transferBlocksOptimal: number;
  readonly inactivitySecondsDefault: number;
  readonly inactivitySecondsMax: number;
  /** A token that asks for less gets this. */
  readonly inactivitySecondsMin: number;
  /** A token ends so many seconds after it was made, used or not; 0 = never. */
  readonly lifetimeSecondsMax: number;
  /** Live tokens; one more is refused (55h/0Dh). */
  readonly tokensMax: number;
  /** Bytes that all point-in-time tokens together may preserve; what does not fit cancels the token. */
  readonly preservedBytesMax: number;
  /** More blocks than these in one POPULATE TOKEN: the token represents the first of them; 0 = all. */
  readonly populateBlocksMax: number;
  /** More blocks than these in one WRITE USING TOKEN: the first are written; 0 = all. */
  readonly writeBlocksMax: number;
}

/** A type of ROD, and what the copy manager does with its tokens. */
export interface RodTypeSupport {
  readonly type: number;
  /** Tokens of the type are accepted (TOKEN_IN). */
  readonly tokenIn: boolean;
  /** Tokens of the type are made (TOKEN_OUT). */
  readonly tokenOut: boolean;
  /** RODs of the type are used inside EXTENDED COPY without a token (ECPY_INT). */
  readonly internal: boolean;
  /** PREFERENCE INDICATOR. */
  readonly preference: number;
}

/** Who the target says it is. */
export interface TargetIdentity {
  /** At most 8 ASCII characters. */
  readonly vendor: string;
  /** At most 16 ASCII characters. */
  readonly product: string;
  /** At most 4 ASCII characters. */
  readonly revision: string;
  /** VERSION: 6 = SPC-4, 7 = SPC-5. */
  readonly version: number;
  readonly versionDescriptors: readonly number[];
  readonly standardInquiryBytes: number;
  /** SCC supported, and other flags of bytes 4 to 7 that do not follow from the rest. */
  readonly sccs: boolean;
  readonly multiP: boolean;
  readonly hisup: boolean;
  /** TPGS: 0 none, 1 implicit, 2 explicit, 3 both. */
  readonly tpgs: number;
  readonly naaRule: NaaRule;
  readonly t10Names: "serial" | "product-and-serial";
}

/** Limits of block commands, as VPD page B0h reports them. */
export interface BlockLimits {
  readonly compareAndWriteBlocksMax: number;
  readonly transferBlocksMax: number;
  readonly transferBlocksOptimal: number;
  readonly unmapBlocksMax: number;
  readonly unmapDescriptorsMax: number;
  /** 0 = no limit. */
  readonly writeSameBlocksMax: number;
  readonly atomicBlocksMax: number;
}

export interface Provisioning {
  readonly thin: boolean;
  /** WRITE SAME with NUMBER OF LOGICAL BLOCKS 0 is refused (WSNZ). */
  readonly writeSameNonZero: boolean;
  /** NDOB of WRITE SAME(16). */
  readonly noDataOut: boolean;
  /** LBPRZ of READ CAPACITY(16) and VPD B2h. */
  readonly readsZero: boolean;
  /** PROVISIONING TYPE of VPD B2h. */
  readonly type: number;
}

/** Format of sense data (SPC-4 4.5.1). */
export type SenseFormat = "fixed" | "descriptor";

export interface SenseStyle {
  /** Field and segment pointers, and what copy sources and destinations answered. */
  readonly isDetailed: boolean;
  /**
   * `fixed`, unless an address is above 2^32, or `descriptor`; where there is MODE SELECT, until D_SENSE of the Control mode page
   * says otherwise.
   */
  readonly format: SenseFormat;
  /** Sense data is padded with zeros to this length. */
  readonly paddedBytes: number;
}

/**
 * How a target behaves: what it supports, its limits, the checks it makes, in its order, and which sense code it gives for
 * which failure. Plain data; `{ ...profiles.lio, limits }` makes a target of your own.
 */
export interface TargetProfile {
  readonly name: string;
  readonly identity: TargetIdentity;
  readonly sense: SenseStyle;
  readonly blockLimits: BlockLimits;
  readonly provisioning: Provisioning;
  readonly optionalCommands: readonly OptionalCommand[];
  readonly thirdPartyCommands: readonly ThirdPartyCommand[];
  /** VPD page 8Fh is there. */
  readonly hasThirdPartyCopyPage: boolean;
  /** For a service action of 83h that does not exist. */
  readonly unknownCopyAction: SenseCode;
  /** For a service action of 84h that does not exist. */
  readonly unknownReceiveAction: SenseCode;
  readonly cscdTypes: readonly number[];
  readonly segmentTypes: readonly number[];
  /** CSCD descriptor IDs above 07FFh that mean something. */
  readonly wellKnownCscdIds: readonly number[];
  /** Forms of designators that name a logical unit in an E4h descriptor. */
  readonly designators: "all" | "naa-6-only";
  readonly rodTypes: readonly RodTypeSupport[];
  readonly limits: CopyManagerLimits;
  readonly tokens: TokenLimits;
  /** Segment lists whose length no target of the profile takes, whatever is in them. */
  readonly segmentListShape: { readonly multipleOf: number; readonly bytesMax: number };
  /** The unit that got the command must be source or destination. */
  readonly needsReceiver: boolean;
  /** `strict`: an identifier in use is refused and results are held. `lenient`: identifiers mean nothing. */
  readonly listIds: "strict" | "lenient";
  /** Results of a finished copy are given up once they were fetched. */
  readonly consumesResults: boolean;
  /** SNLID: LIST ID USAGE 3 is supported. */
  readonly listIdNone: boolean;
  readonly listChecks: readonly ListCheck[];
  /** Sense codes of third-party copies; `undefined`: no failure at all. */
  readonly failures: Readonly<Record<CopyFailure, SenseCode | undefined>>;
  /** Copies between logical units: `false` refuses them. */
  readonly crossesUnits: boolean;
  /** The initiator that spends a token must be able to reach the unit it came from. */
  readonly tokensNeedAccess: boolean;
  /** A token that is refused is refused without saying why (23h/00h). */
  readonly hidesTokenCause: boolean;
  /** For a service action that does not exist, of commands other than 83h and 84h. */
  readonly unknownServiceAction: SenseCode;
  /** The mode pages of MODE SENSE. D_SENSE is the unit's, and can be changed by MODE SELECT; nothing else of them can. */
  readonly modePages: readonly ModePageInput[];
  /** NUMBER OF LOGICAL BLOCKS of the mode block descriptor is the last address, and one too few. */
  readonly modeBlocksAreLastLba: boolean;
  /** MEDIUM ROTATION RATE: 0 not reported, 1 non-rotating. */
  readonly rotationRate: number;
  /** DPOFUA of the device-specific parameter. */
  readonly dpoFua: boolean;
}

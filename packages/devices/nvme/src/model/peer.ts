import type { TagByteOrder } from "../codec/tag-byte-order.ts";
import type { CopyLimits } from "./namespace.ts";
import type { StatusCode } from "./status.ts";

/** Checks of a Copy command before its list is looked at. */
export type HeadCheck =
  | "descriptorFormat"
  | "guardFormat"
  | "prinfoAction"
  | "rangeCount"
  | "listLength";

/** Checks of a Copy command as a whole, with its list. */
export type ListCheck =
  | "rangeLengths"
  | "copyLength"
  | "writeProtection"
  | "destinationRange"
  | "writeProtectionInformation";

/** Checks of one source range. */
export type RangeCheck =
  | "sourceNamespace"
  | "rangeLength"
  | "runningLength"
  | "namespaceFormat"
  | "sourceRange"
  | "overlap"
  | "overlapByEnd"
  | "fastCopy"
  | "readProtectionInformation"
  | "destinationPart";

/** When the ranges of a Copy are checked: all before any byte moves, or each when its turn comes. */
export type Validation = "upfront" | "eager";

/**
 * How a controller carries out Copy: the checks it makes, in its order, and where it departs from the standard. Plain
 * data; `{ ...peers.spdk, statusDwords: "standard" }` makes a peer of your own.
 */
export interface PeerBehaviour {
  readonly name: string;
  /** How it names itself in Identify Controller, unless options do. */
  readonly identity?: { readonly modelNumber: string; readonly firmwareRevision: string };
  readonly validate: Validation;
  /** Source range formats that exist there at all. */
  readonly formats: readonly number[];
  /** Copy limits of its namespaces, unless they are given. */
  readonly limits: Partial<CopyLimits>;
  readonly headChecks: readonly HeadCheck[];
  readonly listChecks: readonly ListCheck[];
  readonly rangeChecks: readonly RangeCheck[];
  /** Status for a descriptor format that does not go with the destination's guard. */
  readonly guardFormatStatus: StatusCode;
  /** Where PRINFOR.PRACT unlike PRINFOW.PRACT is an invalid field; elsewhere the formats are incompatible. */
  readonly prinfoActionOf: "first-range" | "own-namespace";
  /** Status for addresses behind the end of a namespace. */
  readonly rangeStatus: StatusCode;
  /** Reported, whatever it was, for each failure that shows while ranges are carried out. */
  readonly anyRangeStatus?: StatusCode | undefined;
  /** Which namespace's MSSRL counts. */
  readonly mssrlOf: "destination" | "source";
  /** `zero`: DW0 is always 0; `range`: the lowest-numbered range not copied. */
  readonly rangesDone: "range" | "zero";
  /** SNSID equal to the destination's is read from the last other namespace in the list. */
  readonly rereadsForeignSource: boolean;
  /** FUSE other than 0: refused, or never answered. */
  readonly fused: "refuse" | "lose";
  /** Fast Copy Only is looked at. */
  readonly honoursFastCopyOnly: boolean;
  /** How it reads the tags of source range entries. */
  readonly tagByteOrder: TagByteOrder;
}

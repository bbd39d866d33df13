import type { StoreCopyMeans } from "@blockferry/core";
import type { CopyJob, SegmentJob } from "./copy-job.ts";
import type { ScsiFaults } from "./fault-plan.ts";
import type { DesignatedUnit, LunMapping, Nexus } from "./nexus.ts";
import type { CopyManagerLimits, TargetProfile, TokenLimits } from "./profile.ts";
import type { Movement } from "./segment-move.ts";
import type { TokenTable } from "./token-table.ts";
import type { Unit } from "./unit.ts";

/** Told of every copy that a store carried out, or that went through the model's own buffer (`read-write`). */
export type StoreCopyListener = (
  means: StoreCopyMeans,
  bytes: number,
  sourceLun: number,
  destinationLun: number,
) => void;

/**
 * Known defects of targets, each of which a test must catch. All false: the model has none.
 */
export interface TargetDefects {
  /** CVE-2020-28374: CSCD descriptors are resolved among all logical units, mapped to the initiator or not. */
  readonly resolvesUnmappedUnits: boolean;
  /** Of two logical units with one designator the first is taken. */
  readonly takesFirstDuplicate: boolean;
  /** Third-party copies do not look at reservations of the units they read and write. */
  readonly ignoresReservations: boolean;
  /** Third-party copies do not look at write protection. */
  readonly ignoresWriteProtection: boolean;
  /** A token is taken by its identifier alone, the other 504 bytes are not compared. */
  readonly takesTokenByIdentifier: boolean;
  /** A token gives access to the unit it came from, whoever spends it. */
  readonly tokensBypassLunMap: boolean;
  /** Copies end with GOOD status where a source failed in the middle. */
  readonly hidesPartialCopies: boolean;
}

export const noDefects: TargetDefects = {
  resolvesUnmappedUnits: false,
  takesFirstDuplicate: false,
  ignoresReservations: false,
  ignoresWriteProtection: false,
  takesTokenByIdentifier: false,
  tokensBypassLunMap: false,
  hidesPartialCopies: false,
};

/** Milliseconds that only grow. */
export interface ModelClock {
  nowMs(): number;
}

/** State of an emulated target, shared by its commands. */
export interface Target {
  readonly profile: TargetProfile;
  readonly limits: CopyManagerLimits;
  readonly tokenLimits: TokenLimits;
  readonly defects: TargetDefects;
  readonly units: readonly Unit[];
  /** All units by the hash of one of their designators, mapped or not. */
  readonly designated: ReadonlyMap<number, readonly DesignatedUnit[]>;
  readonly nexuses: Map<string, Nexus>;
  /** What an initiator may use. */
  readonly mappingsOf: (initiator: string) => readonly LunMapping[];
  readonly tokens: TokenTable;
  /** COPY MANAGER ROD TOKEN IDENTIFIER of the token that is made next. */
  nextTokenId: number;
  /** Copies that go on after their command has ended. */
  readonly background: CopyJob[];
  /** Bytes that a background copy moves at each command. */
  readonly backgroundBytes: number;
  /** What is done to a store at the moment, so that a failing store gets the right sense code. */
  access: "none" | "read" | "write";
  /** Bytes held for point-in-time RODs. */
  preservedBytes: number;
  /** The segment on its way; one for all, so that nothing is made on the way of a copy. */
  readonly movement: Movement;
  readonly foregroundJob: SegmentJob;
  readonly faults: ScsiFaults;
  readonly clock: ModelClock;
  readonly random: (target: Uint8Array) => void;
  /** Memory that data passes through where no store can copy by itself. */
  readonly buffer: () => Uint8Array;
  /** The name of the target device (SPC-4 7.8.6.2.1, association 2h). */
  readonly targetName: string;
  readonly onStoreCopy: StoreCopyListener | undefined;
  readonly onStoreError: ((error: unknown, lun: number) => void) | undefined;
}

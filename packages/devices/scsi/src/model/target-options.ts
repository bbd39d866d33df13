import type { FaultPlan } from "./fault-plan.ts";
import type { CopyManagerLimits, TargetProfile, TokenLimits } from "./profile.ts";
import type { ProfileName } from "./profiles.ts";
import type { ModelClock, StoreCopyListener, TargetDefects } from "./target.ts";
import type { ScsiUnitOptions } from "./unit-options.ts";

/** A logical unit as one initiator knows it. */
export interface ScsiLunMapping {
  /** Under which LUN the initiator reaches the unit. Default: the unit's own. */
  readonly as?: number;
  /** The unit's own LUN. */
  readonly lun: number;
}

/** What an initiator may use. */
export interface ScsiInitiatorOptions {
  /** Its name, such as an iSCSI qualified name; 1 to 223 ASCII characters. */
  readonly name: string;
  /** The units that it may use; nothing else is there for it. */
  readonly luns: readonly (number | ScsiLunMapping)[];
}

export interface ScsiModelOptions {
  /** Default `scsi-model`. */
  readonly name?: string;
  readonly units: readonly ScsiUnitOptions[];
  /** A named target whose documented behaviour is shown, or a behaviour of your own. Default `ideal`. */
  readonly profile?: ProfileName | TargetProfile;
  /** Limits and habits of the copy manager. Default: the profile's. */
  readonly copyManager?: Partial<CopyManagerLimits> & {
    /** Default: the profile's. */
    readonly listIds?: TargetProfile["listIds"];
  };
  /** Limits of ROD tokens. Default: the profile's. */
  readonly tokens?: Partial<TokenLimits> & {
    /** ROD types, such as 00010000h, to have of those that the profile has. Default: all of them. */
    readonly types?: readonly number[];
  };
  /**
   * Initiators and their LUN maps. An initiator that is not listed reaches nothing. Default: every initiator reaches
   * every unit.
   */
  readonly initiators?: readonly ScsiInitiatorOptions[];
  /** Initiator of commands that come by the model itself, not by `nexus`. Default `initiator`. */
  readonly initiator?: string;
  /** Two units with one designator: refused here, or known to nobody as a copy source or destination. Default refused. */
  readonly duplicateDesignators?: "refused" | "ambiguous";
  /** Name of the target device, such as an iSCSI qualified name. */
  readonly targetName?: string;
  /** Bytes that a copy in the background moves at each command that comes. Default 4 MiB. */
  readonly backgroundBytes?: number;
  /** Default: time stands still, and nothing expires. */
  readonly clock?: ModelClock;
  /**
   * Fills its argument with random bytes, of which ROD tokens are made. Default: always the same ones; a target that
   * strangers can reach needs better.
   */
  readonly random?: (target: Uint8Array) => void;
  readonly faults?: FaultPlan;
  /** Known defects to have, for tests of tests. Default none. */
  readonly defects?: Partial<TargetDefects>;
  readonly onStoreCopy?: StoreCopyListener;
  /** Told of a failing store, whose command got sense data of a failing medium. */
  readonly onStoreError?: (error: unknown, lun: number) => void;
}

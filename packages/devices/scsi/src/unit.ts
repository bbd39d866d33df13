import type { CommandTarget, QueueLimits } from "@blockferry/core";
import type { Designator } from "./codec/inquiry/designator.ts";

/** What EXTENDED COPY needs to know of a unit's copy manager. */
export interface ExtendedCopyAbility {
  /** 02h counts blocks, at most 65535; 0Ah counts bytes. */
  readonly segmentType: 0x02 | 0x0a;
  /** Logical units that one command can name. */
  readonly cscdsMax: number;
  /** SNLID: a command may go without a list identifier. */
  readonly listIdNone: boolean;
  /** Names the unit in commands. */
  readonly designator: Pick<
    Designator,
    "codeSet" | "association" | "designatorType" | "designator"
  >;
}

/** What token copies need to know of a unit's copy manager. */
export interface TokenCopyAbility {
  /** Seconds; 0 = the device does not say. */
  readonly inactivitySecondsDefault: number;
  readonly inactivitySecondsMax: number;
  /** ROD types that POPULATE TOKEN makes; empty = the device does not say. */
  readonly rodTypes: readonly number[];
}

/** What an encoder needs to know of a logical unit. */
export interface EncodableUnit extends CommandTarget {
  readonly family: "scsi";
  readonly lun: number;
  /** PERIPHERAL DEVICE TYPE: 0 for a disk. */
  readonly deviceType: number;
  readonly limits: QueueLimits;
  /** `undefined`: the unit has no EXTENDED COPY, or it cannot be named in one. */
  readonly extendedCopy: ExtendedCopyAbility | undefined;
  /** `undefined`: the unit has no token commands. */
  readonly tokenCopy: TokenCopyAbility | undefined;
}

/** A logical unit that has been asked what it is, ready for a queue to be put in front of it. */
export interface ScsiUnit extends EncodableUnit {
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  /** Unit serial number; `undefined` where there is none. */
  readonly serial: string | undefined;
  /** All designators of VPD page 83h. */
  readonly designators: readonly Designator[];
  /** True: the unit says that it is write protected. */
  readonly readonly: boolean;
  /** Why the unit has no copy command of this kind; `undefined` where it has one. */
  readonly copyRefusal: string | undefined;
}

/** True for what a queue of these command sets can be put in front of. */
export function isEncodable(target: CommandTarget): target is EncodableUnit {
  return target.family === "scsi" && "lun" in target && "limits" in target;
}

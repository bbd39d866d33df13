import {
  type CommandFaultBase,
  type FaultRules,
  type FaultSet,
  type MediumFaultBase,
  requireFaultCount,
} from "@blockferry/core";
import { busy, code, type Refusal, refuse, samStatus } from "./sense.ts";

/** Blocks that fail when they are read or written. */
export interface MediumFault extends MediumFaultBase {
  /**
   * `unrecovered-read` fails reads (3/11h/00h), `write-fault` writes (3/0Ch/00h). `underrun`: as the source of a
   * third-party copy the unit gives less than asked for; `overrun`: as its destination it takes less.
   */
  readonly kind: "unrecovered-read" | "write-fault" | "underrun" | "overrun";
  /** Default: every logical unit; the unit's own LUN, not an initiator's. */
  readonly lun?: number;
}

interface ScsiCommandFault extends CommandFaultBase {
  /** Only commands with this operation code; default all of them. */
  readonly opcode?: number;
}

/** The command is refused with BUSY or TASK SET FULL. */
export interface BusyFault extends ScsiCommandFault {
  readonly kind: "busy" | "task-set-full";
}

/** The command is refused with CHECK CONDITION and this sense data. */
export interface SenseFault extends ScsiCommandFault {
  readonly kind: "sense";
  readonly key: number;
  readonly asc: number;
  /** Default 0. */
  readonly ascq?: number;
}

/** The command is carried out (or, with `executed: false`, not) and never answered. */
export interface LostCompletionFault extends ScsiCommandFault {
  readonly kind: "lost-completion";
  /** Default true. */
  readonly executed?: boolean;
}

/** The target resets itself, or is gone, while it carries out the command. */
export interface TargetFault extends ScsiCommandFault {
  readonly kind: "reset" | "removed";
  /** Bytes that a third-party copy still moves before, whole blocks of it; default 0. Other commands are not begun. */
  readonly afterBytes?: number;
}

export type CommandFault = BusyFault | SenseFault | LostCompletionFault | TargetFault;

export type Fault = MediumFault | CommandFault;

/** What goes wrong, in order. Plain data: the same plan gives the same faults. */
export type FaultPlan = readonly Fault[];

/** A fault plan at work. */
export type ScsiFaults = FaultSet<MediumFault, CommandFault>;

export const faultRules: FaultRules<MediumFault, CommandFault> = {
  mediumKinds: ["unrecovered-read", "write-fault", "underrun", "overrun"],
  opcodeOf: (fault) => fault.opcode,
  unitOf: (fault) => fault.lun,
  check(fault) {
    if (fault.kind === "sense") {
      requireFaultCount("key", fault.key, 0, 15);
      requireFaultCount("asc", fault.asc, 0, 255);
      requireFaultCount("ascq", fault.ascq, 0, 255);
    }
    if (fault.kind === "reset" || fault.kind === "removed") {
      requireFaultCount("afterBytes", fault.afterBytes, 0);
    }
  },
};

/** How a fault answers that refuses the command. */
export function refusalOf(fault: BusyFault | SenseFault): Refusal {
  if (fault.kind === "sense") return refuse(code(fault.key, fault.asc, fault.ascq ?? 0));
  if (fault.kind === "busy") return busy;
  return { status: samStatus.taskSetFull, sense: undefined };
}

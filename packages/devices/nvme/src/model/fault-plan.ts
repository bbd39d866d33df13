import {
  type CommandFaultBase,
  type FaultRules,
  type FaultSet,
  type MediumFaultBase,
  requireFaultCount,
} from "@blockferry/core";
import type { StatusCode } from "./status.ts";

/** Blocks that fail when they are read or written. */
export interface MediumFault extends MediumFaultBase {
  /** `unrecovered-read` fails reads (2/81h), `write-fault` writes (2/80h). */
  readonly kind: "unrecovered-read" | "write-fault";
  /** Default: every namespace. */
  readonly nsid?: number;
  /** How many accesses fail; default all. A fault that passes is reported without Do Not Retry. */
  readonly times?: number;
}

interface IoCommandFault extends CommandFaultBase {
  /** Only commands with this operation code of an I/O queue; default all of them. */
  readonly opcode?: number;
}

/** The command is refused with a status that says "try again": 00/82h Namespace Not Ready. */
export interface BusyFault extends IoCommandFault {
  readonly kind: "busy";
}

/** The command is refused with any status. */
export interface StatusFault extends IoCommandFault {
  readonly kind: "status";
  /** Status Code Type. */
  readonly sct: number;
  /** Status Code. */
  readonly sc: number;
  /** Do Not Retry; default false. */
  readonly dnr?: boolean;
  /** Command-specific dword 0; default 0. */
  readonly dw0?: number;
}

/** The command is carried out (or, with `executed: false`, not) and never answered. */
export interface LostCompletionFault extends IoCommandFault {
  readonly kind: "lost-completion";
  /** Default true. */
  readonly executed?: boolean;
}

/** The controller resets itself, or is pulled out, while it carries out the command. */
export interface ControllerFault extends IoCommandFault {
  readonly kind: "reset" | "removed";
  /** Blocks that a Copy still moves before; default 0. Commands other than Copy are not begun. */
  readonly afterBlocks?: number;
}

export type CommandFault = BusyFault | StatusFault | LostCompletionFault | ControllerFault;

export type Fault = MediumFault | CommandFault;

/** What goes wrong, in order. Plain data: the same plan gives the same faults. */
export type FaultPlan = readonly Fault[];

/** A fault plan at work. */
export type NvmeFaults = FaultSet<MediumFault, CommandFault>;

export const faultRules: FaultRules<MediumFault, CommandFault> = {
  mediumKinds: ["unrecovered-read", "write-fault"],
  opcodeOf: (fault) => fault.opcode,
  unitOf: (fault) => fault.nsid,
  check(fault) {
    if (fault.kind === "status") {
      requireFaultCount("sct", fault.sct, 0, 7);
      requireFaultCount("sc", fault.sc, 0, 255);
    }
    if (fault.kind === "reset" || fault.kind === "removed") {
      requireFaultCount("afterBlocks", fault.afterBlocks, 0);
    }
  },
};

/** The status of a `status` fault. */
export const statusOf = (fault: StatusFault): StatusCode =>
  (fault.sct << 8) | fault.sc | (fault.dnr === true ? 0x4000 : 0);

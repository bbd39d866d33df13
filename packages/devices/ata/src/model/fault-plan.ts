import {
  type CommandFaultBase,
  type FaultRules,
  type FaultSet,
  type MediumFaultBase,
  requireFaultCount,
} from "@blockferry/core";

/** Sectors that fail when they are read or written. */
export interface MediumFault extends MediumFaultBase {
  /** `unrecovered-read`: reads end with UNC. `write-fault`: writes end with DEVICE FAULT. */
  readonly kind: "unrecovered-read" | "write-fault";
}

interface OfCommand extends CommandFaultBase {
  /** Only commands with this operation code; default all but IDENTIFY DEVICE and logs. */
  readonly command?: number;
}

/** The data or the list was damaged on the cable: ICRC, nothing is carried out. */
export interface InterfaceCrcFault extends OfCommand {
  readonly kind: "interface-crc";
}

/** The command is refused with any registers. */
export interface RegistersFault extends OfCommand {
  readonly kind: "registers";
  /** Bits of ERROR; default 04h, ABRT. */
  readonly error?: number;
  /** DEVICE FAULT; default false. */
  readonly deviceFault?: boolean;
}

/** The command is carried out (or, with `executed: false`, not) and never answered. */
export interface LostFault extends OfCommand {
  readonly kind: "lost-completion";
  /** Default true. */
  readonly executed?: boolean;
}

/** The disk loses power, or is pulled out, while it carries out the command. */
export interface PowerFault extends OfCommand {
  readonly kind: "reset" | "removed";
  /** Sectors that a gathered write still writes before; default 0. Other commands are not begun. */
  readonly afterBlocks?: number;
}

export type CommandFault = InterfaceCrcFault | RegistersFault | LostFault | PowerFault;
export type AtaFault = MediumFault | CommandFault;

/** What goes wrong, in order. Plain data: the same plan gives the same faults. */
export type AtaFaultPlan = readonly AtaFault[];

/** Commands that are never hit unless they are named: a disk that cannot say what it is tests nothing. */
const spared: ReadonlySet<number> = new Set([0xec, 0x2f, 0x47, 0x0b]);

/** A fault plan at work. */
export type AtaFaults = FaultSet<MediumFault, CommandFault>;

export const faultRules: FaultRules<MediumFault, CommandFault> = {
  mediumKinds: ["unrecovered-read", "write-fault"],
  opcodeOf: (fault) => fault.command,
  spared,
  check(fault) {
    if (fault.kind === "registers") requireFaultCount("error", fault.error, 0, 255);
    if (fault.kind === "reset" || fault.kind === "removed") {
      requireFaultCount("afterBlocks", fault.afterBlocks, 0);
    }
  },
};

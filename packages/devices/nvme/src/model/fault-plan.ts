import type { StatusCode } from "./status.ts";

/** Blocks that fail when they are read or written. */
export interface MediumFault {
  /** `unrecovered-read` fails reads (2/81h), `write-fault` writes (2/80h). */
  readonly kind: "unrecovered-read" | "write-fault";
  /** Default: every namespace. */
  readonly nsid?: number;
  readonly lba: number;
  /** Default 1. */
  readonly blocks?: number;
  /** How many accesses fail; default all. A fault that passes is reported without Do Not Retry. */
  readonly times?: number;
}

interface CommandFaultBase {
  /** Only commands with this operation code of an I/O queue; default all of them. */
  readonly opcode?: number;
  /** Matching commands that go unharmed before the fault shows; default 0. */
  readonly after?: number;
  /** Matching commands that are hit; default 1. */
  readonly times?: number;
}

/** The command is refused with a status that says "try again": 00/82h Namespace Not Ready. */
export interface BusyFault extends CommandFaultBase {
  readonly kind: "busy";
}

/** The command is refused with any status. */
export interface StatusFault extends CommandFaultBase {
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
export interface LostCompletionFault extends CommandFaultBase {
  readonly kind: "lost-completion";
  /** Default true. */
  readonly executed?: boolean;
}

/** The controller resets itself, or is pulled out, while it carries out the command. */
export interface ControllerFault extends CommandFaultBase {
  readonly kind: "reset" | "removed";
  /** Blocks that a Copy still moves before; default 0. Commands other than Copy are not begun. */
  readonly afterBlocks?: number;
}

export type CommandFault = BusyFault | StatusFault | LostCompletionFault | ControllerFault;

export type Fault = MediumFault | CommandFault;

/** What goes wrong, in order. Plain data: the same plan gives the same faults. */
export type FaultPlan = readonly Fault[];

interface Armed<F> {
  readonly fault: F;
  skip: number;
  left: number;
}

/** A fault plan at work. */
export interface FaultSet {
  add(plan: FaultPlan): void;
  clear(): void;
  /** The fault that hits this I/O command, if any; counts it. */
  ofCommand(opcode: number): CommandFault | undefined;
  readonly hasMediumFaults: boolean;
  /** Blocks before the first faulty one in the range; `blocks` if there is none. */
  goodBlocks(kind: MediumFault["kind"], nsid: number, lba: number, blocks: number): number;
  /** Counts an access to the first faulty block of the range. True if the fault stays. */
  strike(kind: MediumFault["kind"], nsid: number, lba: number, blocks: number): boolean;
}

function requireCount(
  name: string,
  value: number | undefined,
  min: number,
  max: number = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined || (value === Number.POSITIVE_INFINITY && max === value)) return;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.POSITIVE_INFINITY ? `${min} on` : `${min} to ${max}`;
    throw new RangeError(`a fault's ${name} must be a whole number from ${range}, not ${value}`);
  }
}

const isMedium = (fault: Fault): fault is MediumFault =>
  fault.kind === "unrecovered-read" || fault.kind === "write-fault";

function arm(fault: Fault): Armed<Fault> {
  requireCount("times", fault.times, 1);
  if (isMedium(fault)) {
    requireCount("lba", fault.lba, 0);
    requireCount("blocks", fault.blocks, 1);
    return { fault, skip: 0, left: fault.times ?? Number.POSITIVE_INFINITY };
  }
  requireCount("after", fault.after, 0);
  if (fault.kind === "status") {
    requireCount("sct", fault.sct, 0, 7);
    requireCount("sc", fault.sc, 0, 255);
  }
  if (fault.kind === "reset" || fault.kind === "removed") {
    requireCount("afterBlocks", fault.afterBlocks, 0);
  }
  return { fault, skip: fault.after ?? 0, left: fault.times ?? 1 };
}

export function faultSet(plan: FaultPlan): FaultSet {
  let medium: Armed<MediumFault>[] = [];
  let command: Armed<CommandFault>[] = [];

  const firstFaulty = (kind: string, nsid: number, lba: number, blocks: number) => {
    let found: Armed<MediumFault> | undefined;
    let good = blocks;
    for (const armed of medium) {
      const { fault } = armed;
      if (fault.kind !== kind || (fault.nsid ?? nsid) !== nsid) continue;
      const before = Math.max(0, fault.lba - lba);
      if (before < good && fault.lba + (fault.blocks ?? 1) > lba) {
        found = armed;
        good = before;
      }
    }
    return { found, good };
  };

  const set: FaultSet = {
    add(faults) {
      for (const armed of faults.map(arm)) {
        if (isMedium(armed.fault)) medium.push(armed as Armed<MediumFault>);
        else command.push(armed as Armed<CommandFault>);
      }
    },
    clear() {
      medium = [];
      command = [];
    },
    ofCommand(opcode) {
      if (command.length === 0) return undefined;
      for (const armed of command) {
        if ((armed.fault.opcode ?? opcode) !== opcode) continue;
        if (armed.skip > 0) {
          armed.skip -= 1;
          continue;
        }
        armed.left -= 1;
        if (armed.left <= 0) command = command.filter((one) => one !== armed);
        return armed.fault;
      }
      return undefined;
    },
    get hasMediumFaults() {
      return medium.length > 0;
    },
    goodBlocks: (kind, nsid, lba, blocks) => firstFaulty(kind, nsid, lba, blocks).good,
    strike(kind, nsid, lba, blocks) {
      const { found } = firstFaulty(kind, nsid, lba, blocks);
      if (found === undefined) return false;
      found.left -= 1;
      if (found.left <= 0) medium = medium.filter((one) => one !== found);
      return found.left === Number.POSITIVE_INFINITY;
    },
  };
  set.add(plan);
  return set;
}

/** The status of a `status` fault. */
export const statusOf = (fault: StatusFault): StatusCode =>
  (fault.sct << 8) | fault.sc | (fault.dnr === true ? 0x4000 : 0);

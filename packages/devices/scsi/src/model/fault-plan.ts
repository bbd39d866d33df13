import { busy, code, type Refusal, refuse, samStatus } from "./sense.ts";

/** Blocks that fail when they are read or written. */
export interface MediumFault {
  /**
   * `unrecovered-read` fails reads (3/11h/00h), `write-fault` writes (3/0Ch/00h). `underrun`: as the source of a
   * third-party copy the unit gives less than asked for; `overrun`: as its destination it takes less.
   */
  readonly kind: "unrecovered-read" | "write-fault" | "underrun" | "overrun";
  /** Default: every logical unit; the unit's own LUN, not an initiator's. */
  readonly lun?: number;
  readonly lba: number;
  /** Default 1. */
  readonly blocks?: number;
  /** How many accesses fail; default all. */
  readonly times?: number;
}

interface CommandFaultBase {
  /** Only commands with this operation code; default all of them. */
  readonly opcode?: number;
  /** Matching commands that go unharmed before the fault shows; default 0. */
  readonly after?: number;
  /** Matching commands that are hit; default 1. */
  readonly times?: number;
}

/** The command is refused with BUSY or TASK SET FULL. */
export interface BusyFault extends CommandFaultBase {
  readonly kind: "busy" | "task-set-full";
}

/** The command is refused with CHECK CONDITION and this sense data. */
export interface SenseFault extends CommandFaultBase {
  readonly kind: "sense";
  readonly key: number;
  readonly asc: number;
  /** Default 0. */
  readonly ascq?: number;
}

/** The command is carried out (or, with `executed: false`, not) and never answered. */
export interface LostCompletionFault extends CommandFaultBase {
  readonly kind: "lost-completion";
  /** Default true. */
  readonly executed?: boolean;
}

/** The target resets itself, or is gone, while it carries out the command. */
export interface TargetFault extends CommandFaultBase {
  readonly kind: "reset" | "removed";
  /** Bytes that a third-party copy still moves before, whole blocks of it; default 0. Other commands are not begun. */
  readonly afterBytes?: number;
}

export type CommandFault = BusyFault | SenseFault | LostCompletionFault | TargetFault;

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
  /** The fault that hits this command, if any; counts it. */
  ofCommand(opcode: number): CommandFault | undefined;
  readonly hasMediumFaults: boolean;
  /** Blocks before the first faulty one in the range; `blocks` if there is none. Counts the access if there is. */
  goodBlocks(kind: MediumFault["kind"], lun: number, lba: number, blocks: number): number;
}

const mediumKinds: readonly string[] = ["unrecovered-read", "write-fault", "underrun", "overrun"];

function requireCount(name: string, value: number | undefined, min: number): void {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return;
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`a fault's ${name} must be a whole number from ${min} on, not ${value}`);
  }
}

const isMedium = (fault: Fault): fault is MediumFault => mediumKinds.includes(fault.kind);

function arm(fault: Fault): Armed<Fault> {
  requireCount("times", fault.times, 1);
  if (isMedium(fault)) {
    requireCount("lba", fault.lba, 0);
    requireCount("blocks", fault.blocks, 1);
    return { fault, skip: 0, left: fault.times ?? Number.POSITIVE_INFINITY };
  }
  requireCount("after", fault.after, 0);
  if (fault.kind === "reset" || fault.kind === "removed") {
    requireCount("afterBytes", fault.afterBytes, 0);
  }
  return { fault, skip: fault.after ?? 0, left: fault.times ?? 1 };
}

function firstFaulty(
  medium: readonly Armed<MediumFault>[],
  kind: string,
  lun: number,
  lba: number,
  blocks: number,
): { found: Armed<MediumFault> | undefined; good: number } {
  let found: Armed<MediumFault> | undefined;
  let good = blocks;
  for (const armed of medium) {
    const { fault } = armed;
    if (fault.kind !== kind || (fault.lun ?? lun) !== lun) continue;
    const before = Math.max(0, fault.lba - lba);
    if (before < good && fault.lba + (fault.blocks ?? 1) > lba) {
      found = armed;
      good = before;
    }
  }
  return { found, good };
}

export function faultSet(plan: FaultPlan): FaultSet {
  let medium: Armed<MediumFault>[] = [];
  let command: Armed<CommandFault>[] = [];
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
    goodBlocks(kind, lun, lba, blocks) {
      const { found, good } = firstFaulty(medium, kind, lun, lba, blocks);
      if (found !== undefined) {
        found.left -= 1;
        if (found.left <= 0) medium = medium.filter((one) => one !== found);
      }
      return good;
    },
  };
  set.add(plan);
  return set;
}

/** How a fault answers that refuses the command. */
export function refusalOf(fault: BusyFault | SenseFault): Refusal {
  if (fault.kind === "sense") return refuse(code(fault.key, fault.asc, fault.ascq ?? 0));
  if (fault.kind === "busy") return busy;
  return { status: samStatus.taskSetFull, sense: undefined };
}

/** Sectors that fail when they are read or written. */
export interface MediumFault {
  /** `unrecovered-read`: reads end with UNC. `write-fault`: writes end with DEVICE FAULT. */
  readonly kind: "unrecovered-read" | "write-fault";
  readonly lba: number;
  /** Default 1. */
  readonly blocks?: number;
  /** How many accesses fail; default all. */
  readonly times?: number;
}

interface OfCommand {
  /** Only commands with this operation code; default all but IDENTIFY DEVICE and logs. */
  readonly command?: number;
  /** Matching commands that go unharmed before; default 0. */
  readonly after?: number;
  /** Matching commands that are hit; default 1. */
  readonly times?: number;
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

const isMedium = (fault: AtaFault): fault is MediumFault =>
  fault.kind === "unrecovered-read" || fault.kind === "write-fault";

function requireWhole(name: string, value: number | undefined, min: number): void {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return;
  if (Number.isSafeInteger(value) && value >= min) return;
  throw new RangeError(`a fault's ${name} must be a whole number from ${min} on, not ${value}`);
}

function check(fault: AtaFault): void {
  requireWhole("times", fault.times, 1);
  if (isMedium(fault)) {
    requireWhole("lba", fault.lba, 0);
    requireWhole("blocks", fault.blocks, 1);
    return;
  }
  requireWhole("after", fault.after, 0);
  if (fault.kind === "reset" || fault.kind === "removed") {
    requireWhole("afterBlocks", fault.afterBlocks, 0);
  }
}

/** A fault plan at work: what is left of it. */
export class Faults {
  private medium: { readonly fault: MediumFault; left: number }[] = [];
  private commands: { readonly fault: CommandFault; skip: number; left: number }[] = [];

  constructor(plan: AtaFaultPlan) {
    this.add(plan);
  }

  add(plan: AtaFaultPlan): void {
    for (const fault of plan) check(fault);
    for (const fault of plan) {
      if (isMedium(fault))
        this.medium.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
      else this.commands.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
    }
  }

  clear(): void {
    this.medium = [];
    this.commands = [];
  }

  get hitsMedium(): boolean {
    return this.medium.length > 0;
  }

  /** The fault that hits this command, if any; counts it. */
  ofCommand(opcode: number): CommandFault | undefined {
    if (this.commands.length === 0) return undefined;
    const hit = this.commands.find((one) => {
      const { command } = one.fault;
      if (command === undefined ? spared.has(opcode) : command !== opcode) return false;
      one.skip -= 1;
      return one.skip < 0;
    });
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left === 0) this.commands = this.commands.filter((one) => one !== hit);
    return hit.fault;
  }

  /** Sectors of a range before the first faulty one, and all if there is none. Counts the access that hits one. */
  soundBlocks(kind: MediumFault["kind"], lba: number, blocks: number): number {
    let sound = blocks;
    let first: (typeof this.medium)[number] | undefined;
    for (const one of this.medium) {
      const { fault } = one;
      const end = fault.lba + (fault.blocks ?? 1);
      if (fault.kind !== kind || end <= lba || fault.lba >= lba + sound) continue;
      sound = Math.max(0, fault.lba - lba);
      first = one;
    }
    if (first === undefined) return sound;
    first.left -= 1;
    if (first.left === 0) this.medium = this.medium.filter((one) => one !== first);
    return sound;
  }
}

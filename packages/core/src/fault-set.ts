/** Blocks of an emulated device that fail when they are accessed. */
export interface MediumFaultBase {
  readonly kind: string;
  readonly lba: number;
  /** Default 1. */
  readonly blocks?: number;
  /** How many accesses fail; default all. */
  readonly times?: number;
}

/** A command of an emulated device that goes wrong. */
export interface CommandFaultBase {
  readonly kind: string;
  /** Matching commands that go unharmed before the fault shows; default 0. */
  readonly after?: number;
  /** Matching commands that are hit; default 1. */
  readonly times?: number;
}

/** What a family of devices says of its own faults. */
export interface FaultRules<Medium extends MediumFaultBase, Command extends CommandFaultBase> {
  readonly mediumKinds: readonly Medium["kind"][];
  /** The operation code that a fault is for; `undefined`: for any. */
  opcodeOf(fault: Command): number | undefined;
  /** The namespace or unit that a fault is on; `undefined`: on all of them. */
  unitOf?(fault: Medium): number | undefined;
  /** Operation codes that are hit only where a fault names them. */
  readonly spared?: ReadonlySet<number>;
  /** Checks what is the family's own in a fault. @throws RangeError */
  check?(fault: Medium | Command): void;
}

/** A fault plan at work: what is left of it. Plain data goes in; the same plan gives the same faults. */
export interface FaultSet<Medium extends MediumFaultBase, Command extends CommandFaultBase> {
  /** Adds faults to those that are still to come. @throws RangeError for what cannot be; nothing is added then. */
  add(plan: readonly (Medium | Command)[]): void;
  clear(): void;
  /** The fault that hits this command, if any; counts it. */
  ofCommand(opcode: number): Command | undefined;
  readonly hasMediumFaults: boolean;
  /** Blocks before the first faulty one in the range; `blocks` if there is none. Does not count as an access. */
  goodBlocks(kind: Medium["kind"], unit: number, lba: number, blocks: number): number;
  /** Counts an access to the first faulty block of the range. True if the fault stays for good. */
  strike(kind: Medium["kind"], unit: number, lba: number, blocks: number): boolean;
  /** An access that stops at the first faulty block: blocks before it. Counts it. */
  reach(kind: Medium["kind"], unit: number, lba: number, blocks: number): number;
}

interface Armed<F> {
  readonly fault: F;
  skip: number;
  left: number;
}

/** Checks a number of a fault, if there is one. @throws RangeError naming it */
export function requireFaultCount(
  name: string,
  value: number | undefined,
  min: number,
  max: number = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined || (value === Number.POSITIVE_INFINITY && max === value)) return;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  const range = max === Number.POSITIVE_INFINITY ? `${min} on` : `${min} to ${max}`;
  throw new RangeError(`a fault's ${name} must be a whole number from ${range}, not ${value}`);
}

/** The first faulty block of a range, and the fault that it belongs to. */
function firstFaulty<Medium extends MediumFaultBase>(
  armed: readonly Armed<Medium>[],
  unitOf: ((fault: Medium) => number | undefined) | undefined,
  kind: string,
  unit: number,
  lba: number,
  blocks: number,
): { found: Armed<Medium> | undefined; good: number } {
  let found: Armed<Medium> | undefined;
  let good = blocks;
  for (const one of armed) {
    const { fault } = one;
    if (fault.kind !== kind || (unitOf?.(fault) ?? unit) !== unit) continue;
    const before = Math.max(0, fault.lba - lba);
    if (before < good && fault.lba + (fault.blocks ?? 1) > lba) {
      found = one;
      good = before;
    }
  }
  return { found, good };
}

/** Puts a fault plan to work. @throws RangeError for a fault that cannot be */
export function faultSet<Medium extends MediumFaultBase, Command extends CommandFaultBase>(
  rules: FaultRules<Medium, Command>,
  plan: readonly (Medium | Command)[] = [],
): FaultSet<Medium, Command> {
  let medium: Armed<Medium>[] = [];
  let commands: Armed<Command>[] = [];
  const { mediumKinds, opcodeOf, unitOf, spared, check } = rules;

  const isMedium = (fault: Medium | Command): fault is Medium => mediumKinds.includes(fault.kind);

  const checkFault = (fault: Medium | Command): void => {
    requireFaultCount("times", fault.times, 1);
    if (isMedium(fault)) {
      requireFaultCount("lba", fault.lba, 0);
      requireFaultCount("blocks", fault.blocks, 1);
    } else requireFaultCount("after", fault.after, 0);
    check?.(fault);
  };

  const hits = (fault: Command, opcode: number): boolean => {
    const wanted = opcodeOf(fault);
    return wanted === undefined ? spared?.has(opcode) !== true : wanted === opcode;
  };

  const struck = (found: Armed<Medium>): void => {
    found.left -= 1;
    if (found.left <= 0) medium = medium.filter((one) => one !== found);
  };

  const set: FaultSet<Medium, Command> = {
    add(faults) {
      faults.forEach(checkFault);
      for (const fault of faults) {
        if (isMedium(fault)) {
          medium.push({ fault, skip: 0, left: fault.times ?? Number.POSITIVE_INFINITY });
        } else commands.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
      }
    },
    clear() {
      medium = [];
      commands = [];
    },
    ofCommand(opcode) {
      for (const armed of commands) {
        if (!hits(armed.fault, opcode)) continue;
        if (armed.skip > 0) {
          armed.skip -= 1;
          continue;
        }
        armed.left -= 1;
        if (armed.left <= 0) commands = commands.filter((one) => one !== armed);
        return armed.fault;
      }
      return undefined;
    },
    get hasMediumFaults() {
      return medium.length > 0;
    },
    goodBlocks: (kind, unit, lba, blocks) =>
      firstFaulty(medium, unitOf, kind, unit, lba, blocks).good,
    strike(kind, unit, lba, blocks) {
      const { found } = firstFaulty(medium, unitOf, kind, unit, lba, blocks);
      if (found === undefined) return false;
      struck(found);
      return found.left === Number.POSITIVE_INFINITY;
    },
    reach(kind, unit, lba, blocks) {
      const { found, good } = firstFaulty(medium, unitOf, kind, unit, lba, blocks);
      if (found !== undefined) struck(found);
      return good;
    },
  };
  set.add(plan);
  return set;
}

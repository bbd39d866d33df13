import { describe, expect, it } from "vitest";
import {
  type CommandFaultBase,
  type FaultRules,
  faultSet,
  type MediumFaultBase,
} from "../src/index.ts";

/*
 * Goal: a plan of faults hits what it names, as often as it says, whatever the family. Expected values are counted by hand.
 */
interface Medium extends MediumFaultBase {
  readonly kind: "read" | "write";
  readonly unit?: number;
}
interface Command extends CommandFaultBase {
  readonly kind: "busy" | "lost";
  readonly code?: number;
}

const rules: FaultRules<Medium, Command> = {
  mediumKinds: ["read", "write"],
  opcodeOf: (fault) => fault.code,
  unitOf: (fault) => fault.unit,
  spared: new Set([9]),
  check(fault) {
    if (fault.kind === "lost" && fault.code === 0) throw new RangeError("code 0 is never lost");
  },
};

describe("faults of commands", () => {
  it("hit the commands that they name, after some and so many times", () => {
    const set = faultSet(rules, [{ kind: "busy", code: 1, after: 2, times: 2 }]);
    const hits = [1, 5, 1, 1, 1, 1].map((code) => set.ofCommand(code)?.kind);
    expect(hits).toEqual([undefined, undefined, undefined, "busy", "busy", undefined]);
  });

  it("hit all commands but those that are spared, once, where they name none", () => {
    const set = faultSet(rules, [{ kind: "lost" }]);
    expect(set.ofCommand(9)).toBeUndefined();
    expect(set.ofCommand(3)).toEqual({ kind: "lost" });
    expect(set.ofCommand(3)).toBeUndefined();
    set.add([{ kind: "busy", code: 9 }]);
    expect(set.ofCommand(9)?.kind).toBe("busy");
  });

  it("come in the order of the plan; each counts the commands that pass it", () => {
    const set = faultSet(rules, [
      { kind: "busy", after: 1 },
      { kind: "lost", after: 1 },
    ]);
    // The first command passes both, the second is the first fault's, and the third the second one's.
    expect([1, 1, 1].map((code) => set.ofCommand(code)?.kind)).toEqual([undefined, "busy", "lost"]);
  });
});

describe("faults of blocks", () => {
  it("end an access before the first faulty block of its unit and kind", () => {
    const set = faultSet(rules, [
      { kind: "read", unit: 1, lba: 20, blocks: 3 },
      { kind: "read", lba: 30 },
      { kind: "write", lba: 5 },
    ]);
    expect(set.hasMediumFaults).toBe(true);
    expect(set.goodBlocks("read", 1, 10, 100)).toBe(10);
    expect(set.goodBlocks("read", 2, 10, 100)).toBe(20);
    expect(set.goodBlocks("read", 1, 22, 5)).toBe(0);
    expect(set.goodBlocks("read", 1, 23, 5)).toBe(5);
    expect(set.goodBlocks("write", 1, 6, 5)).toBe(5);
    set.clear();
    expect(set.hasMediumFaults).toBe(false);
    expect(set.goodBlocks("read", 1, 10, 100)).toBe(100);
  });

  it("pass after so many accesses; only an access that meets them counts", () => {
    const set = faultSet(rules, [{ kind: "read", lba: 5, times: 2 }]);
    expect([0, 6, 5, 5, 5].map((lba) => set.reach("read", 0, lba, 2))).toEqual([2, 2, 0, 0, 2]);
    set.add([
      { kind: "write", lba: 7 },
      { kind: "read", lba: 9, times: 1 },
    ]);
    expect(set.strike("write", 0, 0, 10)).toBe(true);
    expect(set.strike("read", 0, 0, 10)).toBe(false);
    expect(set.goodBlocks("read", 0, 0, 10)).toBe(10);
    expect(set.strike("read", 0, 0, 10)).toBe(false);
  });
});

describe("what cannot be", () => {
  it.each([
    [{ kind: "read", lba: -1 }, "a fault's lba must be a whole number from 0 on, not -1"],
    [{ kind: "read", lba: 1, blocks: 0 }, "a fault's blocks must be a whole number from 1 on"],
    [{ kind: "busy", times: 0 }, "a fault's times must be a whole number from 1 on, not 0"],
    [{ kind: "busy", after: 1.5 }, "a fault's after must be a whole number from 0 on, not 1.5"],
    [{ kind: "lost", code: 0 }, "code 0 is never lost"],
  ] as const)("is refused: %j", (fault, message) => {
    const set = faultSet(rules);
    expect(() => set.add([{ kind: "busy" }, fault])).toThrow(message);
    // None of a plan that is refused is taken.
    expect(set.ofCommand(1)).toBeUndefined();
    expect(() => faultSet(rules, [fault])).toThrow(RangeError);
  });
});
